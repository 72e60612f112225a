"""The log: its lines that matter, the first error first. There is no such screen where no log was given."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from textual.widget import Widget

from buildDoctor.core.evidence import Log
from buildDoctor.core.report import Report
from buildDoctor.faces.tui.messages import FindingWanted
from buildDoctor.faces.tui.screens.tab_screen import LOG, TabScreen
from buildDoctor.faces.tui.tables import log_rows
from buildDoctor.faces.tui.tables.log_rows import LogRow, LogRows
from buildDoctor.faces.tui.widgets.filter_line import FilterLine
from buildDoctor.faces.tui.widgets.headline import Headline
from buildDoctor.faces.tui.widgets.line_table import LineTable
from buildDoctor.faces.tui.widgets.log_page import log_page
from buildDoctor.faces.tui.widgets.page import Page, nothing
from buildDoctor.faces.wording import log_words
from buildDoctor.faces.wording.export import Table
from buildDoctor.faces.wording.places import Place


class LogScreen(TabScreen):
    """Shows what a log says, and which rules know it."""

    TITLE = LOG
    NOUN = "line"
    FILLS_EARLY = True
    CSS_PATH = "log.tcss"
    _all: tuple[LogRow, ...] = ()
    _listed: tuple[LogRow, ...] = ()

    def compose_head(self) -> Iterable[Widget]:
        """How many errors there are."""
        yield Headline()

    def compose_panes(self) -> Iterable[Widget]:
        """The lines and the chosen one."""
        yield LineTable(id="list")
        yield Page(partial(nothing, ""), id="detail")

    @property
    def _log(self) -> Log | None:
        return self.report.evidence.log if self.report else None

    def missing(self, report: Report) -> str | None:
        """Why there is no line."""
        if report.evidence.log is None:
            return "No log was given: name one with --log FILE."
        if not report.evidence.log.lines:
            return f"{log_words.log_head(report.evidence.log)}. No rule knows a line of it."
        return None

    def fill(self, report: Report | None) -> None:
        """List the lines that the filter matches."""
        self._all = log_rows.log_rows(report.evidence.log) if report else ()
        self._listed = log_rows.filtered(self._all, self.wanted)
        self.query_one(FilterLine).found = len(self._listed)
        # The widths are those of all lines, so that a filter does not move the columns.
        self.query_one(LineTable).show(log_rows.columns(self._all), LogRows(self._listed))
        self.say_first()

    def say_first(self) -> None:
        """Say how many errors there are, and how many no rule knows."""
        if self._log is None:
            return
        bad = [row for row in self._all if row.kind in {log_rows.FIRST_ERROR, log_rows.ERROR}]
        unknown = sum(not row.rules for row in bad)
        words = f"{len(self._all):,} lines matter" if len(self._all) != 1 else "1 line matters"
        words += f"; {unknown:,} of the errors no rule knows" if unknown else ""
        sign = ("✗", "bold $text-error") if bad else ("✓", "bold $text-success")
        self.query_one(Headline).say(*sign, log_words.log_head(self._log), self.so_far(words))

    @property
    def _chosen(self) -> LogRow | None:
        number = self.query_one(LineTable).row
        return self._listed[number] if number < len(self._listed) else None

    def show_detail(self) -> None:
        """Show the chosen line in full."""
        row, log, report = self._chosen, self._log, self.report
        page = partial(nothing, "No line is listed.")
        if row and log and report:
            page = partial(log_page, row, log, report.findings)
        self.query_one("#detail", Page).show(page)

    def on_line_table_opened(self) -> None:
        """Go to the finding that knows the line; read a line that has none."""
        row = self._chosen
        found = {finding.rule for finding in self.report.findings} if self.report else set()
        rule = next((rule for rule in row.rules if rule in found), None) if row else None
        if rule:
            self.post_message(FindingWanted(rule))
        else:
            self.read(reading=True)

    def choose_next(self, step: int) -> str:
        """Choose the next error."""
        table = self.query_one(LineTable)
        for distance in range(1, len(self._listed) + 1):
            number = (table.row + step * distance) % len(self._listed)
            if self._listed[number].kind in {log_rows.FIRST_ERROR, log_rows.ERROR}:
                table.row = number
                return ""
        return "No error is listed."

    def line_to_copy(self) -> str | None:
        """The line with its number."""
        return log_words.log_line(self._chosen.line) if self._chosen else None

    def place_to_open(self) -> Place | None:
        """The line in the log."""
        return log_rows.place_of_line(self._log, self._chosen.line.number) if self._chosen else None

    def table_to_export(self) -> Table | None:
        """Every listed line, with what it is and the rules that know it."""
        rows = tuple((row.kind, str(row.line.number), row.text, " ".join(row.rules)) for row in self._listed)
        return Table(name="lines", columns=("what", "line", "says", "rules"), rows=rows)
