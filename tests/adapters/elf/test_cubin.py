"""The kernels of one image, and clean refusals of images that are none."""

from __future__ import annotations

import re
import struct
from pathlib import Path

import pytest

from buildDoctor.adapters.elf.binary import read_binary
from buildDoctor.adapters.elf.cubin import kernel_names

SCALE = "_Z5scalePff"


@pytest.fixture
def cubin(binaries: Path) -> bytes:
    """A real cubin with one kernel, from a shared object that does not compress its images."""
    path = binaries / "plain.so"
    binary = read_binary(path, kernels=False).binary
    assert binary is not None
    assert binary.images is not None
    image = binary.images[0]
    assert image.offset is not None
    assert image.size_bytes is not None
    header = struct.unpack_from("<I", path.read_bytes(), image.offset + 4)[0]
    start = image.offset + header
    return path.read_bytes()[start : start + image.size_bytes]


def test_the_kernels_of_a_cubin_are_found(cubin: bytes) -> None:
    assert kernel_names(memoryview(cubin)) == (SCALE,)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (b".version 9.0\n.target sm_90\n.visible .entry scale(\n.param .u64 p)\n{ ret; }\n\0", ("scale",)),
        (b".version 9.0\n.weak .entry _Z1aIiEvT_()\n.entry\tb()\n\0\0", ("_Z1aIiEvT_", "b")),
        (b".version 9.0\n.visible .func helper()\n\0", ()),
        (b".version 9.0\n// .entry no()\n.entry a() // .entry no()\n{ } .entry b() { }", ("a", "b")),
        (b".version 9.0\n/* .entry no()\n.entry no() */ .entry a() { } /* .entry no()", ("a",)),
    ],
    ids=["visible", "weak-and-plain", "functions-are-no-kernels", "line-comments", "block-comments"],
)
def test_the_kernels_of_ptx_are_found(text: bytes, names: tuple[str, ...]) -> None:
    assert kernel_names(memoryview(text)) == names


@pytest.mark.parametrize(
    ("image", "refusal"),
    [
        (b"", "the image is neither a cubin nor PTX"),
        (b"MZ\x90\0", "the image is neither a cubin nor PTX"),
        (b"\x7fELF", "the cubin is cut off in its header"),
        (b"\x7fELF" + bytes(60), "the cubin states 0 sections of 0 bytes each"),
    ],
    ids=["nothing", "another-format", "four-bytes", "zeros"],
)
def test_what_is_no_image_is_refused(image: bytes, refusal: str) -> None:
    assert kernel_names(memoryview(image)) == refusal


@pytest.mark.parametrize(
    ("offset", "layout", "value", "refusal"),
    [
        (0x28, "<Q", 1 << 60, "the cubin's section table lies outside of it"),
        (0x3A, "<H", 1, "the cubin states N sections of 1 bytes each"),
        (0x3C, "<H", 0, "the cubin states N sections of 64 bytes each"),
        (0x3C, "<H", 0xFFFF, "the cubin's section table lies outside of it"),
    ],
    ids=["table-outside", "narrow-headers", "no-sections", "too-many-sections"],
)
def test_a_header_that_lies_is_refused(cubin: bytes, offset: int, layout: str, value: int, refusal: str) -> None:
    damaged = bytearray(cubin)
    struct.pack_into(layout, damaged, offset, value)
    answer = kernel_names(memoryview(damaged))
    assert isinstance(answer, str)
    assert re.sub(r"\d+ sections", "N sections", answer) == refusal


def test_every_cut_gives_an_answer(cubin: bytes) -> None:
    """A cubin cut anywhere has its kernels or a reason, never an exception."""
    for size in range(0, len(cubin), 7):
        assert isinstance(kernel_names(memoryview(cubin[:size])), str | tuple)
