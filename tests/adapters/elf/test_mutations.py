"""Many thousands of damaged files: an answer or a clean refusal, in little time and little memory.

The damage is made by a seeded generator, so that a failure can be repeated. The large run is marked `corpus`.
"""

from __future__ import annotations

import bz2
import io
import mmap
import random
import re
import resource
import struct
import tarfile
import time
import zipfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import cramjam
import pytest

from buildDoctor.adapters.elf import packed, wheels
from buildDoctor.adapters.elf.binary import read_binary
from buildDoctor.adapters.elf.files import read_file
from buildDoctor.adapters.elf.reading import BinaryReading
from buildDoctor.adapters.elf.window import Window

BINARIES = Path(__file__).parent.parent / "binaries"
FEW, MANY = 60, 2_300
LONGEST_SECONDS = 1.0
MOST_BYTES = 1 << 30
NASTY = (
    0,
    1,
    7,
    8,
    63,
    64,
    255,
    0x7FFF,
    0xFFFF,
    1 << 31,
    (1 << 32) - 1,
    1 << 40,
    1 << 63,
    (1 << 64) - 64,
    (1 << 64) - 1,
)
"""Sizes, counts and offsets that break readers: nothing, one less, signs and wraps."""
STARTS = (
    b"\x50\xed\x55\xba",
    b"\x7fELF",
    b"\x28\xb5\x2f\xfd",
    b"\x04\x22\x4d\x18",
    b"PK\x01\x02",
    b"PK\x03\x04",
    b"`\n",
)
"""Where structures begin: containers, cubins, frames, directory entries and members."""


@cache
def original(name: str) -> bytes:
    return (BINARIES / name).read_bytes()


@cache
def wheel() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("nvfp4.so", "scale-90a.cubin", "packed-zstd.fatbin"):
            archive.writestr(f"p/{name}", original(name))
    return buffer.getvalue()


@cache
def tar() -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name in ("nvfp4.so", "packed-zstd.fatbin"):
            member = tarfile.TarInfo(f"lib/{name}")
            member.size = len(original(name))
            archive.addfile(member, io.BytesIO(original(name)))
    return buffer.getvalue()


