"""Where device code stands in a file, and in which kinds of file."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from buildDoctor.adapters.elf.binary import read_binary
from buildDoctor.adapters.elf.fatbin import Walk
from buildDoctor.adapters.elf.reading import BinaryReading
from buildDoctor.adapters.elf.searched import PIECE, search
from buildDoctor.adapters.elf.window import Window
from buildDoctor.core.evidence import Binary, Image

Make = Callable[..., bytes]
SCALE = "_Z5scalePff"


def read(source: Path | bytes | bytearray) -> BinaryReading:
    window = source if isinstance(source, Path) else Window(source)
    return read_binary(window, "x", kernels=re.compile("."), resources=True)


def seen(source: Path | bytes | bytearray) -> Binary:
    binary = read(source).binary
    assert binary is not None
    return binary


def brief(images: tuple[Image, ...] | None) -> list[str]:
    return [f"{image.kind} {image.architecture} {image.compressed}" for image in images or ()]


@pytest.mark.parametrize(
    ("name", "form", "images"),
    [
        ("scale.ptx", "ptx", ["ptx 8.0 no"]),
        ("scale-90a.cubin", "cubin", ["cubin 9.0a no"]),
        ("scale-120f.cubin", "cubin", ["cubin 12.0f no"]),
        ("scale-by-12.0.cubin", "cubin", ["cubin 9.0 no"]),
        ("packed-zlib.fatbin", "fatbin", ["cubin 8.0 zlib", "ptx 8.0 zlib"]),
        ("packed-lz4.fatbin", "fatbin", ["cubin 8.0 lz4", "ptx 8.0 lz4"]),
        ("packed-lz4-frame.fatbin", "fatbin", ["cubin 8.0 lz4-frame", "ptx 8.0 lz4-frame"]),
        ("packed-zstd.fatbin", "fatbin", ["cubin 8.0 zstd", "ptx 8.0 zstd"]),
        (
            "concatenated.fatbin",
            "fatbin",
            ["ptx 8.0 zstd", "cubin 12.0 zstd", "cubin 8.0 zstd", "cubin 9.0a zstd"],
        ),
    ],
)
def test_device_code_without_a_host(binaries: Path, name: str, form: str, images: list[str]) -> None:
    binary = seen(binaries / name)
    assert (binary.format, brief(binary.images)) == (form, images)
    assert {kernel.name for kernel in binary.kernels or ()} == {SCALE}
    assert binary.host is None


def test_an_object_file_for_link_time_optimisation(binaries: Path) -> None:
    binary = seen(binaries / "lto.o")
    assert brief(binary.images) == ["lto-ir 8.0 zstd", "cubin 9.0 zstd"]
    assert [unit.section for unit in binary.units or ()] == ["__nv_relfatbin"]


def test_device_code_as_data_of_a_program(binaries: Path) -> None:
    """A cubin and a fatbin between texts, and a section of which only one library is known to make use."""
    binary = seen(binaries / "embedded.so")
    assert (binary.images, binary.units) == ((), ())
    found = {section.name: (section.reached, brief(section.images)) for section in binary.other_sections or ()}
    assert found == {
        ".rodata": ("library", ["cubin 9.0a no", "cubin 8.0 zstd", "ptx 8.0 zstd"]),
        ".cask_resource": ("library", ["cubin 8.0 lz4", "ptx 8.0 lz4", "cubin 8.0 zlib", "ptx 8.0 zlib"]),
    }
    kernels = [
        (kernel.name, kernel.cubins) for section in binary.other_sections or () for kernel in section.kernels or ()
    ]
    assert kernels == [(SCALE, ("9.0a",)), (SCALE, ("8.0",)), (SCALE, ("8.0",)), (SCALE, ("8.0",))]


def test_magic_numbers_in_data_are_no_device_code() -> None:
    """Libraries that write fatbins hold the numbers as constants; nothing is said about them."""
    data = b"text" + bytes.fromhex("50ed55ba01001000") + b"\x7fELF\x02\x01\x01\x33" + bytes(100)
    walk = Walk()
    search(Window(data), 0, len(data), walk)
    assert (walk.containers, walk.problems) == ([], [])


@pytest.mark.parametrize("offset", [0, PIECE - 5, PIECE - 1, PIECE, 2 * PIECE + 3])
def test_a_fatbin_is_found_wherever_it_starts(make_entry: Make, make_container: Make, offset: int) -> None:
    data = bytes(offset) + make_container(make_entry()) + b"\x01" * PIECE
    walk = Walk()
    search(Window(data), 0, len(data), walk)
    assert [container.offset for container in walk.containers] == [offset]


def test_without_a_section_table_what_is_loaded_into_memory_is_searched(binaries: Path) -> None:
    data = bytearray((binaries / "several.so").read_bytes())
    units = seen(bytes(data)).units or ()
    struct.pack_into("<Q", data, 0x28, 0)
    found = seen(data).units or ()
    assert [(unit.cubins, unit.kernel_count) for unit in found] == [(unit.cubins, unit.kernel_count) for unit in units]
    # Without program headers too, the whole file is.
    struct.pack_into("<H", data, 0x38, 0)
    assert len(seen(data).units or ()) == len(units)


def test_segments_that_overlap_give_their_images_once(binaries: Path) -> None:
    data = bytearray((binaries / "several.so").read_bytes())
    struct.pack_into("<Q", data, 0x28, 0)
    units = len(seen(data).units or ())
    for header in range(64, 64 + 56 * struct.unpack_from("<H", data, 0x38)[0], 56):
        # PT_LOAD over the whole file.
        struct.pack_into("<IIQQQQ", data, header, 1, 4, 0, 0, 0, len(data))
    assert len(seen(data).units or ()) == units


def test_another_processor_makes_no_difference(binaries: Path) -> None:
    """EM_AARCH64; device code is the same on every host."""
    data = bytearray((binaries / "plain.so").read_bytes())
    struct.pack_into("<H", data, 18, 183)
    assert brief(seen(data).images) == brief(seen(binaries / "plain.so").images)


def windows_library(*sections: tuple[bytes, bytes]) -> bytes:
    """A library with nothing but a table of sections and their contents, each padded to 512 bytes."""
    table = 64 + 24
    position = -(-(table + 40 * len(sections)) // 512) * 512
    headers, contents = b"", b""
    for name, data in sections:
        padded = data + bytes(-len(data) % 512)
        headers += struct.pack("<8sIIII16x", name, len(data), 4096, len(padded), position + len(contents))
        contents += padded
    start = b"MZ" + bytes(58) + struct.pack("<I", 64)
    header = struct.pack("<4sHHIIIHH", b"PE\0\0", 0x8664, len(sections), 0, 0, 0, 0, 0)
    return (start + header + headers).ljust(position, b"\0") + contents


def test_a_windows_library(binaries: Path) -> None:
    fatbin = (binaries / "packed-zstd.fatbin").read_bytes()
    cubin = (binaries / "scale-90a.cubin").read_bytes()
    binary = seen(
        windows_library((b".text", b"code"), (b".nv_fatb", fatbin), (b"__nv_rel", fatbin), (b".rdata", cubin))
    )
    assert (binary.format, brief(binary.images)) == ("pe", ["cubin 8.0 zstd", "ptx 8.0 zstd"])
    assert [(section.name, section.reached) for section in binary.other_sections or ()] == [
        ("__nv_rel", "device-link"),
        (".rdata", "library"),
    ]


def test_the_padding_of_a_windows_section_does_not_count(binaries: Path) -> None:
    fatbin = (binaries / "packed-zstd.fatbin").read_bytes() + b"more"
    sources = [origin.source for origin in read(windows_library((b".nv_fatb", fatbin))).origins]
    assert sources[0].endswith(f", {len(fatbin)} bytes")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"MZ" + bytes(30), "x is not a Windows library: it has no PE header"),
        (windows_library((b".text", b"code"))[:100], "x is truncated: it states 1 sections"),
        (b".version 9.0\n", "x is not an ELF file: it starts with '.version 9.0"),
        (b"\x7fELF\x02\x01\x01\x41" + bytes(8) + struct.pack("<HH", 2, 190), "x: the cubin is cut off in its header"),
    ],
    ids=["no-pe-header", "cut-table", "ptx-without-a-target", "cut-cubin"],
)
def test_a_damaged_file_is_refused_in_one_sentence(data: bytes, reason: str) -> None:
    (note,) = read(data).not_seen
    assert note.reason.startswith(reason)
