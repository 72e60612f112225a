"""The object files of a static library (`.a`), read where they lie.

System V ABI does not define the format; that of GNU binutils is described in its `ar.h`: a magic, then for each member
60 bytes of text and its contents, at even offsets. Long names stand in a member of their own.
"""

from __future__ import annotations

from struct import Struct
from typing import TYPE_CHECKING, NamedTuple

from buildDoctor.adapters.elf.binary import map_file, read_binary
from buildDoctor.adapters.elf.reading import BinaryReading, refused
from buildDoctor.adapters.elf.window import Window, printable
from buildDoctor.core.evidence import Binary, NotSeen

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator
    from pathlib import Path

MAGIC = b"!<arch>\n"
THIN_MAGIC = b"!<thin>\n"
ELF_MAGIC = bytes.fromhex("7f454c46")
HEADER = Struct("<16s32x10s2s")
"""Name, then date, owner and mode, size as decimal text, and two bytes that end every header."""
HEADER_END = b"`\n"
INDEXES = (b"/", b"/SYM64/", b"__.SYMDEF", b"__.SYMDEF SORTED")
LONG_NAMES = b"//"
BSD_NAME = b"#1/"
"""Followed by the length of a name that stands before the contents."""
LONGEST_NAME = 4096
MOST_MEMBERS = 1 << 16


class Member(NamedTuple):
    """An object file of a library."""

    name: str
    start: int
    size: int


def read_archive(path: Path, *, kernels: bool | re.Pattern[str], resources: bool = False) -> Iterator[BinaryReading]:
    """A reading of each object file with device code, named `library.a!member.o`, in the order of the library.

    A library without device code, or that cannot be read, gives one reading that says so.

    Args:
        path: The library.
        kernels: As for `read_binary`.
        resources: As for `read_binary`.
    """
    window = map_file(path, str(path))
    if isinstance(window, str):
        yield refused(str(path), window)
        return
    given = 0
    problem = ""
    for member in members(window):
        if isinstance(member, str):
            problem = f"{path} {member}; build or download it again"
            break
        if window.view(member.start, len(ELF_MAGIC)) != ELF_MAGIC:
            continue
        start = window.start + member.start
        part = Window(window.storage, start, start + member.size, on_disk=window.on_disk)
        reading = read_binary(part, f"{path}!{printable(member.name)}", kernels=kernels, resources=resources)
        if reading.binary is None or reading.binary.images or reading.binary.other_sections:
            given += 1
            yield reading
    if problem or not given:
        yield _whole(str(path), window.size, problem)


def _whole(name: str, size: int, problem: str) -> BinaryReading:
    """What is said of the library itself."""
    if problem:
        return refused(name, problem)
    host = NotSeen(path="host", reason=f"{name} is a static library; its host side is examined in a shared object")
    binary = Binary(path=name, size_bytes=size, format="archive", images=(), units=(), other_sections=())
    return BinaryReading(name, binary, (host,))


def members(window: Window) -> Iterator[Member | str]:
    """The members of a library that are no index; last, what is wrong with it if anything is, as one clause."""
    start = bytes(window.view(0, len(MAGIC)))
    if start != MAGIC:
        thin = "is a thin archive, whose object files lie elsewhere; give those"
        yield thin if start == THIN_MAGIC else "is not a static library"
        return
    position = len(MAGIC)
    names = Member("", 0, 0)
    for _ in range(MOST_MEMBERS):
        if position >= window.size:
            return
        fields = window.unpack(HEADER, position)
        size = int(fields[1]) if fields and fields[2] == HEADER_END and fields[1].strip().isdigit() else -1
        contents = position + HEADER.size
        if fields is None or not 0 <= size <= window.size - contents:
            yield f"is damaged at byte {position:#x}: no object file starts there, or it is cut off"
            return
        name = fields[0].rstrip()
        if name == LONG_NAMES:
            names = Member("", contents, size)
        elif name not in INDEXES:
            yield _member(window, name, (contents, size), names)
        position = contents + size + size % 2


def _member(window: Window, name: bytes, place: tuple[int, int], names: Member) -> Member:
    """A member with its whole name."""
    start, size = place
    if name.startswith(BSD_NAME) and name[3:].isdigit():
        length = min(int(name[3:]), size)
        return Member(window.text(start, min(length, LONGEST_NAME)), start + length, size - length)
    if name.startswith(b"/") and name[1:].isdigit():
        offset = min(int(name[1:]), names.size)
        text = bytes(window.view(names.start + offset, min(names.size - offset, LONGEST_NAME)))
        # Names of the table end with a slash and a new line.
        name = text.split(b"\n", 1)[0]
    return Member(name.removesuffix(b"/").decode("utf-8", "replace"), start, size)
