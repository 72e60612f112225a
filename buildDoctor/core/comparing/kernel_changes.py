"""The kernels that came, went, or have other architectures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache

from msgspec.structs import replace

from buildDoctor.core.comparing.changes import CHANGED, GAINED, LOST, MOVED, REPLACED, KernelChange
from buildDoctor.core.device.serving import best, capabilities_of, level
from buildDoctor.core.evidence import Binary, Kernel
from buildDoctor.core.models.operations import OPERATIONS
from buildDoctor.core.symbols import qualified_name


def kernel_changes(before: Binary, after: Binary, places: Mapping[str, str]) -> tuple[str, tuple[KernelChange, ...]]:
    """Which kernels were compared, and those that came, went or have other architectures.

    A report may list only the kernels of known operations; then only those are compared.
    """
    if before.kernels is None or after.kernels is None:
        return "none", ()
    whole = lists_every_kernel(before) and lists_every_kernel(after)
    one, other = (_architectures(binary.kernels or (), whole=whole) for binary in (before, after))
    found = [_kernel_change(name, one.get(name), other.get(name), places) for name in sorted(one.keys() | other.keys())]
    changes = with_replacements([change for change in found if change is not None])
    return "all" if whole else "known operations", tuple(changes)


def with_replacements(changes: list[KernelChange]) -> list[KernelChange]:
    """The changes, with each lost kernel whose function has a new kernel for as many GPUs taken together with that one.

    A new parameter gives every kernel of a function another mangled name; that is no loss.
    """
    new: dict[str, dict[tuple[str, ...], list[KernelChange]]] = defaultdict(lambda: defaultdict(list))
    for change in changes:
        if change.change == GAINED:
            new[qualified_name(change.name)][change.after].append(change)
    result = [_replaced(change, new[qualified_name(change.name)]) for change in changes if change.change != GAINED]
    left = [change for by_architectures in new.values() for ones in by_architectures.values() for change in ones]
    return sorted([*result, *left], key=lambda change: change.name)


def _replaced(change: KernelChange, new: dict[tuple[str, ...], list[KernelChange]]) -> KernelChange:
    """A lost kernel as a replaced one, when a new kernel of its function is left that is no worse; that one is taken.

    Args:
        change: what changed.
        new: the new kernels of the same function, by their architectures.
    """
    if change.change != LOST:
        return change
    # Where the architectures are the same it is most likely the same variant.
    for architectures in sorted(new, key=lambda architectures: architectures != change.before):
        worse, better = served_otherwise(change.before, architectures)
        if new[architectures] and not worse:
            one = new[architectures].pop(0)
            return replace(change, change=REPLACED, after=one.after, better=better, replaced_by=one.name)
    return change


def lists_every_kernel(binary: Binary) -> bool:
    """Whether all kernels of a file are listed, not only those that someone asked for."""
    listed: dict[int | None, int] = defaultdict(int)
    for kernel in binary.kernels or ():
        listed[kernel.unit] += 1
    return all(unit.kernel_count is not None and listed[unit.index] >= unit.kernel_count for unit in binary.units or ())


def _architectures(kernels: Iterable[Kernel], *, whole: bool) -> dict[str, frozenset[str]]:
    """The architectures of each kernel, over all units that hold it; PTX as `9.0+PTX`.

    A kernel that the host side does not register has none: nothing can launch it.
    """
    found: dict[str, frozenset[str]] = {}
    for kernel in kernels:
        name = kernel.name or ""
        if whole or any(operation.is_kernel(name) for operation in OPERATIONS):
            has = {*(kernel.cubins or ()), *(f"{architecture}+PTX" for architecture in kernel.ptx or ())}
            found[name] = found.get(name, frozenset()) | (frozenset() if kernel.registered is False else has)
    return found


def _kernel_change(
    name: str, before: frozenset[str] | None, after: frozenset[str] | None, places: Mapping[str, str]
) -> KernelChange | None:
    """What changed for one kernel; none when nothing did."""
    if before == after:
        return None
    was, now = _ordered(before or ()), _ordered(after or ())
    if before is None:
        return KernelChange(name=name, change=GAINED, after=now)
    if after is None:
        moved = places.get(name, "")
        return KernelChange(name=name, change=MOVED if moved else LOST, before=was, moved_to=moved)
    worse, better = served_otherwise(was, now)
    return KernelChange(name=name, change=CHANGED, before=was, after=now, worse=worse, better=better)


@lru_cache(maxsize=1 << 14)
def served_otherwise(before: tuple[str, ...], after: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The capabilities that some architectures serve less well than others did, and those that they serve better."""
    worse: list[str] = []
    better: list[str] = []
    for capability in capabilities_of((*before, *after)):
        one, other = _level(before, capability), _level(after, capability)
        if other != one:
            (worse if other > one else better).append(capability)
    return tuple(worse), tuple(better)


def _level(architectures: Iterable[str], capability: str) -> int:
    every = tuple(architectures)
    cubins = [architecture for architecture in every if not architecture.endswith("+PTX")]
    ptx = [architecture.removesuffix("+PTX") for architecture in every if architecture.endswith("+PTX")]
    return level(best(cubins, ptx, capability))


def _ordered(architectures: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(architectures, key=numeric))


def numeric(architecture: str) -> tuple[float, str]:
    """Orders dotted architectures: 9.0 before 10.0, and 12.0 before 12.0a."""
    major, _, rest = architecture.partition(".")
    return (int(major) + int(rest[:1]) / 10 if major.isdigit() and rest[:1].isdigit() else 0.0), architecture
