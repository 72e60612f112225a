"""The rows of the flow."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from rich.cells import cell_len

from buildDoctor.core.flow import Cell as FlowCell
from buildDoctor.core.flow import Layer, Row, State
from buildDoctor.faces.tui.widgets.line_table import Cell, Column, Tone
from buildDoctor.faces.wording import flow_words

_TONES = {State.KEPT: Tone.GOOD, State.LOST: Tone.QUIET, State.NOT_SEEN: Tone.WARN, State.BY_DESIGN: Tone.QUIET}
_NARROW = 5
_SHORTEST_TITLE = 16
_LONGEST_TITLE = 28
_SHORTEST_VALUE = 8


class Layout(Struct, frozen=True):
    """The columns for a width."""

    columns: tuple[Column, ...]
    signs_only: bool
    """Whether there is no room for values."""


class FlowRows(Struct, frozen=True):
    """The cells of each row."""

    rows: tuple[Row, ...]
    signs_only: bool

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self.rows)

    def __getitem__(self, number: int, /) -> Sequence[Cell]:
        """What it is, and what is left at each layer."""
        row = self.rows[number]
        by_layer = {cell.layer: cell for cell in row.cells}
        title = Cell(flow_words.row_title(row), Tone.QUIET if flow_words.is_by_design(row) else Tone.STRONG)
        return (title, *(self._cell(by_layer.get(layer), row) for layer in Layer))

    def _cell(self, cell: FlowCell | None, row: Row) -> Cell:
        if cell is None:
            return Cell("")
        tone = Tone.LOSS if cell is row.first_loss else _TONES[cell.state]
        return Cell(flow_words.sign(cell, row) if self.signs_only else flow_words.short_words(cell, row), tone)


def columns(rows: tuple[Row, ...], width: int) -> Layout:
    """The columns that fit: with values, the longest cut; or signs under short titles where there is no room."""
    longest = {layer: len(flow_words.TITLES[layer]) for layer in Layer}
    for row in rows:
        for cell in row.cells:
            longest[cell.layer] = max(longest[cell.layer], cell_len(flow_words.short_words(cell, row)))
    titles = max((cell_len(flow_words.row_title(row)) for row in rows), default=_SHORTEST_TITLE)
    room = width - min(max(titles, _SHORTEST_TITLE), _LONGEST_TITLE) - len(Layer) - 1
    if room < len(Layer) * _SHORTEST_VALUE:
        short = (Column(flow_words.SHORT_LAYERS[layer], _NARROW) for layer in Layer)
        return Layout((Column("GPU and kernel"), *short), signs_only=True)
    while sum(longest.values()) > room:
        longest[max(longest, key=longest.__getitem__)] -= 1
    values = (Column(flow_words.TITLES[layer], longest[layer]) for layer in Layer)
    return Layout((Column("GPU and kernel"), *values), signs_only=False)
