"""Many kernels, kept so that they are filtered and sorted in pieces, beside a screen that goes on being drawn."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import TypeVar

from msgspec import Struct, field

from buildDoctor.core.device.architectures import Verdict
from buildDoctor.core.device.matrix import kernel_verdict
from buildDoctor.core.device.serving import BEST_FIRST
from buildDoctor.core.evidence import Binary, Kernel, Unit
from buildDoctor.faces import wording

_PIECE = 2_000
"""What is done in one go. One go keeps the interpreter, so it has to be short."""

Item = TypeVar("Item")
IsOver = Callable[[], bool]
Signature = tuple[Kernel, Unit]
"""A kernel and its unit, in the place of all that are in the same images; most kernels of a file share a few of these."""


class StoppedError(Exception):
    """Nobody waits for the result any more."""


class KernelIndex(Struct):
    """Kernels in the order of their names."""

    kernels: list[Kernel] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    """As they are shown."""
    files: list[str] = field(default_factory=list)
    """The file of each."""
    signature_of: list[int] = field(default_factory=list)
    """The number of each kernel's signature."""
    signatures: list[Signature] = field(default_factory=list)

    def __len__(self) -> int:
        """How many there are."""
        return len(self.names)

    def verdicts(self, capability: str) -> tuple[Verdict, ...]:
        """What each signature is to a GPU."""
        return tuple(kernel_verdict(kernel, unit, capability) for kernel, unit in self.signatures)


def kernel_index(binaries: Iterable[Binary], unit: int | None, is_over: IsOver) -> KernelIndex:
    """The kernels of some files, or of one unit of one file.

    Raises:
        StoppedError: nobody waits any more.
    """
    found = KernelIndex()
    numbers: dict[Hashable, int] = {}
    for binary in binaries:
        units = {each.index: each for each in binary.units or ()}
        for piece in _pieces(binary.kernels or (), is_over):
            wanted = [kernel for kernel in piece if unit is None or kernel.unit == unit]
            found.kernels += wanted
            found.names += [wording.visible(_shown_name(kernel)) for kernel in wanted]
            found.files += [binary.path or ""] * len(wanted)
            for kernel in wanted:
                own = units.get(kernel.unit) or Unit(cubins=kernel.cubins, ptx=kernel.ptx)
                alike = (kernel.cubins, kernel.ptx, own.cubins, own.ptx, kernel.registered is False)
                number = numbers.setdefault(alike, len(numbers))
                if number == len(found.signatures):
                    found.signatures.append((kernel, own))
                found.signature_of.append(number)
    return _in_order_of_names(found, is_over)


def _shown_name(kernel: Kernel) -> str:
    """Its C++ name where it is known. Every kernel returns void; that of a template says so in front of its name."""
    return (kernel.demangled or kernel.name or "").removeprefix("void ")


def _in_order_of_names(index: KernelIndex, is_over: IsOver) -> KernelIndex:
    name = index.names.__getitem__
    sorted_pieces = [sorted(piece, key=name) for piece in _pieces(range(len(index)), is_over)]
    merged = heapq.merge(*sorted_pieces, key=name)
    order = [number for piece in _pieces(merged, is_over) for number in piece]
    return KernelIndex(
        kernels=[index.kernels[number] for number in order],
        names=[index.names[number] for number in order],
        files=[index.files[number] for number in order],
        signature_of=[index.signature_of[number] for number in order],
        signatures=index.signatures,
    )


def listed(index: KernelIndex, wanted: str, worst_on: str | None, is_over: IsOver) -> list[int]:
    """The kernels whose names have all words of a filter.

    Args:
        index: the kernels.
        wanted: the words.
        worst_on: a capability: those that serve it worst come first; without it the order is that of the names.
        is_over: says that nobody waits any more.

    Raises:
        StoppedError: nobody waits any more.
    """
    words = wanted.casefold().split()
    order: list[int] = []
    for piece in _pieces(range(len(index)), is_over):
        names = index.names
        order += (
            [number for number in piece if all(word in names[number].casefold() for word in words)] if words else piece
        )
    if worst_on is None:
        return order
    ranks = [len(BEST_FIRST) - BEST_FIRST.index(verdict) for verdict in index.verdicts(worst_on)]
    buckets: list[list[int]] = [[] for _ in range(len(BEST_FIRST) + 1)]
    for piece in _pieces(order, is_over):
        for number in piece:
            buckets[ranks[index.signature_of[number]]].append(number)
    return [number for bucket in buckets for number in bucket]


def _pieces(items: Iterable[Item], is_over: IsOver) -> Iterator[list[Item]]:
    iterator = iter(items)
    while piece := list(itertools.islice(iterator, _PIECE)):
        _check(is_over)
        yield piece


def _check(is_over: IsOver) -> None:
    if is_over():
        raise StoppedError