def as_conda(data: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("pkg-p-1-0.tar.zst", bytes(cramjam.zstd.compress(data)))
    return buffer.getvalue()


@cache
def places(data: bytes) -> tuple[int, ...]:
    """Where structures begin in a file, its own start and its section table among them."""
    found = [0, 64, struct.unpack_from("<Q", data, 0x28)[0] if data[:4] == b"\x7fELF" else 0]
    for start in STARTS:
        found += [match.start() for match in re.finditer(re.escape(start), data)]
    for match in re.finditer(b"\x7fELF\x02\x01\x01[\x33\x41]", data):
        # The section table of a cubin, and its first sections, which hold names and symbols.
        table = match.start() + struct.unpack_from("<Q", data, match.start() + 0x28)[0]
        found += [table + 64 * number for number in range(6)]
    return tuple(place for place in found if place < len(data) - 8)


def damaged(data: bytes, seed: int) -> bytes:
    """A file with some of its fields overwritten, mostly near the starts of structures, and perhaps cut or doubled."""
    chance = random.Random(seed)  # noqa: S311  a repeatable choice, not a secret
    near = places(data)
    made = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        width = chance.choice((1, 2, 4, 8))
        if near and chance.random() < 0.75:
            position = min(chance.choice(near) + chance.randrange(0, 80) // width * width, len(data) - width)
        else:
            position = chance.randrange(len(data) - width)
        value = chance.choice(NASTY) if chance.random() < 0.6 else chance.getrandbits(64)
        made[position : position + width] = (value & ((1 << 8 * width) - 1)).to_bytes(width, "little")
    if chance.random() < 0.15:
        del made[chance.randrange(len(made)) :]
    if chance.random() < 0.1:
        start = chance.randrange(max(len(made) - 1, 1))
        made[start:start] = made[start : start + 256]
    return bytes(made)


Reader = Callable[[bytes, Path], Iterator[BinaryReading]]


def alone(data: bytes, _folder: Path) -> Iterator[BinaryReading]:
    """Reads the bytes as a mapped file does, which raises for offsets that bytes clip."""
    storage = mmap.mmap(-1, max(len(data), 1))
    storage.write(data)
    yield read_binary(Window(storage, 0, len(data)), "x", kernels=re.compile("."), resources=True)


def file(suffix: str, pack: Callable[[bytes], bytes] = bytes) -> Reader:
    """Reads the bytes as a file with a suffix."""

    def read(data: bytes, folder: Path) -> Iterator[BinaryReading]:
        path = folder / f"x{suffix}"
        path.write_bytes(pack(data))
        yield from read_file(path, kernels=re.compile("."), resources=True)

    return read


def piece_by_piece(data: bytes, folder: Path) -> Iterator[BinaryReading]:
    """Reads the bytes as a wheel whose members are too large to be unpacked whole."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wheels, "LARGEST_WHOLE", 0)
        patch.setattr(packed, "PIECE", 1 << 12)
        yield from file(".whl")(data, folder)


KINDS: dict[str, tuple[Callable[[], bytes], Reader]] = {
    "shared-object": (lambda: original("several.so"), alone),
    "packed-shared-object": (lambda: original("nvfp4.so"), alone),
    "device-linked": (lambda: original("rdc.so"), alone),
    "data-sections": (lambda: original("embedded.so"), alone),
    "fatbin": (lambda: original("concatenated.fatbin"), alone),
    "cubin": (lambda: original("scale-by-12.6.cubin"), alone),
    "ptx": (lambda: original("scale.ptx"), alone),
    "static-library": (lambda: original("library.a"), file(".a")),
    "wheel": (wheel, file(".whl")),
    "large-wheel": (wheel, piece_by_piece),
    "conda-tar": (tar, file(".conda", as_conda)),
    "conda-zip": (lambda: as_conda(tar()), file(".conda")),
    "old-conda": (tar, file(".tar.bz2", bz2.compress)),
}


def check(kind: str, seed: int, folder: Path) -> float:
    """Reads one damaged file; answers how long the processor worked for it, in seconds. A busy machine takes longer."""
    make, read = KINDS[kind]
    data = damaged(make(), seed)
    start = time.process_time()
    for reading in read(data, folder):
        assert reading.binary is not None or reading.not_seen, (kind, seed)
        assert all(note.reason and note.reason.isprintable() for note in reading.not_seen), (kind, seed)
    return time.process_time() - start


def memory() -> int:
    """The most memory that this process has held so far, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


@pytest.mark.parametrize("kind", KINDS)
def test_a_damaged_file_gives_an_answer_or_a_refusal(tmp_path: Path, kind: str) -> None:
    before = memory()
    assert max(check(kind, seed, tmp_path) for seed in range(FEW)) < LONGEST_SECONDS
    assert memory() - before < MOST_BYTES


@pytest.mark.corpus
@pytest.mark.parametrize("kind", KINDS)
def test_thousands_of_damaged_files_give_answers_or_refusals(tmp_path: Path, kind: str) -> None:
    before = memory()
    assert max(check(kind, seed, tmp_path) for seed in range(FEW, MANY)) < LONGEST_SECONDS
    assert memory() - before < MOST_BYTES


@pytest.mark.parametrize("which", range(3))
def test_damage_in_one_container_does_not_hide_the_others(which: int) -> None:
    """Anything may stand in one container; the others keep their place, their images and their kernels."""
    data = original("several.so")
    starts = [match.start() for match in re.finditer(b"\x50\xed\x55\xba\x01\x00\x10\x00", data)]
    ends = [start + 16 + struct.unpack_from("<Q", data, start + 8)[0] for start in starts]
    untouched = {start for start in starts if start != starts[which]}
    sound = units(data)
    for seed in range(300):
        chance = random.Random(seed)  # noqa: S311  as above
        made = bytearray(data)
        for _ in range(chance.randint(1, 3)):
            width = chance.choice((1, 2, 4, 8))
            inside = chance.choice((0, 4, 8, 16, 20, 24, 32, chance.randrange(64, ends[which] - starts[which] - width)))
            value = chance.choice((*NASTY, ends[1] - starts[which] - 16, ends[2] - starts[which] - 16))
            place = starts[which] + inside
            made[place : place + width] = (value & ((1 << 8 * width) - 1)).to_bytes(width, "little")
        found = units(bytes(made))
        assert {start: found.get(start) for start in untouched} == {start: sound[start] for start in untouched}, seed


def units(data: bytes) -> dict[int, tuple[tuple[str, ...], int | None]]:
    """The architectures and the number of kernels of each unit, by where its first image stands."""
    binary = read_binary(Window(data), "x", kernels=re.compile(".")).binary
    assert binary is not None
    firsts: dict[int, int] = {}
    for image in binary.images or ():
        firsts.setdefault(image.unit or 0, (image.offset or 0) - 16)
    return {
        firsts[unit.index or 0]: (unit.cubins or (), unit.kernel_count)
        for unit in binary.units or ()
        if (unit.index or 0) in firsts
    }
