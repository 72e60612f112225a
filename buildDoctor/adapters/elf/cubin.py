"""The kernels of an image: from the symbol table of a cubin, or from the text of PTX.

A cubin is an ELF64 file for machine 190; NVIDIA's parts of it by experiment: docs/fatbin-format.md. The general
layout is the System V ABI's. Read by `struct`, because files hold hundreds of cubins with thousands of sections.
"""

from __future__ import annotations

from itertools import compress
from struct import Struct
from typing import NamedTuple

from buildDoctor.adapters.elf.ptx import ptx_kernels

ELF_HEADER = Struct("<4sBBBBB7xHHIQQQIHHHHHH")
SECTION = Struct("<IIQQQQIIQQ")
SYMBOL = Struct("<IBBHQQ")

SHT_SYMTAB = 2
STT_FUNC = 2
STO_CUDA_ENTRY = 0x10
"""Set in `st_other` for kernels; functions without it are called from device code only."""

INFO_AT, OTHER_AT = 4, 5
"""Where `st_info` and `st_other` stand in a symbol."""
IS_FUNCTION = bytes(int(info & 15 == STT_FUNC) for info in range(256))
IS_ENTRY = bytes(int(other & STO_CUDA_ENTRY != 0) for other in range(256))
"""1 for the values that a kernel has."""

MOST_SECTIONS = 1 << 18
MOST_SYMBOLS = 1 << 20
LONGEST_NAME = 1 << 16
"""In bytes; kernels of template libraries have names of several thousand."""


class CubinSection(NamedTuple):
    """The fields of a section header."""

    name: int
    type: int
    flags: int
    address: int
    offset: int
    size: int
    link: int
    info: int
    alignment: int
    entry_bytes: int


def kernel_names(image: memoryview) -> tuple[str, ...] | str:
    """The names of the kernels in a cubin or PTX text, or what is wrong with the image.

    Args:
        image: The unpacked image.
    """
    return cubin_kernels(image) if image[:4].tobytes() == b"\x7fELF" else ptx_kernels(image)


def cubin_kernels(image: memoryview) -> tuple[str, ...] | str:
    """The names of the kernels in a cubin, in the order of its symbol table, or what is wrong with it."""
    table = section_table(image)
    symbols = table if isinstance(table, str) else kernel_symbols(image, table)
    return symbols if isinstance(symbols, str) else tuple(symbols.values())


def kernel_symbols(image: memoryview, table: memoryview) -> dict[int, str] | str:
    """The kernels of a cubin by their number in its symbol table, or what is wrong with that table.

    Args:
        image: The cubin.
        table: Its section headers.
    """
    # One after the other: the symbol table is among the first of thousands.
    sections = map(CubinSection._make, SECTION.iter_unpack(table))
    found = next((section for section in sections if section.type == SHT_SYMTAB), None)
    if found is None or found.link * SECTION.size >= len(table):
        return "the cubin has no symbol table"
    symbols = section_bytes(image, found)
    strings = section_bytes(image, CubinSection._make(SECTION.unpack_from(table, found.link * SECTION.size)))
    if symbols is None or strings is None:
        return "the cubin's symbol table lies outside of it"
    return _kernel_symbols(symbols, bytes(strings))


def read_sections(image: memoryview) -> list[tuple[int, ...]] | str:
    """The fields of each section header, in the order of `CubinSection`, or why they cannot be read."""
    table = section_table(image)
    return table if isinstance(table, str) else list(SECTION.iter_unpack(table))


def section_table(image: memoryview) -> memoryview | str:
    """The section headers of a cubin, at least one, or why they cannot be read."""
    if len(image) < ELF_HEADER.size:
        return "the cubin is cut off in its header"
    offset, _flags, *_sizes, entry_bytes, count, _names = ELF_HEADER.unpack_from(image)[11:]
    if count == 0 and offset + SECTION.size <= len(image):
        # With too many sections for the header, section 0 holds their number as its size (System V ABI).
        count = CubinSection._make(SECTION.unpack_from(image, offset)).size
    if entry_bytes != SECTION.size or not 0 < count <= MOST_SECTIONS:
        return f"the cubin states {count} sections of {entry_bytes} bytes each"
    if offset + count * SECTION.size > len(image):
        return "the cubin's section table lies outside of it"
    return image[offset : offset + count * SECTION.size]


def section_bytes(image: memoryview, section: CubinSection) -> memoryview | None:
    """The bytes of a section, or none when it does not lie within the image."""
    end = section.offset + section.size
    return image[section.offset : end] if end <= len(image) else None


def _marks_of_kernels(symbols: memoryview) -> bytes:
    """1 for each symbol with the marks of a kernel: two bytes of each decide, taken from all at once."""
    types = int.from_bytes(symbols[INFO_AT :: SYMBOL.size].tobytes().translate(IS_FUNCTION), "little")
    others = int.from_bytes(symbols[OTHER_AT :: SYMBOL.size].tobytes().translate(IS_ENTRY), "little")
    return (types & others).to_bytes(len(symbols) // SYMBOL.size, "little")


def _kernel_symbols(symbols: memoryview, strings: bytes) -> dict[int, str] | str:
    """The names of the symbols that are kernels defined here, by number."""
    count = len(symbols) // SYMBOL.size
    if count > MOST_SYMBOLS:
        return f"the cubin states {count} symbols"
    symbols = symbols[: count * SYMBOL.size]
    names: dict[int, str] = {}
    # Names that overlap could otherwise be made to fill any memory.
    budget = 2 * len(strings) + LONGEST_NAME
    marked = compress(enumerate(SYMBOL.iter_unpack(symbols)), _marks_of_kernels(symbols))
    for number, (start, _info, _other, section, _value, _size) in marked:
        if section == 0:
            continue
        end = strings.find(b"\0", start, start + LONGEST_NAME)
        budget -= end - start
        if end < 0 or budget < 0:
            return "a name in the cubin's symbol table does not end"
        names[number] = strings[start:end].decode("utf-8", "replace")
    return names
