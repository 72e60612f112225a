"""The rows of the kernels screen: packages, files and units, or kernels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from msgspec import Struct, field

from buildDoctor.core.device.architectures import Verdict
from buildDoctor.faces import wording
from buildDoctor.faces.tui.tables.groups import Group, Level, worst
from buildDoctor.faces.tui.tables.kernel_index import KernelIndex
from buildDoctor.faces.tui.widgets.line_table import Cell, Column, Tone
from buildDoctor.faces.wording.verdict_words import SIGNS, verdict_words

TONES = {
    Verdict.NATIVE: Tone.GOOD,
    Verdict.FAMILY: Tone.GOOD,
    Verdict.JIT: Tone.WARN,
    Verdict.NOT_PROMISED: Tone.WARN,
    Verdict.NONE: Tone.BAD,
}
"""The look of each verdict."""
_WIDTH = 9
SHORTEST_NAME = 24
"""Cells that the first column keeps."""


def columns(first: str, capabilities: tuple[str, ...], sort: str | None, width: int) -> tuple[Column, ...]:
    """The name, and as many capabilities as fit; the one that the rows are sorted by is marked.

    The names of kernels begin alike, so they keep half of the width.
    """
    shortest = max(SHORTEST_NAME, width // 2) if first == Level.KERNELS.value else SHORTEST_NAME
    fitting = capabilities[: max((width - shortest) // (_WIDTH + 1), 1)]
    name = f"{first} ▾" if sort is None else first
    # Paths begin alike and end in what tells them apart.
    return (
        Column(name, keeps_end=first == Level.FILES.value),
        *(Column(f"{c} ▾" if c == sort else c, _WIDTH) for c in fitting),
    )


class GroupRows(Struct, frozen=True):
    """Packages, files or units."""

    groups: tuple[Group, ...]
    capabilities: tuple[str, ...]
    _made: dict[int, tuple[Cell, ...]] = field(default_factory=dict)
    """A file of thousands of units is counted once, when it is first shown."""

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self.groups)

    def __getitem__(self, number: int, /) -> Sequence[Cell]:
        """What it is called, and what it is to each GPU."""
        if number not in self._made:
            group = self.groups[number]
            cells = (tally_cell(group.tally(capability)) for capability in self.capabilities)
            self._made[number] = (Cell(wording.visible(group.title)), *cells)
        return self._made[number]


def tally_cell(tally: Counter[Verdict]) -> Cell:
    """How many kernels do not run, or the worst of what they are."""
    verdict = worst(tally)
    if verdict is None:
        return Cell("-", Tone.QUIET)
    total = sum(tally.values())
    if verdict is Verdict.NONE and tally[verdict] < total:
        return Cell(f"{SIGNS[verdict]} {tally[verdict]}/{total}", Tone.BAD)
    return Cell(verdict_words(verdict), TONES[verdict])


class KernelRows(Struct, frozen=True):
    """Kernels."""

    index: KernelIndex
    order: list[int]
    verdicts: tuple[tuple[Verdict, ...], ...]
    """For each capability what each signature is to it."""

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self.order)

    def __getitem__(self, number: int, /) -> Sequence[Cell]:
        """Its name, and what it is to each GPU."""
        kernel = self.order[number]
        signature = self.index.signature_of[kernel]
        of_each = (by_signature[signature] for by_signature in self.verdicts)
        return (Cell(self.index.names[kernel]), *(Cell(verdict_words(v), TONES[v]) for v in of_each))

    def next_lost(self, row: int, step: int) -> int | None:
        """The next row whose kernel does not run on the first capability, around at the end."""
        lost = tuple(verdict is Verdict.NONE for verdict in self.verdicts[0]) if self.verdicts else ()
        if not any(lost):
            return None
        signature_of, order, count = self.index.signature_of, self.order, len(self.order)
        rows = ((row + step * distance) % count for distance in range(1, count + 1))
        return next((number for number in rows if lost[signature_of[order[number]]]), None)
