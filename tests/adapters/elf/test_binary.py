"""What is inside a shared object, for real ones built by nvcc and for files that are none."""

from __future__ import annotations

import os
import re
import struct
from collections import Counter
from pathlib import Path

import pytest

import buildDoctor
from buildDoctor.adapters.elf.binary import read_binary
from buildDoctor.adapters.elf.reading import BinaryReading
from buildDoctor.adapters.elf.window import Window
from buildDoctor.core.evidence import Binary, EntryPoint

DEMO = Path(buildDoctor.__file__).parent / "demo" / "_C.abi3.so"


def seen(reading: BinaryReading) -> Binary:
    assert reading.binary is not None, reading.not_seen
    return reading.binary


def reasons(reading: BinaryReading) -> list[str]:
    return [note.reason for note in reading.not_seen]


def entry_points(binary: Binary) -> dict[str | None, EntryPoint]:
    assert binary.host is not None
    return {entry_point.name: entry_point for entry_point in binary.host.entry_points or ()}


@pytest.mark.parametrize(
    ("name", "images"),
    [
        ("plain", ["cubin 8.0 no", "cubin 9.0 no", "cubin 12.0 no"]),
        ("suffixes", ["cubin 9.0a no", "cubin 10.0f no", "cubin 12.0a no"]),
        ("ptx", ["cubin 8.0 no", "ptx 9.0 zstd", "ptx 12.0f zstd"]),
        ("compress-size", ["cubin 9.0 zstd", "ptx 9.0 zstd"]),
        ("compress-balance", ["cubin 9.0 no", "ptx 9.0 zstd"]),
        ("compress-speed", ["cubin 9.0 no", "ptx 9.0 lz4"]),
        ("compress-none", ["cubin 9.0 no", "ptx 9.0 no"]),
        ("rdc", ["cubin 8.0 no"]),
        ("rdc-unlinked", ["cubin 8.0 zstd", "ptx 9.0 zstd"]),
        ("host-only", ["cubin 8.0 no", "cubin 9.0 no"]),
        ("no-device-code", []),
    ],
)
def test_the_images_of_a_shared_object(binaries: Path, name: str, images: list[str]) -> None:
    found = seen(read_binary(binaries / f"{name}.so", kernels=False)).images or ()
    assert Counter(f"{image.kind} {image.architecture} {image.compressed}" for image in found) == Counter(images)


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("plain", 1),
        ("suffixes", 1),
        ("ptx", 1),
        ("compress-size", 1),
        ("compress-balance", 1),
        ("compress-speed", 1),
        ("compress-none", 1),
        ("rdc", 1),
        ("host-only", 0),
        ("guarded", 2),
    ],
)
def test_a_unit_knows_how_many_kernels_it_has(binaries: Path, name: str, count: int) -> None:
    binary = seen(read_binary(binaries / f"{name}.so", kernels=True))
    assert [unit.kernel_count for unit in binary.units or ()] == [count]


def test_a_unit_knows_its_architectures(binaries: Path) -> None:
    (unit,) = seen(read_binary(binaries / "ptx.so", kernels=True)).units or ()
    assert (unit.cubins, unit.ptx) == (("8.0",), ("9.0", "12.0f"))


def test_a_kernel_has_only_the_images_that_hold_it(binaries: Path) -> None:
    """Sources leave kernels out by `__CUDA_ARCH__`, so the images of a unit can differ."""
    kernels = seen(read_binary(binaries / "guarded.so", kernels=re.compile("."))).kernels or ()
    assert {kernel.name: kernel.cubins for kernel in kernels} == {
        "_Z10everywhereILi1EEvPf": ("8.0", "12.0"),
        "_Z10newer_onlyILi2EEvPf": ("12.0",),
    }


def test_headers_only_leaves_kernels_and_host_unseen(binaries: Path) -> None:
    binary = seen(read_binary(binaries / "nvfp4.so", kernels=False))
    assert (binary.kernels, binary.host) == (None, None)
    assert [unit.kernel_count for unit in binary.units or ()] == [None]


def test_an_entry_point_with_a_kernel_names_its_architectures(binaries: Path) -> None:
    found = entry_points(seen(read_binary(binaries / "nvfp4.so", kernels=True)))
    quant = found["scaled_fp4_quant"]
    assert (quant.state, quant.architectures, quant.implementations) == (
        "kernel",
        ("10.0f", "12.0a"),
        ("scaled_fp4_quant_sm1xxa",),
    )
    assert {name: entry_point.state for name, entry_point in found.items()} == {
        "cutlass_scaled_fp4_mm": "absent",
        "scaled_fp4_quant": "kernel",
        "cutlass_scaled_mm_supports_fp4": "entry-point",
    }


def test_the_demo_has_entry_points_without_kernels() -> None:
    binary = seen(read_binary(DEMO, kernels=True))
    found = entry_points(binary)
    assert {entry_point.state for entry_point in found.values()} == {"entry-point"}
    stub = found["scaled_fp4_quant"].stub
    assert stub is not None
    assert stub.startswith("No compiled nvfp4 quantization kernel")
    assert {image.architecture for image in binary.images or ()} == {"7.5", "8.0", "8.6", "9.0", "12.0"}
    assert sorted(unit.kernel_count or 0 for unit in binary.units or ()) == [0, 1]


def test_without_device_code_there_are_no_images_and_that_is_no_error(binaries: Path) -> None:
    reading = read_binary(binaries / "no-device-code.so", kernels=True)
    assert (seen(reading).images, seen(reading).units, reading.not_seen) == ((), (), ())


