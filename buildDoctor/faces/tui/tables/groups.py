"""Packages, files and units, each with what its kernels are to a GPU."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache

from msgspec import Struct

from buildDoctor.core.device.architectures import Verdict
from buildDoctor.core.device.serving import BEST_FIRST, KNOWN_CAPABILITIES, best
from buildDoctor.core.evidence import Binary, Package, Unit

_MOST_CAPABILITIES = 8


class Level(StrEnum):
    """What the rows are."""

    PACKAGES = "package"
    FILES = "file"
    UNITS = "unit"
    KERNELS = "kernel"


class Place(Struct, frozen=True):
    """Where one is: everything, a package, a file, or a unit."""

    package: str | None = None
    file: int | None = None
    """The number of the binary in the evidence."""
    unit: int | None = None

    @property
    def above(self) -> Place | None:
        """The place that this one is in."""
        if self.unit is not None:
            return Place(self.package, self.file)
        if self.file is not None:
            return Place(self.package)
        return None if self.package is None else Place()

    def holds(self, place: Place) -> bool:
        """Whether a place is this one, or in it."""
        own, others = (self.package, self.file, self.unit), (place.package, place.file, place.unit)
        return all(one is None or one == other for one, other in zip(own, others, strict=True))


class Group(Struct, frozen=True):
    """A package, a file or a unit."""

    place: Place
    title: str
    units: tuple[Unit, ...]

    def tally(self, capability: str) -> Counter[Verdict]:
        """How many of its kernels are what to a GPU."""
        found: Counter[Verdict] = Counter()
        for unit in self.units:
            found[verdict_of(unit.cubins or (), unit.ptx or (), capability)] += kernels_of(unit)
        return found


def kernels_of(unit: Unit) -> int:
    """How many kernels a unit has; one where they could not be counted."""
    return 1 if unit.kernel_count is None else unit.kernel_count


@lru_cache(maxsize=65536)
def verdict_of(cubins: tuple[str, ...], ptx: tuple[str, ...], capability: str) -> Verdict:
    """The best that some images are to a GPU."""
    return best(cubins, ptx, capability)


def worst(tally: Counter[Verdict]) -> Verdict | None:
    """The worst of a tally; nothing when it is empty."""
    return next((verdict for verdict in reversed(BEST_FIRST) if tally[verdict]), None)


def groups(binaries: tuple[Binary, ...], place: Place) -> tuple[Group, ...]:
    """What is directly in a place; nothing in a unit, which has kernels."""
    if place.unit is not None:
        return ()
    if place.file is not None:
        units = judged(binaries[place.file])
        return tuple(
            Group(Place(place.package, place.file, unit.index), f"unit {unit.index}", (unit,)) for unit in units
        )
    if place.package is None and len({binary.package for binary in binaries}) > 1:
        packages = dict.fromkeys(binary.package or "" for binary in binaries)
        return tuple(_package(name, binaries) for name in packages)
    names = file_names(binaries, place.package)
    return tuple(Group(Place(place.package, number), name, judged(binaries[number])) for number, name in names.items())


def _package(name: str, binaries: Iterable[Binary]) -> Group:
    units = tuple(unit for binary in binaries if (binary.package or "") == name for unit in judged(binary))
    return Group(Place(name), name or "files that were named alone", units)


def judged(binary: Binary) -> tuple[Unit, ...]:
    """The units that have kernels; a container that has none judges nothing."""
    return tuple(unit for unit in binary.units or () if kernels_of(unit))


def file_names(binaries: tuple[Binary, ...], package: str | None) -> dict[int, str]:
    """The files of a package, or all, by their numbers, without the folders that they share."""
    numbers = [at for at, binary in enumerate(binaries) if package is None or (binary.package or "") == package]
    return dict(zip(numbers, short_names(tuple(binaries[at] for at in numbers)), strict=True))


def short_names(binaries: tuple[Binary, ...]) -> tuple[str, ...]:
    """The paths of the files without the folders that they share."""
    paths = [(binary.path or "").replace("!", "/") for binary in binaries]
    folders = [path.split("/")[:-1] for path in paths]
    shared = 0
    while folders and all(len(folder) > shared and folder[shared] == folders[0][shared] for folder in folders):
        shared += 1
    return tuple("/".join(path.split("/")[shared:]) for path in paths)


def first_place(binaries: tuple[Binary, ...]) -> Place:
    """Where to begin: as deep as there is only one way."""
    place = Place()
    while len(inside := groups(binaries, place)) == 1 and inside[0].place.unit is None:
        place = inside[0].place
    return place


def level_of(binaries: tuple[Binary, ...], place: Place) -> Level:
    """What the rows of a place are."""
    if place.unit is not None:
        return Level.KERNELS
    if place.file is not None:
        return Level.UNITS
    several = place.package is None and len({binary.package for binary in binaries}) > 1
    return Level.PACKAGES if several else Level.FILES


def capabilities_to_show(
    asked: tuple[str, ...], binaries: tuple[Binary, ...], packages: tuple[Package, ...] = ()
) -> tuple[str, ...]:
    """The GPUs to have a column: those that are diagnosed for, then those that there is code for, then others."""
    bases = {image.rstrip("af") for binary in binaries for unit in binary.units or () for image in unit.cubins or ()}
    bases |= {image.rstrip("af") for package in packages for kind in package.code or () for image in kind.cubins or ()}
    known = sorted(
        (c for c in KNOWN_CAPABILITIES), key=lambda c: (c not in bases, [-int(part) for part in c.split(".")])
    )
    return tuple(dict.fromkeys((*asked, *known)))[:_MOST_CAPABILITIES]
