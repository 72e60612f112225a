"""Which of the known operations a file has, and what stands behind them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from msgspec import Struct

from buildDoctor.adapters.elf.calls import Code, called, code_of
from buildDoctor.adapters.elf.objects import ElfObject, Section
from buildDoctor.core.evidence import EntryPoint, Kernel
from buildDoctor.core.models.operations import OPERATIONS, STUB_TEXT, Operation, plain_name

MOST_TEXTS = 64
LONGEST_TEXT = 300


class HostFunctions(Struct, frozen=True):
    """What the host side has that entry points are recognised by."""

    elf: ElfObject
    functions: dict[str, str]
    """The functions of interest that it defines: mangled name and plain name."""
    kernels: tuple[Kernel, ...]
    stubs: tuple[str, ...]
    """Its texts that stand in for a kernel."""


def entry_points(host: HostFunctions) -> tuple[EntryPoint, ...]:
    """What a file holds of each known operation."""
    # One pass over the symbols for all of them: files have up to 100,000.
    code = code_of(host.elf, [name for name, plain in host.functions.items() if _is_part(plain)])
    return tuple(_entry_point(host, operation, code) for operation in OPERATIONS)


def _is_part(plain: str) -> bool:
    """Whether a function belongs to one of the known operations."""
    return any(plain in operation.functions or operation.is_implementation(plain) for operation in OPERATIONS)


def _entry_point(host: HostFunctions, operation: Operation, code: Code | None) -> EntryPoint:
    """What a file holds of one operation. Kernels decide; an error text may be there beside them."""
    plain = set(host.functions.values())
    present = not plain.isdisjoint(operation.functions) or _is_registered(host.elf, operation)
    behind = [kernel for kernel in host.kernels if kernel.name is not None and operation.is_kernel(kernel.name)]
    if not present:
        behind = []
    return EntryPoint(
        name=operation.name,
        state="kernel" if behind else "entry-point" if present else "absent",
        needs=operation.needs,
        launches=operation.launches,
        implementations=tuple(sorted(filter(operation.is_implementation, plain))),
        calls=_calls(host, operation, code),
        kernels=tuple(sorted({kernel.name for kernel in behind if kernel.name is not None})),
        architectures=_architectures(behind),
        stub=next((text for text in host.stubs if operation.stub and operation.stub.search(text)), None),
    )


def _calls(host: HostFunctions, operation: Operation, code: Code | None) -> tuple[str, ...] | None:
    """Those of its implementations that the entry point's code calls; none when the code cannot be followed."""
    implementations = {name: plain for name, plain in host.functions.items() if operation.is_implementation(plain)}
    if not implementations:
        return ()
    callers = [name for name, plain in host.functions.items() if plain in operation.functions]
    found = [called(code, caller, implementations) for caller in callers]
    known = [names for names in found if names is not None]
    return tuple(sorted({implementations[name] for names in known for name in names})) if known else None


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


def plain_names(symbols: Iterable[str]) -> dict[str, str]:
    """The plain names of mangled symbols, without those that no user calls."""
    return {symbol: name for symbol in symbols if (name := plain_name(symbol)) is not None}


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
