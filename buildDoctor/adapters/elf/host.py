"""The host side of the evidence: which entry points are there, and what stands behind them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from buildDoctor.adapters.elf.objects import ElfObject, Section, needed_libraries, read_symbols
from buildDoctor.core.evidence import EntryPoint, Host, Kernel
from buildDoctor.core.operations import HOST_NAME, OPERATIONS, STUB_TEXT, Operation, plain_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MOST_TEXTS = 64
LONGEST_TEXT = 300


def read_host(elf: ElfObject, kernels: tuple[Kernel, ...]) -> Host:
    """The host side of a file.

    Args:
        elf: The file.
        kernels: The kernels of the known operations that are in it, and all whose names look like host functions.
    """
    symbols = [*read_symbols(elf, ".dynsym"), *read_symbols(elf, ".symtab")]
    # Each kernel has a host function of its own plain name, which only launches it.
    launchers = {plain_name(kernel.name) for kernel in kernels if kernel.name}
    names = {symbol.name: symbol.defined for symbol in symbols if _is_interesting(symbol.name, launchers)}
    defined = tuple(sorted(name for name, is_defined in names.items() if is_defined))
    undefined = tuple(sorted(name for name, is_defined in names.items() if not is_defined))
    stubs = tuple(dict.fromkeys(stub_texts(elf)))
    functions = {plain_name(name) or name for name in defined}
    return Host(
        symbols=defined,
        undefined=undefined,
        needed=needed_libraries(elf),
        stubs=stubs,
        entry_points=tuple(_entry_point(elf, operation, functions, kernels, stubs) for operation in OPERATIONS),
    )


def _is_interesting(symbol: str, launchers: set[str | None]) -> bool:
    """Whether a report lists a function of this mangled name."""
    if not HOST_NAME.search(symbol):
        return False
    name = plain_name(symbol)
    return name is not None and name not in launchers and HOST_NAME.search(name) is not None


def _entry_point(
    elf: ElfObject, operation: Operation, functions: set[str], kernels: tuple[Kernel, ...], stubs: tuple[str, ...]
) -> EntryPoint:
    """What a file holds of one operation. Kernels decide; an error text may be there beside them."""
    present = not functions.isdisjoint(operation.functions) or _is_registered(elf, operation)
    behind = [kernel for kernel in kernels if kernel.name is not None and operation.is_kernel(kernel.name)]
    if not present:
        behind = []
    return EntryPoint(
        name=operation.name,
        state="kernel" if behind else "entry-point" if present else "absent",
        needs=operation.needs,
        launches=operation.launches,
        implementations=tuple(sorted(filter(operation.is_implementation, functions))),
        kernels=tuple(sorted({kernel.name for kernel in behind if kernel.name is not None})),
        architectures=_architectures(behind),
        stub=next((text for text in stubs if operation.stub and operation.stub.search(text)), None),
    )


def _architectures(kernels: Iterable[Kernel]) -> tuple[str, ...]:
    """The architectures of the images of some kernels, ascending; PTX as `9.0+PTX`."""
    found = {name for kernel in kernels for name in kernel.cubins or ()}
    found |= {f"{name}+PTX" for kernel in kernels for name in kernel.ptx or ()}
    return tuple(sorted(found, key=_numeric))


def _numeric(architecture: str) -> tuple[int, int, str]:
    """Orders dotted architectures: 9.0 before 10.0, and 12.0 before 12.0a."""
    match = re.match(r"(\d+)\.(\d+)(.*)", architecture)
    return (int(match[1]), int(match[2]), match[3]) if match else (0, 0, architecture)


def _is_registered(elf: ElfObject, operation: Operation) -> bool:
    """Whether the text that registers an operation with torch is in the file, as it is when symbols are stripped."""
    ends = (b"\0", b"(")
    wanted = [b"\0" + operation.name.encode() + end for end in ends]
    return any(
        elf.window.find(text, section.offset, section.offset + section.size) >= 0
        for section in read_only_data(elf)
        for text in wanted
    )


def read_only_data(elf: ElfObject) -> Iterator[Section]:
    """The sections in which a compiler puts texts."""
    return (section for section in elf.sections if section.name == ".rodata" or section.name.startswith(".rodata."))


def stub_texts(elf: ElfObject) -> Iterator[str]:
    """The texts that say that a kernel is missing, in file order, at most `MOST_TEXTS`."""
    count = 0
    for section in read_only_data(elf):
        position, end = section.offset, section.offset + section.size
        while count < MOST_TEXTS and (position := elf.window.find(STUB_TEXT, position, end)) >= 0:
            start = max(elf.window.rfind(b"\0", position - LONGEST_TEXT, position) + 1, section.offset)
            yield elf.window.text(start, LONGEST_TEXT).strip()
            position += len(STUB_TEXT)
            count += 1
