"""Mutated files: an answer or a clean refusal, never an exception, and never long."""

from __future__ import annotations

import re
import zipfile
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from buildDoctor.adapters.elf.binary import read_binary
from buildDoctor.adapters.elf.cubin import kernel_names
from buildDoctor.adapters.elf.fatbin import walk_fatbins
from buildDoctor.adapters.elf.payload import zstd_content_size
from buildDoctor.adapters.elf.reading import BinaryReading
from buildDoctor.adapters.elf.wheels import read_wheel
from buildDoctor.adapters.elf.window import Window

BINARIES = Path(__file__).parent.parent / "binaries"
NAMES = ("plain", "ptx", "compress-size", "compress-speed", "rdc", "nvfp4")
MAGIC = bytes.fromhex("50ed55ba01001000")
# Sizes, counts and offsets that break readers: nothing, one less, signs and wraps.
NASTY = st.sampled_from(
    [0, 1, 7, 8, 63, 64, 0x7FFF, 0xFFFF, 1 << 31, (1 << 32) - 1, 1 << 63, (1 << 64) - 64, (1 << 64) - 1]
)

seconds = settings(max_examples=150, deadline=2000, suppress_health_check=[HealthCheck.function_scoped_fixture])


@cache
def original(name: str) -> bytes:
    return (BINARIES / f"{name}.so").read_bytes()


@cache
def headers(name: str) -> tuple[int, ...]:
    """Where structures start: the ELF header, its section table, and each container."""
    data = original(name)
    places = [0, int.from_bytes(data[0x28:0x30], "little")]
    position = data.find(MAGIC)
    while position >= 0:
        places += [position, position + 16]
        position = data.find(MAGIC, position + 8)
    return tuple(places)


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A real file with some fields near its headers overwritten, and perhaps cut."""
    name = draw(st.sampled_from(NAMES))
    data = bytearray(original(name))
    for _ in range(draw(st.integers(1, 4))):
        width = draw(st.sampled_from([1, 2, 4, 8]))
        near = draw(st.sampled_from(headers(name))) + draw(st.integers(0, 64)) // width * width
        position = near if draw(st.booleans()) else draw(st.integers(0, len(data) - 8))
        value = draw(NASTY | st.integers(0, 255))
        data[position : position + width] = (value & ((1 << (8 * width)) - 1)).to_bytes(width, "little")
    return bytes(data[: draw(st.integers(0, len(data)))]) if draw(st.booleans()) else bytes(data)


def is_clean(reading: BinaryReading) -> bool:
    return (reading.binary is not None or bool(reading.not_seen)) and all(note.reason for note in reading.not_seen)


@seconds
@given(mutated())
def test_a_mutated_shared_object(data: bytes) -> None:
    assert is_clean(read_binary(Window(data), "x.so", kernels=re.compile(".")))


@seconds
@given(st.binary(max_size=400))
def test_any_bytes_as_a_shared_object(data: bytes) -> None:
    assert is_clean(read_binary(Window(b"\x7fELF\x02\x01\x01" + data), "x.so", kernels=True))


@seconds
@given(
    st.lists(
        st.sampled_from([MAGIC, bytes(8), b"\x40" + bytes(7), b"\xff" * 8, b"\x02\x00\x01\x01\x40\0\0\0"]), max_size=60
    )
)
def test_any_mix_of_fatbin_pieces(pieces: list[bytes]) -> None:
    data = b"".join(pieces)
    walk = walk_fatbins(Window(data), 0, len(data))
    assert all(0 <= entry.offset < len(data) for container in walk.containers for entry in container.entries)


@seconds
@given(st.data())
def test_a_mutated_cubin(data: st.DataObject) -> None:
    plain = original("plain")
    start = plain.find(b"\x7fELF", 64)
    image = bytearray(plain[start : start + 6000])
    for _ in range(data.draw(st.integers(1, 6))):
        image[data.draw(st.integers(4, len(image) - 1))] = data.draw(st.integers(0, 255))
    assert isinstance(kernel_names(memoryview(image)), str | tuple)


@seconds
@given(st.binary(max_size=20))
def test_any_bytes_as_a_zstd_header(data: bytes) -> None:
    assert zstd_content_size(memoryview(b"\x28\xb5\x2f\xfd" + data)) is None or len(data) > 1


@seconds
@given(st.data())
def test_a_mutated_wheel(tmp_path: Path, data: st.DataObject) -> None:
    wheel = bytearray(packed())
    for _ in range(data.draw(st.integers(1, 4))):
        wheel[data.draw(st.integers(0, len(wheel) - 1) | st.integers(len(wheel) - 200, len(wheel) - 1))] = data.draw(
            st.integers(0, 255)
        )
    path = tmp_path / "x.whl"
    path.write_bytes(wheel[: data.draw(st.integers(len(wheel) // 2, len(wheel)))])
    assert all(is_clean(reading) for reading in read_wheel(path, kernels=True))


@cache
def packed() -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("p/x.so", original("nvfp4"))
    return buffer.getvalue()


def test_a_section_full_of_container_magic_is_walked_in_time() -> None:
    data = MAGIC * 200_000
    assert walk_fatbins(Window(data), 0, len(data)).problems


@pytest.mark.parametrize("name", NAMES)
def test_every_cut_of_a_file_gives_an_answer(name: str) -> None:
    data = original(name)
    for size in range(0, len(data), 211):
        assert is_clean(read_binary(Window(data[:size]), "x.so", kernels=True))
