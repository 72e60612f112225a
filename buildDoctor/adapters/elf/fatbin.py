"""The device images inside a section, found by walking its fatbin headers.

NVIDIA fatbin format, by experiment: docs/fatbin-format.md. No payload is read. Nothing here raises on hostile
bytes: what cannot be read becomes a problem, and the walk goes on at the next container.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from buildDoctor.adapters.elf import fatbin_layout as layout
from buildDoctor.adapters.elf.fatbin_members import expand_members

if TYPE_CHECKING:
    from buildDoctor.adapters.elf.window import Window

MOST_CONTAINERS = 1 << 18
"""More translation units than this are not walked; the largest file known has 2,782."""
MOST_ENTRIES = 1 << 20
"""More images than this are not listed; the largest file known has 5,868."""
MOST_PROBLEMS = 32
"""More problems than this are counted, not told."""


class Problem(Struct, frozen=True):
    """Something in a file that could not be read."""

    offset: int
    """Where it stands in the file, in bytes."""
    text: str
    """What is wrong, as one clause without the place."""

    def __str__(self) -> str:
        return f"at byte {self.offset:#x}: {self.text}"


class Entry(Struct, frozen=True):
    """One image of a container."""

    offset: int
    """Where its header starts in the file."""
    header: layout.EntryHeader
    payload: int
    """Where its payload starts in the file."""
    member: int | None = None
    """Where it starts inside the unpacked payload, for a member of a concatenated entry."""
    member_of: Entry | None = None
    """The concatenated entry whose payload it shares."""


class Container(Struct, frozen=True):
    """The images of one translation unit."""

    offset: int
    entries: tuple[Entry, ...]


class Walk(Struct):
    """What a walk has found so far."""

    containers: list[Container] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    untold: int = 0
    """How many problems were left out after `MOST_PROBLEMS`."""
    entry_count: int = 0

    def complain(self, offset: int, text: str) -> None:
        """Keeps a problem, or only counts it when there are many."""
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(Problem(offset, text))
        else:
            self.untold += 1


def walk_fatbins(window: Window, start: int, end: int, walk: Walk | None = None) -> Walk:
    """All containers between two offsets, in file order, and what could not be read.

    Args:
        window: The file.
        start: Where the section starts, in bytes.
        end: Where it ends.
        walk: What has been found in other sections, to go on with.
    """
    walk = walk or Walk()
    position = _next_container(window, start, end, walk)
    while position is not None:
        after = read_container(window, position, end, walk)
        # Each header that is read keeps 64 KiB of the file in memory.
        window.release(position, after - position)
        if len(walk.containers) >= MOST_CONTAINERS or walk.entry_count >= MOST_ENTRIES:
            walk.complain(after, "there are more images than are listed")
            break
        position = _next_container(window, after, end, walk)
    return walk


def _next_container(window: Window, position: int, end: int, walk: Walk) -> int | None:
    """Where the next container starts; anything before it but zero padding is a problem."""
    if position >= end:
        return None
    if window.view(position, 4) == layout.CONTAINER_MAGIC:
        return position
    found = window.find(layout.CONTAINER_SIGNATURE, position, end)
    gap = window.view(position, (end if found < 0 else found) - position)
    # Padding is short; a long gap is not read just to see whether it is zero.
    if len(gap) > 4096 or any(gap):
        walk.complain(position, f"{len(gap)} bytes belong to no fatbin")
    return None if found < 0 else found


def read_container(window: Window, start: int, end: int, walk: Walk) -> int:
    """Adds the container at an offset; answers where to look for the next one."""
    fields = window.unpack(layout.CONTAINER, start)
    if fields is None or start + layout.CONTAINER.size > end:
        walk.complain(start, "a fatbin header is cut off by the end of its section")
        return end
    header = layout.ContainerHeader(*fields)
    body = start + header.header_bytes
    if header.header_bytes < layout.CONTAINER.size or body > end:
        walk.complain(start, f"a fatbin states a header of {header.header_bytes} bytes")
        return start + len(layout.CONTAINER_MAGIC)
    stop = body + header.entries_bytes
    if stop > end:
        walk.complain(start, f"a fatbin states {header.entries_bytes} bytes but {end - body} are left")
        stop = end
    entries, reached = _read_entries(window, body, stop, walk)
    walk.containers.append(Container(start, tuple(entries)))
    return stop if reached == stop else _after_damage(window, reached, stop)


def _after_damage(window: Window, reached: int, stop: int) -> int:
    """Where to look on after a container whose entries end before it does.

    Its size may be the field that is damaged: then it leads to no container, or beyond the next one.
    """
    if window.view(stop, 4) != layout.CONTAINER_MAGIC:
        return reached
    found = window.find(layout.CONTAINER_SIGNATURE, reached, stop)
    return stop if found < 0 else found


def _read_entries(window: Window, position: int, stop: int, walk: Walk) -> tuple[list[Entry], int]:
    """The entries from an offset on, and where they end; the last one may be followed by damage."""
    entries: list[Entry] = []
    while position < stop and walk.entry_count < MOST_ENTRIES:
        entry = _read_entry(window, position, stop)
        if isinstance(entry, str):
            walk.complain(position, entry)
            break
        walk.entry_count += 1
        entries += _with_members(window, entry, walk)
        position = entry.payload + entry.header.payload_bytes
    return entries, position


def _read_entry(window: Window, start: int, stop: int) -> Entry | str:
    """The entry whose header starts at an offset, or what is wrong with it."""
    fields = window.unpack(layout.ENTRY, start)
    if fields is None or start + layout.ENTRY.size > stop:
        return f"{stop - start} bytes are left where an image header needs {layout.ENTRY.size}"
    header = layout.EntryHeader(*fields)
    payload = start + header.header_bytes
    if header.header_bytes < layout.ENTRY.size or payload > stop:
        return f"an image states a header of {header.header_bytes} bytes"
    if header.payload_bytes > stop - payload:
        return f"an image states {header.payload_bytes} bytes but {stop - payload} are left"
    return Entry(start, header, payload)


def _with_members(window: Window, entry: Entry, walk: Walk) -> list[Entry]:
    """The entry itself, or the images that it concatenates."""
    if entry.header.kind != layout.KIND_CONCATENATED:
        return [entry]
    members, problem = expand_members(window, entry.offset, entry.header)
    if problem is not None:
        walk.complain(entry.offset, problem)
    walk.entry_count += len(members)
    return [replace(entry, header=header, member=offset, member_of=entry) for offset, header in members] or [entry]