def test_relocatable_images_are_told_apart(binaries: Path) -> None:
    linked = seen(read_binary(binaries / "rdc.so", kernels=re.compile(".")))
    assert [(unit.section, unit.cubins, unit.ptx) for unit in linked.units or ()] == [(".nv_fatbin", ("8.0",), ())]
    (section,) = linked.other_sections or ()
    assert (section.name, section.reached) == ("__nv_relfatbin", "device-link")
    assert [(unit.cubins, unit.ptx, unit.kernel_count) for unit in section.units or ()] == [(("8.0",), ("9.0",), 1)]
    assert [kernel.name for kernel in section.kernels or ()] == ["_Z5scalePff"]


def test_before_the_device_link_relocatable_images_are_all_there_is(binaries: Path) -> None:
    reading = read_binary(binaries / "rdc-unlinked.so", kernels=False)
    assert [unit.section for unit in seen(reading).units or ()] == ["__nv_relfatbin"]
    assert seen(reading).other_sections == ()
    assert "must be linked" in reasons(reading)[0]


def test_images_are_found_without_a_section_table(binaries: Path) -> None:
    data = bytearray((binaries / "plain.so").read_bytes())
    struct.pack_into("<Q", data, 0x28, 0)
    reading = read_binary(Window(data), "stripped.so", kernels=True)
    assert [image.architecture for image in seen(reading).images or ()] == ["8.0", "9.0", "12.0"]
    assert [(note.path, note.reason[:32]) for note in reading.not_seen] == [
        ("host", "stripped.so has no section table")
    ]


def test_every_value_has_an_origin(binaries: Path) -> None:
    reading = read_binary(binaries / "plain.so", "plain.so", kernels=True)
    assert {"images", "units", "kernels", "host"} <= {origin.path for origin in reading.origins}
    assert re.fullmatch(
        r"plain\.so, section \.nv_fatbin at 0x[0-9a-f]+, \d+ bytes",
        next(o.source for o in reading.origins if o.path == "images"),
    )


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "x.so is empty; build or download it again"),
        (
            b"#!/bin/sh\necho\n",
            "x.so is not an ELF file: it starts with '#!/bin/sh\\necho\\n'; give a shared object or a wheel",
        ),
        (b"\x7fELF", "x.so is truncated: it has 4 bytes, fewer than an ELF header; build or download it again"),
    ],
    ids=["empty", "a-script", "four-bytes"],
)
def test_a_file_that_is_no_shared_object_is_refused_in_one_sentence(content: bytes, reason: str) -> None:
    reading = read_binary(Window(content), "x.so", kernels=True)
    assert reading.binary is None
    (only,) = reasons(reading)
    assert only.startswith(reason)


@pytest.mark.parametrize("part", [0.3, 0.6, 0.99])
def test_a_truncated_file_is_said_to_be_truncated(binaries: Path, part: float) -> None:
    data = (binaries / "plain.so").read_bytes()
    cut = data[: int(len(data) * part)]
    (reason,) = reasons(read_binary(Window(cut), "x.so", kernels=True))
    assert reason == (
        f"x.so is truncated: its section table ends at byte {len(data)}, the file has {len(cut)}; "
        "build, copy or download it again"
    )


def test_a_path_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    missing = read_binary(tmp_path / "missing.so", kernels=True)
    assert reasons(missing) == [
        f"{tmp_path}/missing.so cannot be read: No such file or directory; check the path and its permissions"
    ]
    assert reasons(read_binary(tmp_path, kernels=True)) == [
        f"{tmp_path} is not a regular file; give a shared object or a wheel"
    ]


def test_a_pipe_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "x.so")
    assert "is not a regular file" in reasons(read_binary(tmp_path / "x.so", kernels=True))[0]


def test_a_32_bit_file_is_read(tmp_path: Path) -> None:
    """A header with no sections is enough: other classes and machines are no error."""
    header = (
        b"\x7fELF"
        + bytes([1, 1, 1])
        + bytes(9)
        + struct.pack("<HHIIIIIHHHHHH", 3, 3, 1, 0, 0, 0, 0, 52, 0, 0, 40, 0, 0)
    )
    path = tmp_path / "32.so"
    path.write_bytes(header)
    assert seen(read_binary(path, kernels=True)).images == ()


def test_a_damaged_image_leaves_the_others(binaries: Path) -> None:
    path = binaries / "compress-size.so"
    data = bytearray(path.read_bytes())
    image = (seen(read_binary(path, kernels=False)).images or ())[0]
    assert image.offset is not None
    header_bytes = struct.unpack_from("<I", data, image.offset + 4)[0]
    data[image.offset + header_bytes] ^= 0xFF
    reading = read_binary(Window(data), "x.so", kernels=re.compile("."))
    assert [unit.kernel_count for unit in seen(reading).units or ()] == [1]
    assert {note.path for note in reading.not_seen} == {"kernels", "host.entry_points"}


def test_nothing_is_written_or_loaded(binaries: Path) -> None:
    before = {path.name: path.stat().st_mtime_ns for path in binaries.iterdir()}
    read_binary(binaries / "plain.so", kernels=True)
    assert {path.name: path.stat().st_mtime_ns for path in binaries.iterdir()} == before
    assert "plain.so" not in Path(f"/proc/{os.getpid()}/maps").read_text(encoding="utf-8")
