"""The host side of an ELF file: sections, symbols and needed libraries, as small values of our own.

pyelftools reads the section table; symbol tables are unpacked in bulk, because objects for each of 30,000 symbols
take thirty times as long.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from itertools import islice
from struct import Struct
from typing import TYPE_CHECKING, Any

import msgspec

from buildDoctor.adapters.elf.occurrences import occurrences

if TYPE_CHECKING:
    from buildDoctor.adapters.elf.window import Window

SMALLEST_HEADER = 52
"""The bytes of an ELF header of a 32-bit file."""
MOST_SECTIONS = 1 << 16
MOST_SYMBOLS = 1 << 22
LONGEST_NAME = 1 << 12
"""Symbols with longer names, in bytes, are template instances that nobody asks for; they are cut."""
MOST_NAME_BYTES = 1 << 28
"""Of a table of names; the largest known has 40 million."""
MOST_MATCHES = 1 << 18
"""Of what is searched among names; the most known are 2,000."""
DT_NEEDED = 1
FUNCTION_TYPES = (0, 2)
"""STT_NOTYPE, which functions of other libraries have, and STT_FUNC."""


class Section(msgspec.Struct, frozen=True):
    """One section of the file."""

    name: str
    type: str
    """Such as `SHT_PROGBITS`."""
    offset: int
    """Where it starts in the file, in bytes."""
    size: int
    """In the file: 0 for a section without bytes there."""
    link: int
    """The number of the section that it refers to: its string table."""


class Symbol(msgspec.Struct, frozen=True):
    """One entry of a symbol table."""

    name: str
    defined: bool
    """False when it is expected from another library."""


class ElfObject(msgspec.Struct, frozen=True):
    """A file's section table and what is needed to read on."""

    window: Window
    sections: tuple[Section, ...]
    is_64: bool
    little_endian: bool
    names: dict[str, bytes] = msgspec.field(default_factory=dict)
    """The names of symbol tables, for those that were asked for."""

    def section(self, name: str) -> Section | None:
        """The first section of a name."""
        return next((section for section in self.sections if section.name == name), None)

    def layout(self, wide: str, narrow: str) -> Struct:
        """A structure in this file's byte order: `wide` for 64-bit files, `narrow` for 32-bit files."""
        return Struct(("<" if self.little_endian else ">") + (wide if self.is_64 else narrow))


def read_object(window: Window, name: str) -> ElfObject | str:
    """The section table of an ELF file, or one sentence that says why there is none.

    Args:
        window: The file.
        name: What to call it in the sentence.
    """
    refusal = _refuse_start(window, name)
    if refusal:
        return refusal
    # The structures alone: pyelftools' ELFFile imports its DWARF reader too, which takes longer than all else here.
    from elftools.elf.structs import ELFStructs  # noqa: PLC0415  a file that is refused does not pay for the import

    kind, order = window.view(4, 2)
    is_64, little_endian = kind == 2, order == 1
    structs = ELFStructs(little_endian=little_endian, elfclass=64 if is_64 else 32)
    try:
        structs.create_basic_structs()
        header = structs.Elf_Ehdr.parse(bytes(window.view(0, structs.Elf_Ehdr.sizeof())))
        structs.create_advanced_structs(header.e_type, header.e_machine, header.e_ident.EI_OSABI)
        headers = _section_headers(header, structs.Elf_Shdr, window)
    except Exception as error:  # noqa: BLE001  pyelftools raises unrelated types on damaged files
        return f"{name} has a damaged ELF header ({type(error).__name__}: {error}); build or download it again"
    if isinstance(headers, str):
        return f"{name} {headers}; build, copy or download it again"
    return ElfObject(window, _named_sections(window, headers, header.e_shstrndx), is_64, little_endian)


def _refuse_start(window: Window, name: str) -> str | None:
    """Why the first bytes are not those of an ELF file, if they are not."""
    if window.size == 0:
        return f"{name} is empty; build or download it again"
    start = bytes(window.view(0, 16))
    if start[:4] != b"\x7fELF":
        return f"{name} is not an ELF file: it starts with {ascii(start)[1:]}; give a shared object or a wheel"
    if window.size < SMALLEST_HEADER:
        return f"{name} is truncated: it has {window.size} bytes, fewer than an ELF header; build or download it again"
    return None


