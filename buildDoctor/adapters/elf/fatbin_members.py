"""The images of a concatenated entry, which share one compressed payload (CUDA 13.4 and newer).

NVIDIA fatbin format, by experiment: docs/fatbin-format.md, "Concatenated entries".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from buildDoctor.adapters.elf import fatbin_layout as layout

if TYPE_CHECKING:
    from buildDoctor.adapters.elf.window import Window

Member = tuple[int, layout.EntryHeader]


def expand_members(window: Window, start: int, parent: layout.EntryHeader) -> tuple[list[Member], str | None]:
    """The members, each with its offset in the unpacked payload, and what is wrong with the directory if anything is.

    Args:
        window: The file.
        start: Where the concatenated entry's header starts, in bytes.
        parent: That header.
    """
    directory = start + parent.options_offset
    stop = start + parent.header_bytes
    fields = window.unpack(layout.MEMBERS, directory)
    if fields is None or parent.options_offset < layout.ENTRY.size or directory + layout.MEMBERS.size > stop:
        return [], "a concatenated image has no directory of its members"
    count, size = fields
    stop = min(stop, directory + size)
    position = directory + layout.MEMBERS.size
    members: list[Member] = []
    room = parent.unpacked_bytes
    while len(members) < count:
        member = _read_member(window, position, stop, parent)
        if isinstance(member, str):
            return members, member
        header, position = member
        room -= header.payload_bytes
        if room < 0:
            return members, "the members of a concatenated image overlap"
        members.append((header.header_bytes, header))
    return members, None


def _read_member(
    window: Window, start: int, stop: int, parent: layout.EntryHeader
) -> tuple[layout.EntryHeader, int] | str:
    """The member record at an offset and where the next one starts, or what is wrong with it."""
    fields = window.unpack(layout.ENTRY, start)
    if fields is None or start + layout.ENTRY.size > stop:
        return "the directory of a concatenated image is cut off"
    header = layout.EntryHeader(*fields)
    if header.kind == layout.KIND_CONCATENATED:
        return "a concatenated image states a member that is concatenated too"
    if header.header_bytes + header.payload_bytes > parent.unpacked_bytes:
        return "a member of a concatenated image lies outside its payload"
    following = start + _record_bytes(window, start, header)
    if following > stop:
        return "a record of a concatenated image is larger than its directory"
    packed = parent.flags & sum(layout.COMPRESSIONS)
    return replace(header, flags=header.flags | packed, unpacked_bytes=header.payload_bytes), following


def _record_bytes(window: Window, start: int, header: layout.EntryHeader) -> int:
    """How long a member record is: it is not stored, but follows from its name and options."""
    size = layout.ENTRY.size
    if header.name_offset:
        size = max(size, layout.rounded_up(header.name_offset + header.name_bytes + 1))
    if header.options_offset:
        options = window.unpack(layout.OPTIONS, start + header.options_offset) or (0, 0)
        size = max(size, layout.rounded_up(options[0] + options[1] + 1))
    return size
