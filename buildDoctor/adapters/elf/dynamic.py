"""What the loader reads of an ELF file: libraries, folders, symbols and the versions that they need.

System V ABI, "Dynamic Section"; for versions the Linux Standard Base, "Symbol Versioning".
"""

from __future__ import annotations

from collections.abc import Iterator
from struct import Struct
from typing import Any

import msgspec

from buildDoctor.adapters.elf.objects import (
    LONGEST_NAME,
    MOST_SYMBOLS,
    ElfObject,
    Section,
    raw_symbols,
    string_table,
    text_of,
)

DT_RPATH = 15
DT_RUNPATH = 29
MOST_ENTRIES = 1 << 16
"""Entries of the dynamic section and of the version tables after so many are not read."""
WEAK = 2
"""STB_WEAK: a symbol that may stay without a definition."""
LOCAL = 0
HIDDEN_VERSION = 0x8000
"""The bit of a version number that is no part of it."""
NEED = Struct("<HHIII")
"""Elf_Verneed: version, count, file, first entry, next record."""
NEED_ENTRY = Struct("<IHHII")
"""Elf_Vernaux: hash, flags, number, name, next entry."""
DEFINITION = Struct("<HHHHIII")
"""Elf_Verdef: version, flags, number, count, hash, first name, next record."""


class Version(msgspec.Struct, frozen=True):
    """A version of another library's symbols that a file needs."""

    library: str
    """The library that has it, such as `libc.so.6`."""
    name: str
    """Such as `GLIBC_2.29`."""


class Import(msgspec.Struct, frozen=True):
    """A symbol that a file expects from elsewhere."""

    name: str
    version: Version | None
    weak: bool


class DynamicSymbols(msgspec.Struct, frozen=True):
    """The symbols that the loader joins."""

    imports: tuple[Import, ...]
    exports: frozenset[str]


def search_folders(elf: ElfObject) -> tuple[str, ...]:
    """The folders in which the loader looks first for what the file needs: RUNPATH, else RPATH."""
    values = dict(_dynamic_texts(elf, {DT_RPATH, DT_RUNPATH}))
    stated = values.get(DT_RUNPATH, values.get(DT_RPATH, ""))
    return tuple(part for part in stated.split(":") if part)


def _dynamic_texts(elf: ElfObject, wanted: set[int]) -> Iterator[tuple[int, str]]:
    """The entries of the dynamic section whose values are texts, of some tags."""
    section = elf.section(".dynamic")
    strings = _linked(elf, section)
    if section is None or strings is None:
        return
    layout = elf.layout("qQ", "iI")
    view = elf.window.view(section.offset, min(section.size, MOST_ENTRIES * layout.size))
    for tag, value in layout.iter_unpack(view[: len(view) // layout.size * layout.size]):
        if tag in wanted:
            yield tag, elf.window.text(strings.offset + value, LONGEST_NAME)


def needed_versions(elf: ElfObject) -> dict[int, Version]:
    """The versions that a file needs of other libraries, by the number that its symbols refer to."""
    section = elf.section(".gnu.version_r")
    strings = _linked(elf, section)
    if section is None or strings is None or not elf.little_endian:
        return {}
    found: dict[int, Version] = {}
    for at, (_version, _count, file, first, _next) in _chain(elf, section.offset, NEED, 4):
        library = elf.window.text(strings.offset + file, LONGEST_NAME)
        for _at, (_hash, _flags, number, name, _following) in _chain(elf, at + first, NEED_ENTRY, 4):
            found[number & ~HIDDEN_VERSION] = Version(library, elf.window.text(strings.offset + name, LONGEST_NAME))
            if len(found) >= MOST_ENTRIES:
                return found
    return found


def defined_versions(elf: ElfObject) -> tuple[str, ...]:
    """The versions of its own symbols that a library offers, such as `GLIBCXX_3.4.32`."""
    section = elf.section(".gnu.version_d")
    strings = _linked(elf, section)
    if section is None or strings is None or not elf.little_endian:
        return ()
    names = Struct("<I")
    heads = ((at, fields[5]) for at, fields in _chain(elf, section.offset, DEFINITION, 6))
    offsets = (elf.window.unpack(names, at + first) for at, first in heads)
    return tuple(elf.window.text(strings.offset + offset[0], LONGEST_NAME) for offset in offsets if offset)


def _chain(elf: ElfObject, start: int, layout: Struct, link: int) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """The records of a list whose field `link` says how far the next one is; 0 ends it. It only goes forward."""
    for _ in range(MOST_ENTRIES):
        fields = elf.window.unpack(layout, start)
        if fields is None:
            return
        yield start, fields
        if fields[link] == 0:
            return
        start += fields[link]


def dynamic_symbols(elf: ElfObject) -> DynamicSymbols:
    """What a file expects from elsewhere, and what it gives to others."""
    names = string_table(elf, ".dynsym")
    versions, numbers = needed_versions(elf), _version_numbers(elf)
    imports: list[Import] = []
    exports: set[str] = set()
    for index, (name_at, info, place, _value, _size) in enumerate(raw_symbols(elf, ".dynsym")):
        if info >> 4 == LOCAL or name_at >= len(names):
            continue
        name = text_of(names, name_at)
        if place != 0:
            exports.add(name)
        elif name:
            number = numbers[index] & ~HIDDEN_VERSION if index < len(numbers) else 0
            imports.append(Import(name, versions.get(number), info >> 4 == WEAK))
    return DynamicSymbols(tuple(imports), frozenset(exports))


def _version_numbers(elf: ElfObject) -> tuple[int, ...]:
    """For each symbol the number of its version."""
    section = elf.section(".gnu.version")
    if section is None:
        return ()
    view = elf.window.view(section.offset, min(section.size, 2 * MOST_SYMBOLS))
    count = len(view) // 2
    numbers: tuple[int, ...] = Struct(f"{'<' if elf.little_endian else '>'}{count}H").unpack(view[: count * 2])
    return numbers


def _linked(elf: ElfObject, section: Section | None) -> Section | None:
    """The string table that a section refers to."""
    return elf.sections[section.link] if section is not None and section.link < len(elf.sections) else None
