"""Unpacking: each compression gives the image back, and no image gets more memory than it states."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from pathlib import Path

import cramjam
import pytest
from msgspec.structs import replace

from buildDoctor.adapters.elf import fatbin_layout as layout
from buildDoctor.adapters.elf.fatbin import Problem, walk_fatbins
from buildDoctor.adapters.elf.payload import Memory, unpack_image, zstd_content_size
from buildDoctor.adapters.elf.window import Window

Make = Callable[..., bytes]
IMAGE = b".version 9.0\n.target sm_90\n" + b"// padding\n" * 500
FRAMES = {
    layout.FLAG_ZLIB: zlib.compress(IMAGE),
    layout.FLAG_LZ4: bytes(cramjam.lz4.compress_block(IMAGE, store_size=False)),
    layout.FLAG_LZ4_FRAME: bytes(cramjam.lz4.compress(IMAGE)),
    layout.FLAG_ZSTD: bytes(cramjam.zstd.compress(IMAGE)),
}
by_flag = pytest.mark.parametrize("flag", FRAMES, ids=layout.COMPRESSIONS.values())


@pytest.fixture
def unpacked(make_entry: Make, make_container: Make) -> Callable[..., bytes | str]:
    """What becomes of a frame in an entry: the bytes, or the text of the problem."""

    def unpack(frame: bytes, flags: int, **fields: int) -> bytes | str:
        padded = frame + bytes(-len(frame) % 8)
        stated = {"compressed": len(frame), "unpacked": len(IMAGE)} | fields
        window = Window(make_container(make_entry(padded, kind=1, flags=flags, **stated)))
        walk = walk_fatbins(window, 0, window.size)
        image = unpack_image(window, walk.containers[0].entries[0])
        return image.text if isinstance(image, Problem) else bytes(image)

    return unpack


@by_flag
def test_each_compression_gives_the_image_back(unpacked: Callable[..., bytes | str], flag: int) -> None:
    assert unpacked(FRAMES[flag], flag) == IMAGE


@by_flag
@pytest.mark.parametrize("difference", [-1, 1])
def test_a_size_that_is_not_true_is_refused(unpacked: Callable[..., bytes | str], flag: int, difference: int) -> None:
    assert isinstance(unpacked(FRAMES[flag], flag, unpacked=len(IMAGE) + difference), str)


@by_flag
def test_a_frame_cut_short_is_refused(unpacked: Callable[..., bytes | str], flag: int) -> None:
    assert isinstance(unpacked(FRAMES[flag], flag, compressed=len(FRAMES[flag]) - 2), str)


@pytest.mark.parametrize(
    ("flag", "fields", "refusal"),
    [
        (
            layout.FLAG_ZSTD,
            {"unpacked": 1 << 40},
            "the image states 1099511627776 unpacked bytes; up to 1073741824 are unpacked",
        ),
        (layout.FLAG_ZSTD, {"unpacked": 0}, "the image states 0 unpacked bytes; up to 1073741824 are unpacked"),
        (layout.FLAG_LZ4, {"compressed": 0}, "the image states a lz4 frame of 0 bytes in "),
        (layout.FLAG_LZ4, {"compressed": 1 << 30}, "the image states a lz4 frame of 1073741824 bytes in "),
        (layout.FLAG_LZ4, {"unpacked": 1 << 29}, " bytes of LZ4 cannot unpack to 536870912"),
        (layout.FLAG_ZSTD, {"unpacked": 1 << 15}, "the zstd frame states 5527 bytes where the image states 32768"),
        (layout.FLAG_ZSTD, {"unpacked": 1 << 29}, " bytes of zstd do not unpack to 536870912 in real images"),
        (layout.FLAG_OBFUSCATED, {}, "the image is obfuscated LTO-IR, which cannot be read"),
    ],
    ids=["too-large", "nothing", "no-frame", "frame-beyond-the-entry", "lz4-bomb", "zstd-bomb", "ratio", "obfuscated"],
)
def test_a_hopeless_image_is_refused_before_memory_is_taken(
    unpacked: Callable[..., bytes | str], flag: int, fields: dict[str, int], refusal: str
) -> None:
    answer = unpacked(FRAMES.get(flag, IMAGE), flag, **fields)
    assert isinstance(answer, str)
    assert refusal in answer


def test_an_image_that_is_not_compressed_is_given_as_it_is(unpacked: Callable[..., bytes | str]) -> None:
    assert unpacked(IMAGE, 0x11) == IMAGE + bytes(-len(IMAGE) % 8)


@pytest.mark.parametrize("size", [0, 1, 255, 256, 65791, 65792, 1 << 20])
def test_the_size_in_a_zstd_frame_is_read_in_each_width(size: int) -> None:
    assert zstd_content_size(memoryview(bytes(cramjam.zstd.compress(bytes(size))))) == size


def test_members_of_two_entries_are_not_mixed_up(binaries: Path) -> None:
    """Both entries are unpacked into the same memory, one after the other."""
    one = (binaries / "concatenated.fatbin").read_bytes()
    window = Window(one + one)
    walk = walk_fatbins(window, 0, window.size)
    first, second = ([entry for entry in unit.entries if entry.member_of] for unit in walk.containers)
    memory = Memory()
    alone = [bytes(image) for entry in first if isinstance(image := unpack_image(window, entry), memoryview)]
    assert len(alone) == 2
    for entries in (first, second, first):
        for entry, expected in zip(entries, alone, strict=True):
            image = unpack_image(window, entry, memory)
            assert isinstance(image, memoryview)
            assert bytes(image) == expected


def test_a_shared_payload_is_that_of_its_own_entry(make_entry: Make, make_container: Make) -> None:
    frames = [bytes(cramjam.zstd.compress(bytes([value]) * 64)) for value in (1, 2)]
    entries = [make_entry(f, kind=2, flags=layout.FLAG_ZSTD, compressed=len(f), unpacked=64) for f in frames]
    window = Window(make_container(*entries))
    memory = Memory()
    for value, parent in enumerate(walk_fatbins(window, 0, window.size).containers[0].entries, start=1):
        member = replace(parent, member=0, member_of=parent)
        image = unpack_image(window, member, memory)
        assert isinstance(image, memoryview)
        assert bytes(image) == bytes([value]) * 64
