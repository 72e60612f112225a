"""The device code of a package, unit by unit, and how well it serves a GPU."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from msgspec import Struct

from buildDoctor.core.architectures import Verdict
from buildDoctor.core.evidence import Package, PackageCode, Unit
from buildDoctor.core.serving import BEST_FIRST, best

_SERVES = frozenset({Verdict.NATIVE, Verdict.FAMILY, Verdict.JIT})


class Service(Struct, frozen=True):
    """What a package is to a GPU."""

    verdict: Verdict
    """The best that any of its units is."""
    served: int
    """Units that run on it."""
    units: int
    """All of them."""


def code_of(units: Iterable[Unit]) -> tuple[PackageCode, ...]:
    """The kinds of units, those that are there most often first."""
    counted = Counter((unit.cubins or (), unit.ptx or ()) for unit in units)
    kinds = sorted(counted.items(), key=lambda kind: (-kind[1], kind[0]))
    return tuple(PackageCode(units=count, cubins=cubins, ptx=ptx) for (cubins, ptx), count in kinds)


def service(package: Package, capability: str) -> Service | None:
    """What a package is to a GPU of a capability; none for one without device code."""
    kinds = [(best(kind.cubins or (), kind.ptx or (), capability), kind.units or 0) for kind in package.code or ()]
    if not kinds:
        return None
    served = sum(units for verdict, units in kinds if verdict in _SERVES)
    return Service(
        min((verdict for verdict, _ in kinds), key=BEST_FIRST.index), served, sum(units for _, units in kinds)
    )
