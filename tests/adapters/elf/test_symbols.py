"""Symbols by what is in their names, and where functions of some names lie, in tables made by hand."""

from __future__ import annotations

import struct

import pytest

from buildDoctor.adapters.elf import objects
from buildDoctor.adapters.elf.calls import code_of
from buildDoctor.adapters.elf.objects import ElfObject, Section, Symbol, read_symbols
from buildDoctor.adapters.elf.window import Window

FP4 = b"fp4"


def table(names: bytes, symbols: list[tuple[int, int, int]]) -> ElfObject:
    """A file of a symbol table and its names; of each symbol where its name starts, its type, and its section."""
    records = b"".join(
        struct.pack("<IBBHQQ", start, info, 0, index, 16 * at, 16) for at, (start, info, index) in enumerate(symbols)
    )
    header = struct.pack("<16sHH44x", b"\x7fELF\x02\x01\x01", 3, 62)
    places = (len(header), len(header) + len(records))
    sections = (
        Section(".symtab", "SHT_SYMTAB", places[0], len(records), 1),
        Section(".strtab", "SHT_STRTAB", places[1], len(names), 0),
    )
    return ElfObject(Window(header + records + names), sections, is_64=True, little_endian=True)


def test_a_name_may_be_the_end_of_another_or_begin_behind_what_is_searched() -> None:
    """Linkers write a name once when another ends with it; one that begins behind the find does not have it."""
    names = b"\0other\0a_fp4_b\0xFP4\0"
    starts = {name: names.index(name) for name in (b"other", b"a_fp4_b", b"fp4_b", b"p4_b", b"_b", b"xFP4")}
    elf = table(names, [(start, 2, 1) for start in starts.values()])
    assert [symbol.name for symbol in read_symbols(elf, ".symtab", FP4)] == ["a_fp4_b", "fp4_b", "xFP4"]


def test_only_functions_are_given_and_whether_they_are_defined() -> None:
    names = b"\0fp4\0"
    elf = table(names, [(1, 2, 1), (1, 1, 1), (1, 0x10, 0), (1, 0x12, 7)])
    assert list(read_symbols(elf, ".symtab", FP4)) == [
        Symbol("fp4", defined=True),
        Symbol("fp4", defined=False),
        Symbol("fp4", defined=True),
    ]


@pytest.mark.parametrize("start", [40, 1 << 31, (1 << 32) - 1])
def test_a_name_outside_of_the_table_is_none(start: int) -> None:
    assert list(read_symbols(table(b"\0fp4\0", [(start, 2, 1)]), ".symtab", FP4)) == []


def test_a_file_without_the_table_has_no_symbols() -> None:
    assert list(read_symbols(table(b"\0fp4\0", [(1, 2, 1)]), ".dynsym", FP4)) == []


def test_what_is_searched_among_names_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(objects, "MOST_MATCHES", 2)
    names = b"\0" + b"".join(b"%d_fp4\0" % number for number in range(5))
    elf = table(names, [(1 + 6 * number, 2, 1) for number in range(5)])
    assert [symbol.name for symbol in read_symbols(elf, ".symtab", FP4)] == ["0_fp4", "1_fp4"]


def test_the_code_of_functions_is_found_by_their_whole_names() -> None:
    names = b"\0one\0two_one\0three\0"
    elf = table(
        names, [(names.index(b"two_one"), 2, 1), (names.index(b"\0one") + 1, 2, 1), (names.index(b"three"), 2, 0)]
    )
    code = code_of(elf, ["one", "three", "absent"])
    assert code is not None
    assert {name: place.address for name, place in code.functions.items()} == {"one": 16}


def test_too_many_functions_are_not_followed() -> None:
    elf = table(b"\0one\0", [(1, 2, 1)])
    assert code_of(elf, [f"f{number}" for number in range(300)]) is None
