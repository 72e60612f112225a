"""The device code of a package, unit by unit, and how well it serves a GPU."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from msgspec import Struct

from buildDoctor.core.device.architectures import Verdict
from buildDoctor.core.device.serving import BEST_FIRST, best
from buildDoctor.core.evidence import Package, PackageCode, Unit

_SERVES = frozenset({Verdict.NATIVE, Verdict.FAMILY, Verdict.JIT})


class Service(Struct, frozen=True):
    """What a package is to a GPU."""

    verdict: Verdict
    """The best that any of its units is."""
    by_verdict: tuple[tuple[Verdict, int], ...]
    """The units that run on it by what they are to it, the best first."""
    units: int
    """All of them."""

    @property
    def served(self) -> int:
        """Units that run on it."""
        return sum(units for _verdict, units in self.by_verdict)


def code_of(units: Iterable[Unit]) -> tuple[PackageCode, ...]:
    """The kinds of units, those that are there most often first."""
    counted = Counter((unit.cubins or (), unit.ptx or ()) for unit in units)
    kinds = sorted(counted.items(), key=lambda kind: (-kind[1], kind[0]))
    return tuple(PackageCode(units=count, cubins=cubins, ptx=ptx) for (cubins, ptx), count in kinds)


def service(package: Package, capability: str) -> Service | None:
    """What a package is to a GPU of a capability; none for one without device code."""
    found = Counter[Verdict]()
    for kind in package.code or ():
        found[best(kind.cubins or (), kind.ptx or (), capability)] += kind.units or 0
    if not found:
        return None
    serving = tuple((verdict, found[verdict]) for verdict in BEST_FIRST if verdict in _SERVES and found[verdict])
    return Service(min(found, key=BEST_FIRST.index), serving, found.total())
