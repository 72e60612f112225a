"""PTX: the kernels of its text, and what it says of them and of itself.

NVIDIA, "Parallel Thread Execution ISA": directives start with a dot; comments are those of C. fatbinary removes most of
them, but not those that assembly inside of C++ has.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import Struct

from buildDoctor.adapters.elf.occurrences import occurrences

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST_HEAD = 1 << 16
"""The bytes in which `.version` and `.target` stand; long comments may come before them."""

# Each alternative ends where it fails to go on, so that the time is that of one pass.
COMMENT = re.compile(rb"//[^\n]*|/\*(?:[^*]|\*(?!/))*(?:\*/)?")
DIRECTIVE_START = b".entry"
LONGEST_LINE = 4096
"""Before a kernel on its line, in bytes; nothing but its linkage stands there."""
ENTRY = re.compile(rb"\.entry\s+([A-Za-z_$%][\w$]*)")
VERSION = re.compile(rb"\.version\s+(\d{1,2})\.(\d{1,2})")
TARGET = re.compile(rb"\.target\s+sm_(\d{2,3})([af]?)\b")
DIRECTIVE = re.compile(rb"\.(maxntid|reqntid|reqnctapercluster)\s+(\d{1,9})(?:\s*,\s*(\d{1,9}))?(?:\s*,\s*(\d{1,9}))?")


class PtxHead(Struct, frozen=True):
    """What PTX says about itself."""

    version: tuple[int, int]
    """Of the PTX ISA."""
    architecture: int
    """Ten times the compute capability of its virtual architecture."""
    suffix: str
    """`a`, `f` or nothing."""


class PtxKernel(Struct, frozen=True):
    """What PTX says about a kernel; the rest is decided when it is compiled."""

    max_threads: tuple[int, ...] | None = None
    required_threads: tuple[int, ...] | None = None
    cluster: tuple[int, ...] | None = None


def ptx_head(text: memoryview) -> PtxHead | None:
    """What a text says about itself, or none when it is no PTX."""
    head = COMMENT.sub(b" ", bytes(text[:LONGEST_HEAD]))
    version, target = VERSION.search(head), TARGET.search(head)
    if version is None or target is None or b"\0" in head[: target.end()]:
        return None
    return PtxHead((int(version[1]), int(version[2])), int(target[1]), target[2].decode())


def ptx_kernels(text: memoryview) -> tuple[str, ...] | str:
    """The names of the kernels in PTX, in their order, or why it is none."""
    # A star is in no PTX without comments of several lines, which are rare, and is found ten times as fast as they are.
    has_star = next(occurrences(text, b"*"), None) is not None
    plain = _plain(text) if has_star else _checked(text)
    return plain if isinstance(plain, str) else tuple(_name(match) for match in _entries(plain))


def ptx_resources(text: memoryview) -> dict[str, PtxKernel] | str:
    """What PTX says about each of its kernels, or why it is none."""
    plain = _plain(text)
    if isinstance(plain, str):
        return plain
    matches = list(_entries(plain))
    ends = [match.start() for match in matches[1:]] + [len(plain)]
    return {
        _name(match): _kernel(_signature(plain, match.end(), end)) for match, end in zip(matches, ends, strict=False)
    }


def _entries(text: bytes | memoryview) -> Iterator[re.Match[bytes]]:
    """Where kernels start. Searched as bytes, because PTX has a hundred megabytes and few kernels."""
    for at in occurrences(text, DIRECTIVE_START):
        match = ENTRY.match(text, at)
        if match is not None and not _in_comment(text, at):
            yield match


def _in_comment(text: bytes | memoryview, at: int) -> bool:
    """Whether two slashes stand before an offset on its line."""
    return b"//" in bytes(text[max(at - LONGEST_LINE, 0) : at]).rpartition(b"\n")[2]


def _name(match: re.Match[bytes]) -> str:
    """The name of a kernel, as its symbol table would have it."""
    return match[1].decode("utf-8", "replace")


def _signature(text: bytes, start: int, end: int) -> bytes:
    """What stands before the body of a kernel: its parameters, and the directives about it."""
    body = text.find(b"{", start, end)
    return COMMENT.sub(b" ", text[start : end if body < 0 else body])


def _kernel(signature: bytes) -> PtxKernel:
    """The directives of a kernel."""
    said = {
        match[1]: tuple(int(number or 1) for number in match.groups()[1:]) for match in DIRECTIVE.finditer(signature)
    }
    return PtxKernel(said.get(b"maxntid"), said.get(b"reqntid"), said.get(b"reqnctapercluster"))


def _plain(text: memoryview) -> bytes | str:
    """PTX without comments of several lines, or why a text is none."""
    checked = _checked(text)
    return checked if isinstance(checked, str) else without_blocks(bytes(checked))


def _checked(text: memoryview) -> memoryview | str:
    """A text that is PTX, or why it is none."""
    return text if b".version" in bytes(text[:LONGEST_HEAD]) else "the image is neither a cubin nor PTX"


def without_blocks(text: bytes) -> bytes:
    """A text without comments of several lines. Searched, because a regular expression takes four times as long."""
    parts: list[bytes] = []
    kept = looked = 0
    while (start := text.find(b"/*", looked)) >= 0:
        # Behind two slashes on its line it starts nothing.
        line = max(text.rfind(b"\n", looked, start) + 1, looked)
        if text.find(b"//", line, start + 1) >= 0:
            looked = text.find(b"\n", start)
            if looked < 0:
                break
            continue
        parts += (text[kept:start], b" ")
        end = text.find(b"*/", start + 2)
        kept = looked = len(text) if end < 0 else end + 2
    return b"".join((*parts, text[kept:])) if parts else text
