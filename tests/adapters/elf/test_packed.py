"""A member that is unpacked piece by piece, against the same bytes in memory."""

from __future__ import annotations

import random
import re
import zipfile
import zlib
from pathlib import Path
from struct import Struct

import pytest

from buildDoctor.adapters.elf import packed, wheels
from buildDoctor.adapters.elf.packed import PackedWindow
from buildDoctor.adapters.elf.wheels import read_wheel
from buildDoctor.adapters.elf.window import Window

LONG = Struct("<Q")


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pieces of which a small file has many."""
    for name, value in {"PIECE": 512, "FED": 64, "PIECES_KEPT": 2, "PIECES_AT_HAND": 2}.items():
        monkeypatch.setattr(packed, name, value)


def deflated(data: bytes) -> bytes:
    stream = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return stream.compress(data) + stream.flush()


def window_of(data: bytes) -> PackedWindow:
    return PackedWindow(Window(deflated(data)), len(data), zlib.crc32(data))


@pytest.mark.usefixtures("small_pieces")
@pytest.mark.parametrize("size", [0, 1, 511, 512, 513, 1024, 20_000])
def test_it_reads_as_the_bytes_themselves_read(size: int) -> None:
    chance = random.Random(size)  # noqa: S311  the same in every run
    data = bytes(chance.choices(b"ab\0cd", k=size))
    ours, plain = window_of(data), Window(data)
    for _ in range(300):
        first, count = chance.randrange(size + 9), chance.randrange(1600)
        wanted = data[first : first + chance.randrange(1, 12)] + chance.choice((b"", b"x"))
        assert ours.view(first, count) == plain.view(first, count)
        assert ours.text(first, count) == plain.text(first, count)
        assert ours.unpack(LONG, first) == plain.unpack(LONG, first)
        if wanted:
            assert ours.find(wanted, first, first + count) == plain.find(wanted, first, first + count)
            assert ours.find(wanted, first) == plain.find(wanted, first)
            assert ours.rfind(wanted, first, first + count) == plain.rfind(wanted, first, first + count)


@pytest.mark.usefixtures("small_pieces")
def test_few_pieces_are_in_memory_at_a_time() -> None:
    window = window_of(bytes(100_000))
    assert bytes(window.view(50_000, 40_000)) == bytes(40_000)
    assert len(window._kept) + len(window._at_hand) <= packed.PIECES_KEPT + packed.PIECES_AT_HAND  # noqa: SLF001  what is held is not to be seen from outside


@pytest.mark.usefixtures("small_pieces")
@pytest.mark.parametrize(
    ("size", "checksum", "reason"),
    [(9_999, 0, "it does not unpack to"), (10_001, 0, "it does not unpack to"), (10_000, 1, "its checksum is wrong")],
    ids=["larger-than-stated", "smaller-than-stated", "another-checksum"],
)
def test_a_member_that_lies_is_refused(size: int, checksum: int, reason: str) -> None:
    data = bytes(range(250)) * 40
    with pytest.raises(ValueError, match=reason):
        PackedWindow(Window(deflated(data)), size, zlib.crc32(data) + checksum)


def test_a_view_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "MOST_AT_ONCE", 10)
    assert len(window_of(bytes(100)).view(0, 1 << 40)) == 10


@pytest.mark.usefixtures("small_pieces")
@pytest.mark.parametrize("name", ["nvfp4", "resources", "rdc", "embedded", "compress-size"])
def test_a_large_member_gives_what_a_small_one_gives(
    tmp_path: Path, binaries: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    path = tmp_path / "p-1-py3-none-any.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(binaries / f"{name}.so", f"p/{name}.so")
    whole = list(read_wheel(path, kernels=re.compile("."), resources=True))
    monkeypatch.setattr(wheels, "LARGEST_WHOLE", 0)
    assert list(read_wheel(path, kernels=re.compile("."), resources=True)) == whole
    assert whole[0].binary is not None


def test_a_damaged_large_member_is_refused(tmp_path: Path, binaries: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wheels, "LARGEST_WHOLE", 0)
    path = tmp_path / "p-1-py3-none-any.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(binaries / "nvfp4.so", "p/nvfp4.so")
    data = bytearray(path.read_bytes())
    data[300:400] = bytes(100)
    path.write_bytes(data)
    (reading,) = read_wheel(path, kernels=True)
    assert reading.binary is None
    assert "cannot be unpacked (" in reading.not_seen[0].reason
