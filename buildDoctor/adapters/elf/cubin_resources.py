"""What each kernel of a cubin takes of the GPU: registers, stack, shared memory and launch bounds.

NVIDIA cubin format, by experiment: docs/fatbin-format.md, "Resources"; equal to `cuobjdump -res-usage`.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from msgspec import Struct

from buildDoctor.adapters.elf import cubin_records as records
from buildDoctor.adapters.elf.cubin import (
    ELF_HEADER,
    LONGEST_NAME,
    SECTION,
    CubinSection,
    kernel_symbols,
    section_bytes,
    section_table,
)
from buildDoctor.adapters.elf.cubin_header import OSABI_OLD, toolkit_version

if TYPE_CHECKING:
    from collections.abc import Callable

INFO = ".nv.info"
SHARED = ".nv.shared."
CONSTANT = ".nv.constant0."
CODE = ".text."
BARRIERS_AT = 20
"""In the flags of a kernel's code, up to ABI 7: the first of the 7 bits that hold its barriers."""


class CubinKernel(Struct):
    """What a cubin says about a kernel. What it does not say stays none; memory and barriers are then 0."""

    registers: int | None = None
    stack_bytes: int = 0
    shared_bytes: int = 0
    constant_bytes: int | None = None
    max_threads: tuple[int, ...] | None = None
    required_threads: tuple[int, ...] | None = None
    cluster: tuple[int, ...] | None = None
    barriers: int = 0
    toolkit: str | None = None


def cubin_resources(image: memoryview) -> dict[str, CubinKernel] | str:
    """What a cubin says about each of its kernels, in the order of its symbol table, or what is wrong with it."""
    table = section_table(image)
    if isinstance(table, str):
        return table
    symbols = kernel_symbols(image, table)
    if isinstance(symbols, str):
        return symbols
    header = ELF_HEADER.unpack_from(image)
    is_old, version = header[4] == OSABI_OLD, header[8]
    toolkit = toolkit_version(version) if is_old else None
    found = {name: CubinKernel(toolkit=toolkit) for name in symbols.values()}
    named = _named(image, list(SECTION.iter_unpack(table)), header[-1])
    if isinstance(named, str):
        return named
    # Tables that overlap could otherwise be made to take any time.
    if sum(section.size for name, section in named[f"{INFO}."].items() if name in found) > 2 * len(image):
        return "the cubin's attributes overlap"
    for prefix, read in _readers(is_old=is_old).items():
        for name in named[prefix].keys() & found.keys():
            read(found[name], named[prefix][name], image)
    _read_shared_table(image, named[INFO].get(""), {number: found[name] for number, name in symbols.items()})
    return found


def _named(
    image: memoryview, sections: list[tuple[int, ...]], names_at: int
) -> dict[str, dict[str, CubinSection]] | str:
    """The sections that say something about kernels, by what they say and about which one."""
    names = section_bytes(image, CubinSection._make(sections[names_at])) if names_at < len(sections) else None
    if names is None:
        return "the cubin's sections have no names"
    text = bytes(names)
    found: dict[str, dict[str, CubinSection]] = defaultdict(dict)
    budget = 2 * len(text) + LONGEST_NAME
    for fields in sections:
        end = text.find(b"\0", fields[0], fields[0] + LONGEST_NAME)
        budget -= end - fields[0]
        if end < 0 or budget < 0:
            return "a name of the cubin's sections does not end"
        name = text[fields[0] : end].decode("utf-8", "replace")
        for prefix in (f"{INFO}.", SHARED, CONSTANT, CODE):
            if name.startswith(prefix):
                found[prefix].setdefault(name.removeprefix(prefix), CubinSection._make(fields))
        if name == INFO:
            found[INFO].setdefault("", CubinSection._make(fields))
    return found


def _readers(*, is_old: bool) -> dict[str, Callable[[CubinKernel, CubinSection, memoryview], None]]:
    """What is done with the sections of a kernel, by their names."""
    readers: dict[str, Callable[[CubinKernel, CubinSection, memoryview], None]] = {
        f"{INFO}.": _read_own_table,
        SHARED: _read_shared_memory,
        CONSTANT: _read_constants,
    }
    return readers | {CODE: _read_code_flags} if is_old else readers


def _read_own_table(kernel: CubinKernel, section: CubinSection, image: memoryview) -> None:
    """The attributes in a kernel's own `.nv.info`."""
    table = section_bytes(image, section)
    for record in records.read_records(table) if table is not None else ():
        if record.attribute == records.MAX_THREADS:
            kernel.max_threads = record.numbers(3)
        elif record.attribute == records.REQUIRED_THREADS:
            kernel.required_threads = record.numbers(3)
        elif record.attribute == records.CLUSTER:
            kernel.cluster = record.numbers(3)
        elif record.attribute == records.BARRIERS:
            kernel.barriers = record.number
        elif record.attribute == records.TOOLKIT and (code := record.numbers(1)):
            kernel.toolkit = toolkit_version(code[0]) or kernel.toolkit


def _read_shared_memory(kernel: CubinKernel, section: CubinSection, _image: memoryview) -> None:
    kernel.shared_bytes = section.size


def _read_constants(kernel: CubinKernel, section: CubinSection, _image: memoryview) -> None:
    kernel.constant_bytes = section.size


def _read_code_flags(kernel: CubinKernel, section: CubinSection, _image: memoryview) -> None:
    kernel.barriers = section.flags >> BARRIERS_AT & 0x7F


def _read_shared_table(image: memoryview, section: CubinSection | None, kernels: dict[int, CubinKernel]) -> None:
    """The attributes in the `.nv.info` of all kernels, which name them by their number in the symbol table."""
    table = section_bytes(image, section) if section else None
    for record in records.read_records(table) if table is not None else ():
        pair = record.numbers(2) if record.attribute in {records.REGISTERS, records.FRAME_SIZE} else None
        if pair is None or pair[0] not in kernels:
            continue
        if record.attribute == records.REGISTERS:
            kernels[pair[0]].registers = pair[1]
        else:
            kernels[pair[0]].stack_bytes = pair[1]