def _section_headers(header: Any, layout: Any, window: Window) -> list[Any] | str:  # noqa: ANN401  pyelftools is untyped
    """The raw section headers, or what is wrong with where they should be.

    Args:
        header: The ELF header.
        layout: pyelftools' structure of a section header.
        window: The file.
    """
    if header.e_shoff == 0:
        return []
    width = layout.sizeof()
    # With too many sections for the header, section 0 holds their number as its size (System V ABI).
    count = header.e_shnum or layout.parse(bytes(window.view(header.e_shoff, width))).sh_size
    end = header.e_shoff + count * width
    if end > window.size:
        return f"is truncated: its section table ends at byte {end}, the file has {window.size}"
    if header.e_shentsize != width or count > MOST_SECTIONS:
        return f"has a damaged ELF header: it states {count} sections of {header.e_shentsize} bytes each"
    table = window.view(header.e_shoff, count * width)
    return [layout.parse(bytes(table[at : at + width])) for at in range(0, len(table), width)]


def _named_sections(window: Window, headers: list[Any], names_index: int) -> tuple[Section, ...]:
    """Sections with their names; without a usable table of names they are empty."""
    names = headers[names_index] if names_index < len(headers) else None
    return tuple(
        Section(
            name=window.text(names.sh_offset + header.sh_name, LONGEST_NAME) if names else "",
            type=str(header.sh_type),
            offset=header.sh_offset,
            size=0 if header.sh_type == "SHT_NOBITS" else header.sh_size,
            link=header.sh_link,
        )
        for header in headers
    )


def read_symbols(elf: ElfObject, table: str, containing: bytes) -> Iterator[Symbol]:
    """The functions of a symbol table whose names contain something, none when the file has no such table.

    System V ABI, "Symbol Table". Functions that are not defined here have no type, so those are given too.

    Args:
        elf: The file.
        table: `.dynsym` or `.symtab`.
        containing: Found in the names, in small letters; those of the names may be of either case.
    """
    names, symbols = string_table(elf, table), raw_symbols(elf, table)
    # One search through all names: a file has a hundred thousand, and few are asked for.
    texts = _texts_around(names, containing)
    starts = [first for first, _last in texts]
    for start, info, index, _value, _size in symbols if texts else ():
        at = bisect_right(starts, start) - 1
        if at >= 0 and start <= texts[at][1] and info & 15 in FUNCTION_TYPES:
            yield Symbol(text_of(names, start), defined=index != 0)


def _texts_around(names: bytes, containing: bytes) -> list[tuple[int, int]]:
    """Where the texts begin that contain something, and where that last begins; a name may be the end of a text."""
    found: list[tuple[int, int]] = []
    for at in islice(occurrences(names, containing, any_case=True), MOST_MATCHES):
        if found and names.find(b"\0", found[-1][1], at) < 0:
            found[-1] = found[-1][0], at
        else:
            found.append((names.rfind(b"\0", 0, at) + 1, at))
    return found


def string_table(elf: ElfObject, table: str) -> bytes:
    """The names of a symbol table. Copied once: taking a name from the mapped file costs four times as much."""
    if table not in elf.names:
        section = elf.section(table)
        if section is None or section.link >= len(elf.sections):
            return b""
        strings = elf.sections[section.link]
        elf.names[table] = bytes(elf.window.view(strings.offset, min(strings.size, MOST_NAME_BYTES)))
    return elf.names[table]


def raw_symbols(elf: ElfObject, table: str) -> Iterator[tuple[int, int, int, int, int]]:
    """Of each symbol: where its name starts, its type and binding, the number of its section, its value and its size."""
    section = elf.section(table)
    if section is None or section.link >= len(elf.sections):
        return
    layout = elf.layout("IBBHQQ", "IIIBBH")
    view = elf.window.view(section.offset, min(section.size // layout.size, MOST_SYMBOLS) * layout.size)
    symbols = layout.iter_unpack(view[: len(view) // layout.size * layout.size])
    if elf.is_64:
        return (yield from ((name, info, index, value, size) for name, info, _other, index, value, size in symbols))
    yield from ((name, info, index, value, size) for name, value, size, info, _other, index in symbols)


def text_of(names: bytes, start: int) -> str:
    """The text at an offset of a table of names, cut at `LONGEST_NAME` bytes; empty outside of it."""
    end = names.find(b"\0", start, start + LONGEST_NAME)
    return names[start : end if end >= 0 else start + LONGEST_NAME].decode("utf-8", "replace")


def needed_libraries(elf: ElfObject) -> tuple[str, ...]:
    """The libraries that the file asks the loader for, in its order.

    System V ABI, "Dynamic Section": pairs of a tag and an offset into the linked string table.
    """
    section = elf.section(".dynamic")
    if section is None or section.link >= len(elf.sections):
        return ()
    strings = elf.sections[section.link].offset
    layout = elf.layout("qQ", "iI")
    view = elf.window.view(section.offset, min(section.size, MOST_SYMBOLS))
    pairs = layout.iter_unpack(view[: len(view) // layout.size * layout.size])
    return tuple(elf.window.text(strings + value, LONGEST_NAME) for tag, value in pairs if tag == DT_NEEDED)
