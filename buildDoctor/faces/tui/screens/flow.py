"""The flow: what is left of each kernel at each layer, and where it is lost first."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from textual.widget import Widget

from buildDoctor.core.flow import Cell as FlowCell
from buildDoctor.core.flow import Layer, Row, flow
from buildDoctor.core.report import Report
from buildDoctor.faces.tui.screens.tab_screen import TabScreen
from buildDoctor.faces.tui.sheet import QUIET
from buildDoctor.faces.tui.tables.flow_rows import FlowRows, columns
from buildDoctor.faces.tui.widgets.filter_line import FilterLine
from buildDoctor.faces.tui.widgets.flow_page import flow_page
from buildDoctor.faces.tui.widgets.headline import Headline
from buildDoctor.faces.tui.widgets.line_table import LineTable
from buildDoctor.faces.tui.widgets.page import Page, nothing
from buildDoctor.faces.wording import flow_words
from buildDoctor.faces.wording.export import Table
from buildDoctor.faces.wording.places import Place


class FlowScreen(TabScreen):
    """Shows a row for each kernel on each GPU, and a column for each layer."""

    TITLE = "Flow"
    NOUN = "row"
    FILLS_EARLY = True
    CSS_PATH = "flow.tcss"
    _rows: tuple[Row, ...] = ()
    _listed: tuple[Row, ...] = ()

    def compose_head(self) -> Iterable[Widget]:
        """What is lost first."""
        yield Headline()

    def compose_panes(self) -> Iterable[Widget]:
        """The grid, and the chosen row in full."""
        yield LineTable(has_cells=True, id="list")
        yield Page(partial(nothing, "No row is listed."), id="detail")

    def missing(self, report: Report) -> str | None:
        """Why there is no row."""
        if not report.evidence.capabilities:
            return "It is not known what to diagnose for. Name a GPU: build-doctor --gpu 12.0 …"
        return None

    def fill(self, report: Report | None) -> None:
        """List the rows that the filter matches, and choose the first loss."""
        self._rows = flow_words.ordered(flow(report.evidence)) if report else ()
        words = self.wanted.casefold().split()
        self._listed = tuple(row for row in self._rows if all(word in _text(row) for word in words))
        self.query_one(FilterLine).found = len(self._listed)
        self._lay_out(0)
        self._choose_loss()
        self.say_first()

    def say_first(self) -> None:
        """Say what is lost first."""
        lost = next((row for row in self._rows if row.first_loss), None)
        headline, summary = self.query_one(Headline), self.so_far(flow_words.summary(self._rows))
        if lost:
            headline.say("✗", "bold $text-error", f"{flow_words.row_sentence(lost)}.", summary)
        elif self._rows:
            unseen = flow_words.has_gaps(self._rows)
            sign = ("?", "bold $text-primary") if unseen else ("✓", "bold $text-success")
            which = "No layer that could be examined" if unseen else "No layer"
            headline.say(*sign, f"{which} loses a kernel.", summary)
        else:
            headline.say("…", QUIET, "The way of each kernel from the GPU to the launch.")

    def _lay_out(self, row: int) -> None:
        table = self.query_one(LineTable)
        laid_out = columns(self._listed, table.scrollable_content_region.width)
        table.show(laid_out.columns, FlowRows(self._listed, signs_only=laid_out.signs_only), row=row)

    def on_resize(self) -> None:
        """Show values where there is room for them, signs where there is not."""
        if self.is_mounted:
            self.call_after_refresh(lambda: self._lay_out(self.query_one(LineTable).row))

    def _choose_loss(self) -> None:
        row = self._chosen
        if row and row.first_loss:
            self.query_one(LineTable).column = tuple(Layer).index(row.first_loss.layer) + 1

    @property
    def _chosen(self) -> Row | None:
        number = self.query_one(LineTable).row
        return self._listed[number] if number < len(self._listed) else None

    @property
    def _chosen_cell(self) -> FlowCell | None:
        row, at = self._chosen, self.query_one(LineTable).column - 1
        layer = tuple(Layer)[max(at, 0)]
        return next((cell for cell in row.cells if cell.layer is layer), None) if row else None

    def show_detail(self) -> None:
        """Show the chosen row, at the chosen layer."""
        row, report = self._chosen, self.report
        if row and report:
            page = partial(flow_page, row, self._chosen_cell, report.evidence, self._excerpt)
            self.query_one("#detail", Page).show(page)
        else:
            self.query_one("#detail", Page).show(partial(nothing, "No row is listed."))

    def on_line_table_opened(self) -> None:
        """Read the explanation of the chosen layer."""
        self.read(reading=True)

    def _excerpt(self, place: Place) -> tuple[tuple[int, str], ...]:
        plan = self.report.evidence.plan if self.report else None
        return self.services.excerpt(plan, place.file, place.line) if plan and self.services.excerpt else ()

    def choose_next(self, step: int) -> str:
        """Choose the next row that is lost somewhere."""
        table = self.query_one(LineTable)
        for distance in range(1, len(self._listed) + 1):
            number = (table.row + step * distance) % len(self._listed)
            if self._listed[number].first_loss:
                table.row = number
                self._choose_loss()
                return ""
        return "No row is lost."

    def line_to_copy(self) -> str | None:
        """The row in one line."""
        return flow_words.line(self._chosen) if self._chosen else None

    def place_to_open(self) -> Place | None:
        """Where the chosen layer's list stands."""
        cell = self._chosen_cell
        return flow_words.place_of(cell.path, self.report.evidence) if cell and self.report else None

    def table_to_export(self) -> Table | None:
        """Every listed row with what is left at each layer."""
        names = ("capability", "feature", "first loss", *(layer.value for layer in Layer))
        rows = tuple(
            (
                row.capability,
                row.feature or "plain sources",
                row.first_loss.layer.value if row.first_loss else "",
                *(next((c.value for c in row.cells if c.layer is layer), "") for layer in Layer),
            )
            for row in self._listed
        )
        return Table(name="flow", columns=names, rows=rows)


def _text(row: Row) -> str:
    return f"{flow_words.row_title(row)} {' '.join(cell.value for cell in row.cells)}".casefold()
