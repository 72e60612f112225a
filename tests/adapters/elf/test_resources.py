"""What kernels take of the GPU, as cubins of several toolkits and PTX say it."""

from __future__ import annotations

import re
import struct
from pathlib import Path

import pytest

from buildDoctor.adapters.elf.binary import read_binary
from buildDoctor.adapters.elf.cubin_records import read_records
from buildDoctor.adapters.elf.window import Window
from buildDoctor.core.device.kernel_names import source_file
from buildDoctor.core.evidence import Binary, KernelImage


def read(path: Path) -> Binary:
    binary = read_binary(path, kernels=re.compile("."), resources=True).binary
    assert binary is not None
    return binary


@pytest.fixture
def found(binaries: Path) -> dict[tuple[str, str], KernelImage]:
    """What each image says of each kernel, by a part of the kernel's name and the image."""
    return {
        (re.sub(r".*?(own_to_this_file).*", r"\1", kernel.name or ""), f"{image.kind} {image.architecture}"): image
        for kernel in read(binaries / "resources.so").kernels or ()
        for image in kernel.images or ()
    }


def test_each_image_that_holds_a_kernel_says_what_it_takes(found: dict[tuple[str, str], KernelImage]) -> None:
    everywhere = {(name, kind) for name in ("bounded", "shared_memory", "stack", "own_to_this_file")
                  for kind in ("cubin 8.0", "cubin 9.0", "ptx 9.0")}  # fmt: skip
    assert set(found) == everywhere | {("clustered", "cubin 9.0"), ("clustered", "ptx 9.0")}


def test_launch_bounds_are_those_of_the_source(found: dict[tuple[str, str], KernelImage]) -> None:
    assert {found["bounded", kind].max_threads for kind in ("cubin 8.0", "cubin 9.0", "ptx 9.0")} == {(256, 1, 1)}
    assert {found["stack", kind].max_threads for kind in ("cubin 8.0", "cubin 9.0", "ptx 9.0")} == {None}


def test_the_cluster_is_that_of_the_source(found: dict[tuple[str, str], KernelImage]) -> None:
    assert {found["clustered", kind].cluster for kind in ("cubin 9.0", "ptx 9.0")} == {(2, 1, 1)}
    assert found["bounded", "cubin 9.0"].cluster is None


def test_memory_is_that_of_the_source(found: dict[tuple[str, str], KernelImage]) -> None:
    assert found["shared_memory", "cubin 8.0"].shared_bytes == 512 * 4
    # ptxas 13 counts what the system reserves from 9.0 on.
    assert found["shared_memory", "cubin 9.0"].shared_bytes == 512 * 4 + 1024
    assert (found["bounded", "cubin 8.0"].shared_bytes, found["bounded", "cubin 8.0"].stack_bytes) == (0, 0)
    assert (found["stack", "cubin 8.0"].stack_bytes or 0) >= 1024 * 4


def test_barriers_are_counted(found: dict[tuple[str, str], KernelImage]) -> None:
    assert (found["shared_memory", "cubin 8.0"].barriers, found["bounded", "cubin 8.0"].barriers) == (1, 0)


def test_ptx_says_its_version_and_no_registers(found: dict[tuple[str, str], KernelImage]) -> None:
    image = found["stack", "ptx 9.0"]
    assert (image.ptx_version, image.registers, image.toolkit) == ("9.0", None, None)


@pytest.mark.parametrize(
    ("name", "toolkit"),
    [
        ("scale-by-12.0.cubin", "12.0"),
        ("scale-by-12.6.cubin", "12.6"),
        ("scale-by-12.9.cubin", "12.9"),
        ("scale-90a.cubin", "13.0"),
    ],
)
def test_a_cubin_says_which_toolkit_made_it(binaries: Path, name: str, toolkit: str) -> None:
    binary = read(binaries / name)
    ((image,),) = (kernel.images or () for kernel in binary.kernels or ())
    assert (image.toolkit, image.registers) == (toolkit, 8)
    assert [image.toolkit for image in binary.images or ()] == [toolkit]


def test_attributes_that_overlap_are_refused(binaries: Path) -> None:
    """Tables of many kernels could otherwise be the same large part of the file, read again for each."""
    data = bytearray((binaries / "scale-90a.cubin").read_bytes())
    table, count = struct.unpack_from("<Q", data, 0x28)[0], struct.unpack_from("<H", data, 0x3C)[0]
    for header in range(table, table + 64 * count, 64):
        if struct.unpack_from("<I", data, header + 4)[0] == 0x70000000:
            struct.pack_into("<Q", data, header + 0x20, 3 * len(data))
    reading = read_binary(Window(data), "x", kernels=re.compile("."), resources=True)
    assert "the cubin's attributes overlap" in " ".join(note.reason for note in reading.not_seen)


def test_without_being_asked_nothing_is_said(binaries: Path) -> None:
    binary = read_binary(binaries / "resources.so", kernels=re.compile(".")).binary
    assert binary is not None
    assert {kernel.images for kernel in binary.kernels or ()} == {None}
    assert {image.toolkit for image in binary.images or ()} == {None}


def test_a_static_kernel_names_its_file(binaries: Path) -> None:
    sources = {kernel.name: kernel.source for kernel in read(binaries / "resources.so").kernels or ()}
    assert sorted(set(sources.values())) == ["", "resources.cu"]


@pytest.mark.parametrize(
    ("mangled", "file"),
    [
        ("_ZN44_GLOBAL__N__d4d4be91_12_resources_cu_bounded3ownEPf", "resources.cu"),
        (
            "_ZN6vision3ops61_GLOBAL__N__0c0c7144_23_deform_conv2d_kernel_cu_87ede962_20373fooEv",
            "deform_conv2d_kernel.cu",
        ),
        ("_ZN43_INTERNAL_fbdfd34f_11_machete_cpp_87ede962_13fooEv", "machete.cpp"),
        ("_Z5scalePff", ""),
        ("_ZN44_GLOBAL__N__d4d4be91_999_short_cu", "short_cu"),
    ],
    ids=["anonymous", "nested", "internal", "no-file", "length-beyond-the-name"],
)
def test_the_file_in_a_name(mangled: str, file: str) -> None:
    assert source_file(mangled) == file


@pytest.mark.parametrize(
    ("section", "records"),
    [
        (b"\x01\x02\x00\x00", [(2, 0, b"")]),
        (b"\x02\x4c\x03\xff", [(0x4C, 3, b"")]),
        (b"\x03\x1b\xff\x01", [(0x1B, 0x1FF, b"")]),
        (b"\x04\x2f\x08\x00\x05\0\0\0\x08\0\0\0\x03\x1b\x01\0", [(0x2F, 8, b"\x05\0\0\0\x08\0\0\0"), (0x1B, 1, b"")]),
        (b"\x04\x2f\x08\x00\x05\0\0\0", []),
        (b"\x04\x2f\x08", []),
    ],
    ids=["nothing", "byte", "number", "bytes", "bytes-beyond-the-end", "cut-record"],
)
def test_attribute_records(section: bytes, records: list[tuple[int, int, bytes]]) -> None:
    found = [(record.attribute, record.number, bytes(record.data)) for record in read_records(memoryview(section))]
    assert found == records
