"""Device code among other bytes: in a program's data, or in a file without a section table.

A fatbin is told from a chance match by its first image, a cubin by its tables; what fails is passed over in silence,
because libraries that write fatbins hold the magic numbers as constants.
"""

from __future__ import annotations

from struct import Struct
from typing import TYPE_CHECKING

from buildDoctor.adapters.elf import fatbin_layout as layout
from buildDoctor.adapters.elf.fatbin import MOST_CONTAINERS, MOST_ENTRIES, Walk, read_container

if TYPE_CHECKING:
    from buildDoctor.adapters.elf.window import Window

CUBIN_STARTS = tuple(b"\x7fELF\x02\x01\x01" + bytes([osabi]) for osabi in (51, 65))
"""A 64-bit ELF file with one of the two values of EI_OSABI that cubins have."""
STARTS = (layout.CONTAINER_SIGNATURE, *CUBIN_STARTS)
CUBIN_MACHINE = Struct("<16xHH")
PIECE = 1 << 20
"""Searched at once, in bytes: `find` of a copy is several times as fast as that of a mapped file."""
LONGEST_START = 8


def search(window: Window, start: int, end: int, walk: Walk) -> None:
    """Adds the containers and cubins between two offsets to a walk, in file order."""
    position = start
    window.expect(sparse=False)
    while position < end and len(walk.containers) < MOST_CONTAINERS and walk.entry_count < MOST_ENTRIES:
        # Pieces overlap, so that a start is whole in one of them.
        piece = bytes(window.view(position, min(PIECE + LONGEST_START - 1, end - position)))
        window.release(position, len(piece))
        position = _search_piece(window, (position, piece), end, walk)
    window.expect(sparse=True)


def _search_piece(window: Window, piece: tuple[int, bytes], end: int, walk: Walk) -> int:
    """Adds what starts in one piece of the file, given with its offset; answers where the next piece starts."""
    base, text = piece
    position = 0
    # Where each start is found next: each is searched once, however often another one occurs.
    found = {wanted: text.find(wanted) for wanted in STARTS}
    while offsets := [offset for offset in found.values() if offset >= 0]:
        offset = min(offsets)
        position = max(_read(window, base + offset, end, walk) - base, offset + 1)
        found = {
            wanted: at if at < 0 or at >= position else text.find(wanted, position) for wanted, at in found.items()
        }
    return base + max(position, min(PIECE, len(text)))


def _read(window: Window, start: int, end: int, walk: Walk) -> int:
    """Adds what starts at an offset; answers where to look on."""
    if window.view(start, 4) == layout.CONTAINER_MAGIC:
        return read_container(window, start, end, walk) if _holds_an_image(window, start) else start + 1
    if (fields := window.unpack(CUBIN_MACHINE, start)) is None or fields[1] != 190:
        return start + 1
    from buildDoctor.adapters.elf.single_images import cubin_container  # noqa: PLC0415  few files have such data

    container = cubin_container(window, start, end)
    if isinstance(container, str):
        return start + 1
    walk.containers.append(container)
    walk.entry_count += 1
    return start + container.entries[0].header.payload_bytes


def _holds_an_image(window: Window, start: int) -> bool:
    """Whether the first image of what looks like a container looks like one."""
    fields = window.unpack(layout.ENTRY, start + layout.CONTAINER.size)
    if fields is None:
        return False
    header = layout.EntryHeader(*fields)
    return header.marker == layout.ENTRY_MARKER and header.header_bytes >= layout.ENTRY.size
