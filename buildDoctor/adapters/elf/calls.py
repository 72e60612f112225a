"""Which functions a function of a file calls, as far as its x86-64 machine code says so plainly.

Nothing is disassembled: a call is a byte, or two, and a distance, and only distances that lead exactly to a function
that is asked for count. A byte of something else does that once in four thousand million.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from struct import Struct

from buildDoctor.adapters.elf.objects import LONGEST_NAME, MOST_SYMBOLS, ElfObject

X86_64 = 62
"""EM_X86_64."""
LARGEST_FUNCTION = 1 << 16
"""Bytes of a function after so many are not looked at; those that hand over to others are small."""
LOADED = 1
"""PT_LOAD: a part of the file that is mapped into memory."""
PROGRAM_HEADER = Struct("<IIQQQQQQ")
RELOCATION = Struct("<QQq")
SYMBOL = Struct("<IBBHQQ")
DISTANCE = Struct("<i")
CALL_OR_JUMP = (b"\xe8", b"\xe9")
CONDITIONAL_JUMPS = tuple(bytes((0x0F, second)) for second in range(0x80, 0x90))
INDIRECT = (b"\xff\x15", b"\xff\x25")
"""A call and a jump through a slot of the global offset table."""
STUB_BYTES = 16
"""The size of an entry of the procedure linkage table."""


@dataclass(frozen=True, slots=True)
class Function:
    """Where a function lies in memory."""

    address: int
    size: int


def called(elf: ElfObject, caller: str, wanted: Iterable[str]) -> frozenset[str] | None:
    """Those of some functions that a function calls or jumps to; none when its code cannot be followed.

    Args:
        elf: The file.
        caller: The mangled name of the function.
        wanted: Mangled names of functions that it may call.
    """
    machine = elf.window.unpack(Struct("<H"), 18)
    if not elf.is_64 or not elf.little_endian or machine != (X86_64,):
        return None
    names = frozenset(wanted)
    functions = _functions(elf, names | {caller})
    code = functions.get(caller)
    start = None if code is None else _file_offset(elf, code.address)
    if code is None or start is None or not 0 < code.size <= LARGEST_FUNCTION:
        return None
    direct = {functions[name].address: name for name in names if name in functions}
    slots = _slots(elf, names)
    text = bytes(elf.window.view(start, code.size))
    return frozenset(name for at in _targets(text, code.address) for name in [_name_at(elf, at, direct, slots)] if name)


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
        for name, fields in _symbols(elf, table):
            if name in names and fields[3] != 0:
                found.setdefault(name, Function(fields[4], fields[5]))
        if len(found) == len(names):
            break
    return found


def _symbols(elf: ElfObject, table: str) -> Iterator[tuple[str, tuple[int, ...]]]:
    """The names and fields of a symbol table."""
    section = elf.section(table)
    if section is None or section.link >= len(elf.sections):
        return
    strings = elf.sections[section.link]
    view = elf.window.view(section.offset, min(section.size // SYMBOL.size, MOST_SYMBOLS) * SYMBOL.size)
    for fields in SYMBOL.iter_unpack(view[: len(view) // SYMBOL.size * SYMBOL.size]):
        yield elf.window.text(strings.offset + fields[0], LONGEST_NAME) if fields[0] < strings.size else "", fields


def _slots(elf: ElfObject, names: frozenset[str]) -> dict[int, str]:
    """The slots that the loader fills with the addresses of some functions."""
    numbered = dict(enumerate(name for name, _fields in _symbols(elf, ".dynsym")))
    found: dict[int, str] = {}
    for table in (".rela.plt", ".rela.dyn"):
        section = elf.section(table)
        if section is None:
            continue
        view = elf.window.view(section.offset, min(section.size, MOST_SYMBOLS * RELOCATION.size))
        for slot, info, _addend in RELOCATION.iter_unpack(view[: len(view) // RELOCATION.size * RELOCATION.size]):
            if numbered.get(info >> 32) in names:
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
