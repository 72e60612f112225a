"""The sections of a Windows library (`.dll`, `.pyd`).

Microsoft, "PE Format". Read here, because all that is needed is one table of 40-byte records with a bound on each field,
and device code stands in it as it does in an ELF file.
"""

from __future__ import annotations

from struct import Struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from buildDoctor.adapters.elf.window import Window

MAGIC = b"MZ"
HEADER_AT = Struct("<60xI")
"""Where in the DOS header the offset of the PE header stands."""
HEADER = Struct("<4sHHIIIHH")
"""Signature, machine, number of sections, time, symbol table, number of symbols, bytes of the optional header, flags."""
SECTION = Struct("<8sIIII16x")
"""Name, bytes in memory, address in memory, bytes in the file, offset in the file."""


def pe_sections(window: Window) -> tuple[tuple[str, int, int], ...] | str:
    """The name, offset and size in the file of each section, or what is wrong with the file as one clause."""
    start = window.unpack(HEADER_AT, 0)
    header = window.unpack(HEADER, start[0]) if start else None
    if start is None or header is None or header[0] != b"PE\0\0":
        return "is not a Windows library: it has no PE header; give a shared object or a wheel"
    table = start[0] + HEADER.size + header[6]
    sections: list[tuple[str, int, int]] = []
    # The number is of 16 bits, so that it bounds the loop.
    for number in range(header[2]):
        fields = window.unpack(SECTION, table + number * SECTION.size)
        if fields is None:
            return f"is truncated: it states {header[2]} sections and ends in the table of them"
        name, in_memory, _address, in_file, offset = fields
        # In the file sections are padded to a multiple of 512.
        size = min(in_memory, in_file) if in_memory else in_file
        sections.append((name.rstrip(b"\0").decode("utf-8", "replace"), offset, size))
    return tuple(sections)
