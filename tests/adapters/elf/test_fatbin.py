"""The walk over fatbin headers: what it finds, and that damage hides no more than itself."""

from __future__ import annotations

import struct
from collections.abc import Callable

import pytest

from buildDoctor.adapters.elf import fatbin_layout as layout
from buildDoctor.adapters.elf.device import image_of
from buildDoctor.adapters.elf.fatbin import Walk, walk_fatbins
from buildDoctor.adapters.elf.window import Window

Make = Callable[..., bytes]


def walked(data: bytes) -> Walk:
    return walk_fatbins(Window(data), 0, len(data))


def architectures(walk: Walk) -> list[list[int]]:
    return [[entry.header.architecture for entry in container.entries] for container in walk.containers]


def texts(walk: Walk) -> list[str]:
    return [str(problem) for problem in walk.problems]


def test_every_container_and_entry_is_found_in_file_order(make_entry: Make, make_container: Make) -> None:
    first = make_container(make_entry(architecture=80), make_entry(architecture=90))
    walk = walked(first + make_container(make_entry(architecture=120)))
    assert architectures(walk) == [[80, 90], [120]]
    assert [container.offset for container in walk.containers] == [0, len(first)]
    assert walk.problems == []


@pytest.mark.parametrize(
    ("kind", "architecture", "flags", "expected"),
    [
        (2, 90, 0x11, ("cubin", "9.0", "no", None)),
        (2, 120, 0x1100011, ("cubin", "12.0a", "no", None)),
        (2, 100, 0x1200011, ("cubin", "10.0f", "no", None)),
        (1, 52, 0x11 | layout.FLAG_LZ4, ("ptx", "5.2", "lz4", "8.4")),
        (1, 90, 0x11 | layout.FLAG_ZSTD, ("ptx", "9.0", "zstd", "8.4")),
        (8, 80, 0x11 | layout.FLAG_OBFUSCATED, ("lto-ir", "8.0", "no", None)),
        (999, 0, 0, ("kind 999", None, "no", None)),
    ],
    ids=["plain", "architecture-specific", "family-specific", "lz4-ptx", "zstd-ptx", "lto-ir", "unknown-kind"],
)
def test_headers_alone_say_what_an_image_is(
    make_entry: Make,
    make_container: Make,
    kind: int,
    architecture: int,
    flags: int,
    expected: tuple[str, str | None, str, str | None],
) -> None:
    data = make_container(make_entry(kind=kind, architecture=architecture, flags=flags, major=8, minor=4))
    image = image_of(walked(data).containers[0].entries[0], 0)
    assert (image.kind, image.architecture, image.compressed, image.ptx_version) == expected
    assert (image.offset, image.size_bytes) == (16, 8)


def test_zero_padding_between_containers_is_no_problem(make_entry: Make, make_container: Make) -> None:
    one = make_container(make_entry())
    walk = walked(one + bytes(8) + one + bytes(24))
    assert len(walk.containers) == 2
    assert walk.problems == []


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"header": 0}, "an image states a header of 0 bytes"),
        ({"header": 1 << 20}, "an image states a header of 1048576 bytes"),
        ({"payload": 1 << 63}, "an image states 9223372036854775808 bytes but 8 are left"),
        ({"payload": (1 << 64) - 64}, "an image states 18446744073709551552 bytes but 8 are left"),
    ],
    ids=["no-header", "header-beyond-the-end", "payload-of-2-to-the-63", "payload-that-wraps-around"],
)
def test_a_damaged_image_does_not_hide_the_next_container(
    make_entry: Make, make_container: Make, fields: dict[str, int], complaint: str
) -> None:
    walk = walked(make_container(make_entry(architecture=80), make_entry(**fields)) + make_container(make_entry()))
    assert architectures(walk) == [[80], [90]]
    assert [text.split(": ")[1] for text in texts(walk)] == [complaint]


@pytest.mark.parametrize("size", [0, 8, 80, 1 << 62, (1 << 64) - 1])
def test_a_container_that_lies_about_its_size_does_not_hide_the_next(
    make_entry: Make, make_container: Make, size: int
) -> None:
    walk = walked(make_container(make_entry(architecture=80), size=size) + make_container(make_entry(architecture=120)))
    assert 120 in [number for numbers in architectures(walk) for number in numbers]
    assert walk.problems


def test_bytes_that_belong_to_nothing_are_said(make_entry: Make, make_container: Make) -> None:
    walk = walked(make_container(make_entry()) + b"stray bytes" + make_container(make_entry()))
    assert len(walk.containers) == 2
    assert texts(walk) == ["at byte 0x58: 11 bytes belong to no fatbin"]


def test_a_container_cut_off_in_its_header_is_said(make_container: Make) -> None:
    assert texts(walked(make_container()[:10])) == ["at byte 0x0: a fatbin header is cut off by the end of its section"]


def test_many_problems_are_counted_not_told(make_container: Make, make_entry: Make) -> None:
    walk = walked(make_container(make_entry(header=0)) * 100)
    assert len(walk.problems) == 32
    assert walk.untold >= 68


def member(*, kind: int, architecture: int, offset: int, size: int) -> bytes:
    return struct.pack("<HHIQIIHHIIIQQQ", kind, 0x0101, offset, size, 0, 0, 0, 9, architecture, 0, 0, 0x11, 0, 0)


def concatenated(*members: bytes, count: int | None = None, unpacked: int = 100) -> bytes:
    directory = b"".join(members)
    number = len(members) if count is None else count
    head = struct.pack(
        "<HHIQIIHHIIIQQQ", 256, 0x0101, 72 + len(directory), 8, 8, 64, 1, 0, 0, 0, 0, 0x8011, 0, unpacked
    )
    return head + struct.pack("<II", number, len(directory) + 8) + directory + bytes(8)


def test_a_concatenated_entry_is_listed_as_its_members(make_container: Make) -> None:
    pair = (
        member(kind=1, architecture=90, offset=0, size=40),
        member(kind=2, architecture=120, offset=40, size=60),
    )
    walk = walked(make_container(concatenated(*pair)))
    images = [image_of(entry, 0) for entry in walk.containers[0].entries]
    assert [(image.kind, image.architecture, image.compressed) for image in images] == [
        ("ptx", "9.0", "zstd"),
        ("cubin", "12.0", "zstd"),
    ]
    assert [entry.member for entry in walk.containers[0].entries] == [0, 40]
    assert walk.problems == []


@pytest.mark.parametrize(
    ("entry", "complaint"),
    [
        (concatenated(count=1 << 31), "the directory of a concatenated image is cut off"),
        (
            concatenated(member(kind=2, architecture=90, offset=90, size=20)),
            "a member of a concatenated image lies outside its payload",
        ),
        (
            concatenated(member(kind=256, architecture=0, offset=0, size=20)),
            "a concatenated image states a member that is concatenated too",
        ),
        (
            concatenated(*[member(kind=2, architecture=90, offset=0, size=60)] * 2),
            "the members of a concatenated image overlap",
        ),
    ],
    ids=["two-billion-members", "member-outside", "nested", "overlap"],
)
def test_a_damaged_directory_of_members_is_said(make_container: Make, entry: bytes, complaint: str) -> None:
    walk = walked(make_container(entry))
    assert [text.split(": ")[1] for text in texts(walk)] == [complaint]
    kept = [entry.header.kind for entry in walk.containers[0].entries]
    assert kept == ([2] if "overlap" in complaint else [256])
