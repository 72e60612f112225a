"""Which functions a function of a file calls, as far as its x86-64 machine code says so plainly.

Nothing is disassembled: a call is a byte, or two, and a distance, and only distances that lead exactly to a function
that is asked for count. A byte of something else does that once in four thousand million.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from struct import Struct

import msgspec

from buildDoctor.adapters.elf.objects import MOST_SYMBOLS, ElfObject, raw_symbols, string_table

X86_64 = 62
"""EM_X86_64."""
MOST_FUNCTIONS = 256
"""Calls between more functions are not followed; a file has about ten of the known operations."""
LARGEST_FUNCTION = 1 << 16
"""Bytes of a function after so many are not looked at; those that hand over to others are small."""
FUNCTION = 2
"""STT_FUNC."""
LOADED = 1
"""PT_LOAD: a part of the file that is mapped into memory."""
PROGRAM_HEADER = Struct("<IIQQQQQQ")
RELOCATION = Struct("<QQq")
DISTANCE = Struct("<i")
CALL_OR_JUMP = (b"\xe8", b"\xe9")
CONDITIONAL_JUMPS = tuple(bytes((0x0F, second)) for second in range(0x80, 0x90))
INDIRECT = (b"\xff\x15", b"\xff\x25")
"""A call and a jump through a slot of the global offset table."""
STUB_BYTES = 16
"""The size of an entry of the procedure linkage table."""


class Function(msgspec.Struct, frozen=True):
    """Where a function lies in memory."""

    address: int
    size: int


class Code(msgspec.Struct, frozen=True):
    """What is needed to follow calls between some functions of a file."""

    elf: ElfObject
    functions: Mapping[str, Function]
    """Where those lie that the file defines."""
    slots: Mapping[int, str]
    """The slots that the loader fills with their addresses."""


def code_of(elf: ElfObject, names: Iterable[str]) -> Code | None:
    """The code of some functions, by their mangled names; none for another processor than x86-64."""
    if not elf.is_64 or not elf.little_endian or elf.window.unpack(Struct("<H"), 18) != (X86_64,):
        return None
    wanted = frozenset(names)
    return Code(elf, _functions(elf, wanted), _slots(elf, wanted)) if 0 < len(wanted) <= MOST_FUNCTIONS else None


def called(code: Code | None, caller: str, wanted: Iterable[str]) -> frozenset[str] | None:
    """Those of some functions that a function calls or jumps to; none when its code cannot be followed.

    Args:
        code: The code of them all.
        caller: The mangled name of the function.
        wanted: Mangled names of functions that it may call.
    """
    function = code.functions.get(caller) if code else None
    start = _file_offset(code.elf, function.address) if code and function else None
    if code is None or function is None or start is None or not 0 < function.size <= LARGEST_FUNCTION:
        return None
    names = frozenset(wanted)
    direct = {code.functions[name].address: name for name in names if name in code.functions}
    slots = {slot: name for slot, name in code.slots.items() if name in names}
    text = bytes(code.elf.window.view(start, function.size))
    found = (_name_at(code.elf, target, direct, slots) for target in _targets(text, function.address))
    return frozenset(name for name in found if name)


def _targets(text: bytes, address: int) -> Iterator[tuple[int, bool]]:
    """Where calls and jumps may lead, and whether that is a slot that holds the real place."""
    forms = [(opcode, False) for opcode in (*CALL_OR_JUMP, *CONDITIONAL_JUMPS)] + [
        (opcode, True) for opcode in INDIRECT
    ]
    for opcode, is_slot in forms:
        position = text.find(opcode)
        while 0 <= position <= len(text) - len(opcode) - 4:
            after = position + len(opcode) + 4
            yield address + after + DISTANCE.unpack_from(text, after - 4)[0], is_slot
            position = text.find(opcode, position + 1)


def _name_at(
    elf: ElfObject, target: tuple[int, bool], direct: Mapping[int, str], slots: Mapping[int, str]
) -> str | None:
    """The function at a place: itself, through a slot, or through an entry of the procedure linkage table."""
    address, is_slot = target
    if is_slot:
        return slots.get(address)
    if address in direct:
        return direct[address]
    place = _file_offset(elf, address) if slots else None
    if place is None:
        return None
    stub = bytes(elf.window.view(place, STUB_BYTES))
    jump = stub.find(INDIRECT[1])
    if not 0 <= jump <= STUB_BYTES - 6:
        return None
    return slots.get(address + jump + 6 + int(DISTANCE.unpack_from(stub, jump + 2)[0]))


def _functions(elf: ElfObject, names: frozenset[str]) -> dict[str, Function]:
    """Where some functions that the file defines lie."""
    found: dict[str, Function] = {}
    for table in (".dynsym", ".symtab"):
        for _index, name, (address, size) in _symbols(elf, table, names):
            found.setdefault(name, Function(address, size))
        if len(found) == len(names):
            break
    return found


def _symbols(elf: ElfObject, table: str, names: frozenset[str]) -> Iterator[tuple[int, str, tuple[int, int]]]:
    """Of those functions of some names that a symbol table defines: number, name, and address and size."""
    texts = string_table(elf, table)
    # Found among all names at once: few are asked for, and a file has a hundred thousand.
    places = {place: name for name in names for place in _places(texts, name.encode() + b"\0")}
    for index, (start, info, section, address, size) in enumerate(raw_symbols(elf, table) if places else ()):
        if start in places and info & 15 == FUNCTION and section != 0:
            yield index, places[start], (address, size)


def _places(texts: bytes, wanted: bytes) -> Iterator[int]:
    """Where a text stands among others, also as the end of a longer one."""
    place = texts.find(wanted)
    while place >= 0:
        yield place
        place = texts.find(wanted, place + 1)


def _slots(elf: ElfObject, names: frozenset[str]) -> dict[int, str]:
    """The slots that the loader fills with the addresses of some functions."""
    numbered = {index: name for index, name, _place in _symbols(elf, ".dynsym", names)}
    found: dict[int, str] = {}
    if not numbered:
        return found
    for table in (".rela.plt", ".rela.dyn"):
        section = elf.section(table)
        if section is None:
            continue
        view = elf.window.view(section.offset, min(section.size, MOST_SYMBOLS * RELOCATION.size))
        for slot, info, _addend in RELOCATION.iter_unpack(view[: len(view) // RELOCATION.size * RELOCATION.size]):
            if info >> 32 in numbered:
                found[slot] = numbered[info >> 32]
    return found


def _file_offset(elf: ElfObject, address: int) -> int | None:
    """Where the file holds what is mapped at an address."""
    where = elf.window.unpack(Struct("<Q"), 32)
    count = elf.window.unpack(Struct("<HH"), 54)
    if where is None or count is None or count[0] != PROGRAM_HEADER.size:
        return None
    for index in range(count[1]):
        header = elf.window.unpack(PROGRAM_HEADER, where[0] + index * PROGRAM_HEADER.size)
        if header and header[0] == LOADED and header[3] <= address < header[3] + header[5]:
            return int(header[2] + address - header[3])
    return None
