"""A table whose lines are made when they are shown, so that its length does not matter."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import ClassVar, Protocol

from msgspec import Struct
from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

_MOVE = Binding.Group("move", compact=True)
_GAP = 1
_MOST_DRAWN = 4096
"""Cells that are kept as they were drawn."""


class Tone(StrEnum):
    """How a cell looks. What it means is said by its text."""

    PLAIN = "plain"
    QUIET = "quiet"
    STRONG = "strong"
    GOOD = "good"
    WARN = "warn"
    BAD = "bad"
    LOSS = "loss"
    """What the eye is to land on."""


class Column(Struct, frozen=True):
    """One column."""

    title: str
    width: int = 0
    """Its cells; 0 takes all that the others leave."""
    keeps_end: bool = False
    """Whether a text that is too long loses its beginning, not its end."""


class Cell(Struct, frozen=True):
    """One cell. The text is safe to show and is never read as markup."""

    text: str
    tone: Tone = Tone.PLAIN


class Rows(Protocol):
    """What a table shows."""

    def __len__(self) -> int:
        """How many rows there are."""

    def __getitem__(self, number: int, /) -> Sequence[Cell]:
        """The cells of a row."""


def cut(text: str, room: int, *, keeps_end: bool) -> str:
    """As much of a text as fits, with a sign where something is missing."""
    if not keeps_end:
        return f"{set_cell_size(text, room - 1)}…"
    end = text[-(room - 1) :]
    while cell_len(end) > room - 1:
        end = end[1:]
    return f"…{end}"


class LineTable(ScrollView, can_focus=True):
    """A table with one chosen row, and where it `has_cells` one chosen column."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "line-table--header", "line-table--cursor", "line-table--here", *(f"line-table--{tone}" for tone in Tone)
    }  # fmt: skip
    DEFAULT_CSS = """
    LineTable {
        height: 1fr;
        overflow-x: hidden;
        scrollbar-size-vertical: 1;
        scrollbar-size-horizontal: 0;
        scrollbar-gutter: stable;
        .line-table--header { color: $foreground-muted; text-style: bold; }
        .line-table--cursor { background: $block-cursor-blurred-background; text-style: bold; }
        .line-table--here { text-style: reverse bold; }
        .line-table--quiet { color: $foreground-muted; }
        .line-table--strong { text-style: bold; }
        .line-table--good { color: $text-success; }
        .line-table--warn { color: $text-warning; }
        .line-table--bad { color: $text-error; }
        .line-table--loss { color: $text-error; text-style: bold reverse; }
        &:focus .line-table--cursor { background: $block-cursor-background; color: $block-cursor-foreground; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "open", key_display="⏎", tooltip="Go deeper into the chosen row", id="table.open"),
        Binding("j", "move(1)", "down", group=_MOVE, tooltip="Choose the row below (also ↓)", id="table.down"),
        Binding("k", "move(-1)", "up", group=_MOVE, tooltip="Choose the row above (also ↑)", id="table.up"),
        Binding("down", "move(1)", "down", show=False),
        Binding("up", "move(-1)", "up", show=False),
        Binding("right", "sideways(1)", "right", show=False),
        Binding("left", "sideways(-1)", "left", show=False),
        Binding("pagedown", "page(1)", "page down", show=False),
        Binding("pageup", "page(-1)", "page up", show=False),
        Binding("home", "jump(0)", "first", show=False),
        Binding("end", "jump(-1)", "last", show=False),
    ]

    row: reactive[int] = reactive(0, repaint=False)
    """The chosen row."""
    column: reactive[int] = reactive(0, repaint=False)
    """The chosen column, where columns are chosen."""

    class Chosen(Message):
        """Another row or column is chosen."""

    class Opened(Message):
        """The chosen row is to be looked into."""

    class Sorted(Message):
        """The title of a column was clicked."""

        def __init__(self, column: int) -> None:
            super().__init__()
            self.column = column
            """Its number."""

    def __init__(self, *, has_cells: bool = False, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._has_cells = has_cells
        self._columns: tuple[Column, ...] = ()
        self._rows: Rows = ()
        self._first_cell = 1
        self._looks: dict[tuple[Tone | None, bool, bool, bool], Style] = {}
        self._drawn: dict[tuple[str, Style, int, bool], Segment] = {}

    def show(self, columns: tuple[Column, ...], rows: Rows, *, row: int = 0) -> None:
        """Show other rows; the chosen one is `row`, or the last when there are fewer."""
        self._columns, self._rows = columns, rows
        self.virtual_size = Size(0, len(rows) + 1)
        self.set_reactive(LineTable.row, max(0, min(row, len(rows) - 1)))
        self._reveal()
        self.refresh()
        self.post_message(self.Chosen())

    @property
    def count(self) -> int:
        """How many rows are shown."""
        return len(self._rows)

    def validate_row(self, row: int) -> int:
        """A row that is there."""
        return max(0, min(row, len(self._rows) - 1))

    def validate_column(self, column: int) -> int:
        """A column that is there."""
        return max(self._first_cell, min(column, len(self._columns) - 1)) if self._has_cells else 0

    def watch_row(self, old: int, new: int) -> None:
        """Show both rows anew."""
        if old != new:
            self.refresh_line(old + 1)
            self.refresh_line(new + 1)
            self._reveal()
            self.post_message(self.Chosen())

    def watch_column(self, old: int, new: int) -> None:
        """Show the row anew."""
        if old != new:
            self.refresh_line(self.row + 1)
            self.post_message(self.Chosen())

    def _reveal(self) -> None:
        """Scroll as little as shows the chosen row beneath the titles."""
        room = max(self.scrollable_content_region.height - 1, 1)
        top = round(self.scroll_y)
        if self.row < top:
            self.scroll_to(y=self.row, animate=False)
        elif self.row >= top + room:
            self.scroll_to(y=self.row - room + 1, animate=False)

    def on_resize(self) -> None:
        """Keep the chosen row in sight."""
        self._reveal()

    def widths(self) -> list[int]:
        """How wide each column is."""
        total = self.scrollable_content_region.width
        fixed = sum(column.width + _GAP for column in self._columns if column.width)
        return [column.width or max(total - fixed, 8) for column in self._columns]

    def notify_style_update(self) -> None:
        """Ask for the colours anew."""
        super().notify_style_update()
        self._looks.clear()
        self._drawn.clear()

    def render_line(self, y: int) -> Strip:
        """The titles, or one row."""
        widths = self.widths()
        number = round(self.scroll_y) + y - 1
        base = self._look(None, chosen=y > 0 and number == self.row)
        if y == 0:
            style = self.get_component_rich_style("line-table--header")
            return self._strip([(column.title, style) for column in self._columns], base, widths)
        if not 0 <= number < len(self._rows):
            return Strip.blank(self.scrollable_content_region.width, base)
        chosen = number == self.row
        cells = [(cell.text, self._cell_look(cell.tone, chosen, at)) for at, cell in enumerate(self._rows[number])]
        return self._strip(cells, base, widths)

    def _cell_look(self, tone: Tone, chosen: bool, column: int) -> Style:  # noqa: FBT001 - a part of render_line
        here = chosen and self._has_cells and column == self.column
        return self._look(tone, chosen=chosen, here=here)

    def _look(self, tone: Tone | None, *, chosen: bool, here: bool = False) -> Style:
        """How a cell looks, or without a tone the line around it. Finding it out takes longer than drawing it."""
        focused = self.has_focus
        key = (tone, chosen, here, focused)
        if key not in self._looks:
            base = self.get_component_rich_style("line-table--cursor") if chosen else self.rich_style
            self._looks[key] = base if tone is None else self._toned(tone, base, chosen and focused, here and focused)
        return self._looks[key]

    def _toned(self, tone: Tone, base: Style, at_cursor: bool, here: bool) -> Style:  # noqa: FBT001 - a part of _look
        if here:
            return base + self.get_component_rich_style("line-table--here", partial=True)
        # The colours of a focused cursor are a pair: another foreground could not be read on it.
        if tone is Tone.PLAIN or (at_cursor and tone is not Tone.LOSS):
            return base
        look = self.get_component_rich_style(f"line-table--{tone}")
        # A colour with an alpha is mixed with the table's background, which the cursor's takes the place of.
        return base + Style(color=look.color, bold=look.bold or base.bold, reverse=look.reverse)

    def _strip(self, cells: Sequence[tuple[str, Style]], base: Style, widths: list[int]) -> Strip:
        """The cells of a line with gaps between them, as wide as the table."""
        gap = Segment(" " * _GAP, base)
        segments: list[Segment] = []
        for (text, style), room, column in zip(cells, widths, self._columns, strict=False):
            segments += (self._segment(text, style, room, column.keeps_end), gap)
        # The last column reaches to the edge.
        del segments[-1:]
        taken = sum(widths[: len(cells)]) + _GAP * (len(cells) - 1)
        return Strip(segments, max(taken, 0)).adjust_cell_length(self.scrollable_content_region.width, base)

    def _segment(self, text: str, style: Style, room: int, keeps_end: bool) -> Segment:  # noqa: FBT001 - a part of _strip
        """A cell, cut or filled to its room. Most cells of a long table are one of a few."""
        key = (text, style, room, keeps_end)
        drawn = self._drawn.get(key)
        if drawn is None:
            if len(self._drawn) >= _MOST_DRAWN:
                self._drawn.clear()
            fitted = text if cell_len(text) <= room else cut(text, room, keeps_end=keeps_end)
            drawn = self._drawn[key] = Segment(set_cell_size(fitted, room), style)
        return drawn

    def action_move(self, step: int) -> None:
        """Choose the next row."""
        self.row += step

    def action_sideways(self, step: int) -> None:
        """Choose the next column, where columns are chosen; otherwise right opens."""
        if self._has_cells:
            self.column += step
        elif step > 0:
            self.action_open()

    def action_page(self, step: int) -> None:
        """Choose the row a page further."""
        self.row += step * max(self.scrollable_content_region.height - 2, 1)

    def action_jump(self, row: int) -> None:
        """Choose the first row, or the last."""
        self.row = row if row >= 0 else len(self._rows) - 1

    def action_open(self) -> None:
        """Say that the chosen row is to be looked into."""
        if len(self._rows):
            self.post_message(self.Opened())

    def on_click(self, event: events.Click) -> None:
        """Choose what is clicked, and open it when it is chosen already; a title sorts."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        column = self._column_at(offset.x)
        if offset.y == 0:
            self.post_message(self.Sorted(column))
            return
        row = round(self.scroll_y) + offset.y - 1
        if not 0 <= row < len(self._rows):
            return
        same = row == self.row and (not self._has_cells or column == self.column)
        self.row = row
        if self._has_cells:
            self.column = column
        if same:
            self.action_open()

    def _column_at(self, x: int) -> int:
        for number, width in enumerate(self.widths()):
            x -= width + _GAP
            if x < 0:
                return number
        return len(self._columns) - 1
