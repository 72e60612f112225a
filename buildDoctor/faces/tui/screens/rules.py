"""The rules: which hold, which do not, and which cannot tell and why."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from textual.message import Message
from textual.widget import Widget

from buildDoctor.core.errors import RequestError
from buildDoctor.core.report import Report
from buildDoctor.faces.tui.messages import FindingWanted
from buildDoctor.faces.tui.screens.tab_screen import TabScreen
from buildDoctor.faces.tui.services import RuleEntry
from buildDoctor.faces.tui.tables.rule_rows import RuleRows, columns
from buildDoctor.faces.tui.widgets.filter_line import FilterLine
from buildDoctor.faces.tui.widgets.headline import Headline
from buildDoctor.faces.tui.widgets.line_table import LineTable
from buildDoctor.faces.tui.widgets.page import Page, nothing
from buildDoctor.faces.tui.widgets.rule_page import rule_page
from buildDoctor.faces.wording.export import Table
from buildDoctor.faces.wording.places import Place
from buildDoctor.faces.wording.rule_words import (
    RuleAnswer,
    RuleState,
    rule_line,
    rule_states,
    tally,
    why_words,
)


class _RulesRead(Message):
    """The rules are known."""

    def __init__(self, rules: tuple[RuleEntry, ...]) -> None:
        super().__init__()
        self.rules = rules


class RulesScreen(TabScreen):
    """Shows what each rule says of the evidence."""

    TITLE = "Rules"
    NOUN = "rule"
    CSS_PATH = "rules.tcss"
    _rules: tuple[RuleEntry, ...] = ()
    _states: tuple[RuleState, ...] = ()
    _listed: tuple[RuleState, ...] = ()

    def compose_head(self) -> Iterable[Widget]:
        """How many say what."""
        yield Headline()

    def compose_panes(self) -> Iterable[Widget]:
        """The rules and the chosen one."""
        yield LineTable(id="list")
        yield Page(partial(nothing, ""), id="detail")

    def on_mount(self) -> None:
        """Read the rules beside; what the report says of them is shown until then."""
        super().on_mount()
        if self.services.rules:
            self.run_worker(self._read, thread=True, group="rules", exit_on_error=False, description="read the rules")

    def _read(self) -> None:
        try:
            self.post_message(_RulesRead(self.services.rules() if self.services.rules else ()))
        except RequestError as error:
            self.app.call_from_thread(self.say, str(error))

    def on__rules_read(self, message: _RulesRead) -> None:
        """List those too that say nothing."""
        self._rules = message.rules
        self.fill(self.report)

    def fill(self, report: Report | None) -> None:
        """List the rules that the filter matches."""
        entries = ((rule.id, rule.severity, rule.family, rule.runs) for rule in self._rules)
        self._states = rule_states(report, entries) if report else ()
        words = self.wanted.casefold().split()
        self._listed = tuple(state for state in self._states if all(word in _text(state) for word in words))
        self.query_one(FilterLine).found = len(self._listed)
        self._show()
        holds = any(state.answer is RuleAnswer.HOLDS for state in self._states)
        unclear = any(state.answer is RuleAnswer.CANNOT_TELL for state in self._states)
        sign = (
            ("✗", "bold $text-error")
            if holds
            else ("?", "bold $text-primary")
            if unclear
            else ("✓", "bold $text-success")
        )
        self.query_one(Headline).say(*sign, f"{tally(self._states)}.")

    def _show(self, row: int = 0) -> None:
        table = self.query_one(LineTable)
        # The widths are those of all rules, so that a filter does not move the columns.
        fitting = columns(self._states, table.scrollable_content_region.width)
        table.show(fitting, RuleRows(self._listed), row=row)

    def on_resize(self) -> None:
        """Show as many columns as fit."""
        if self.is_mounted:
            self.call_after_refresh(lambda: self._show(self.query_one(LineTable).row))

    @property
    def _chosen(self) -> RuleState | None:
        number = self.query_one(LineTable).row
        return self._listed[number] if number < len(self._listed) else None

    def _entry(self) -> RuleEntry | None:
        state = self._chosen
        return next((rule for rule in self._rules if state and rule.id == state.id), None)

    def show_detail(self) -> None:
        """Show the chosen rule."""
        state, entry = self._chosen, self._entry()
        page = (
            partial(rule_page, state, entry.page if entry else None)
            if state
            else partial(nothing, "No rule is listed.")
        )
        self.query_one("#detail", Page).show(page)

    def on_line_table_opened(self) -> None:
        """Go to the finding of a rule that holds; read the page of another."""
        state = self._chosen
        if state and state.findings:
            self.post_message(FindingWanted(state.id))
        else:
            self.read(reading=True)

    def choose_next(self, step: int) -> str:
        """Choose the next rule that cannot tell."""
        table = self.query_one(LineTable)
        for distance in range(1, len(self._listed) + 1):
            number = (table.row + step * distance) % len(self._listed)
            if self._listed[number].answer is RuleAnswer.CANNOT_TELL:
                table.row = number
                return ""
        return "Every listed rule could decide."

    def line_to_copy(self) -> str | None:
        """The rule and what it says."""
        return rule_line(self._chosen) if self._chosen else None

    def place_to_open(self) -> Place | None:
        """The file of the rule."""
        entry = self._entry()
        return Place(entry.file, 1) if entry and entry.file else None

    def table_to_export(self) -> Table | None:
        """Every listed rule with what it says and why."""
        rows = tuple(
            (
                state.answer.value,
                state.id,
                state.severity.value,
                state.family,
                why_words(state),
            )
            for state in self._listed
        )
        return Table(name="rules", columns=("answer", "rule", "severity", "family", "why"), rows=rows)


def _text(state: RuleState) -> str:
    return f"{state.id} {state.answer} {state.severity} {state.family}".casefold()
