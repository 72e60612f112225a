"""The rows of the kernels screen where only the packages of an environment were looked at."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from buildDoctor.core.device.architectures import Verdict
from buildDoctor.core.device.package_code import Service, service
from buildDoctor.core.device.serving import BEST_FIRST
from buildDoctor.core.evidence import Evidence, Package
from buildDoctor.faces.tui.tables.kernel_rows import SHORTEST_NAME, TONES
from buildDoctor.faces.tui.widgets.line_table import Cell, Column
from buildDoctor.faces.wording.package_words import cell, package_name, short_cell
from buildDoctor.faces.wording.verdict_words import SIGNS

PLACE = "The environment's packages"
"""What the list is called, as in the text report."""


class PackageRow(Struct, frozen=True):
    """A package with device code."""

    number: int
    """Its number in the evidence."""
    package: Package
    services: tuple[Service | None, ...]
    """What it is to each capability that has a column."""


class PackageRows(Struct, frozen=True):
    """Packages."""

    rows: tuple[PackageRow, ...]
    capabilities: tuple[str, ...]
    is_short: bool = False
    """Whether the cells are written short, for want of room."""

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self.rows)

    def __getitem__(self, number: int, /) -> Sequence[Cell]:
        """Its name and version, and what it is to each GPU."""
        row = self.rows[number]
        return (Cell(package_name(row.package)), *(self.cell(found) for found in row.services))

    def cell(self, found: Service | None) -> Cell:
        """The best that it has, and how many of its units have anything."""
        words = short_cell(found) if self.is_short else cell(found)
        verdict = found.verdict if found and found.served else Verdict.NONE
        return Cell(f"{SIGNS[verdict]} {words}", TONES[verdict])

    def is_lost(self, number: int) -> bool:
        """Whether a package has nothing for the first GPU."""
        found = next(iter(self.rows[number].services), None)
        return found is not None and not found.served


def package_rows(evidence: Evidence | None, capabilities: tuple[str, ...]) -> tuple[PackageRow, ...]:
    """The packages with device code, where no shared object was named: those say more than their packages."""
    if evidence is None or evidence.binaries:
        return ()
    return tuple(
        PackageRow(number, package, tuple(service(package, capability) for capability in capabilities))
        for number, package in enumerate(evidence.packages or ())
        if package.code
    )


def filtered(rows: tuple[PackageRow, ...], wanted: str) -> tuple[PackageRow, ...]:
    """The packages whose names have all words of a filter."""
    words = wanted.casefold().split()
    return tuple(row for row in rows if all(word in package_name(row.package).casefold() for word in words))


def sorted_by(rows: tuple[PackageRow, ...], column: int | None) -> tuple[PackageRow, ...]:
    """The packages that serve the GPU of a column worst first; in their own order without one."""
    return rows if column is None else tuple(sorted(rows, key=lambda row: _badness(row.services[column])))


def _badness(found: Service | None) -> tuple[int, float]:
    if found is None or not found.served:
        return (-len(BEST_FIRST), 0.0)
    return (-BEST_FIRST.index(found.verdict), found.served / found.units)


def fitted(
    rows: tuple[PackageRow, ...], capabilities: tuple[str, ...], asked: int, sort: str | None, width: int
) -> tuple[tuple[Column, ...], PackageRows]:
    """The columns that fit, and the rows in the words that fit them: short when not all that were asked for would.

    Args:
        rows: what is listed.
        capabilities: the GPUs to have a column.
        asked: how many of the first of them are diagnosed for.
        sort: the GPU that the rows are sorted by.
        width: the cells that there are.
    """
    chosen = PackageRows(rows, capabilities)
    columns = _columns(chosen, sort, width)
    if len(columns) - 1 < max(asked, 2):
        chosen = PackageRows(rows, capabilities, is_short=True)
        columns = _columns(chosen, sort, width)
    return columns, chosen


def _columns(rows: PackageRows, sort: str | None, width: int) -> tuple[Column, ...]:
    found = [Column("package ▾" if sort is None else "package")]
    left = width - SHORTEST_NAME - 1
    for at, capability in enumerate(rows.capabilities):
        title = f"{capability} ▾" if capability == sort else capability
        room = max([len(title), *(len(rows.cell(row.services[at]).text) for row in rows.rows)])
        left -= room + 1
        if left < 0 and at:
            break
        found.append(Column(title, room))
    return tuple(found)
