"""The first screen: the verdict on top, the findings left, the chosen one right; stacked where it is narrow."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.reactive import reactive
from textual.screen import Screen
from textual.widgets import Footer, Input

from buildDoctor.core.findings import Severity
from buildDoctor.faces import wording
from buildDoctor.faces.reports.markdown import finding_markdown
from buildDoctor.faces.tui.screens.not_seen import NotSeenScreen
from buildDoctor.faces.tui.state import Examining, Findings, State, report_of
from buildDoctor.faces.tui.widgets.filter_line import FilterLine
from buildDoctor.faces.tui.widgets.finding_detail import FindingDetail
from buildDoctor.faces.tui.widgets.finding_list import FindingList
from buildDoctor.faces.tui.widgets.notice import Notice
from buildDoctor.faces.tui.widgets.verdict_bar import VerdictBar

_ERRORS = Binding.Group("error", compact=True)
_COPY = Binding.Group("copy", compact=True)
_NEED_FINDINGS = {"filter", "error", "copy_line", "copy_markdown", "copy_patch"}


class FindingsScreen(Screen[None]):
    """Shows the state of the examination, and the findings when there are any."""

    CSS_PATH = "findings.tcss"
    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "back", key_display="esc", tooltip="Back to the list, or clear the filter"),
        Binding("backspace", "back", "Back", show=False),
        Binding("slash", "filter", "find", key_display="/", tooltip="Filter the findings by words"),
        Binding("n", "error(1)", "next", group=_ERRORS, tooltip="Choose the next error"),
        Binding("N", "error(-1)", "previous", group=_ERRORS, tooltip="Choose the previous error"),
        Binding("y", "copy_line", "line", group=_COPY, tooltip="Copy the finding in one line"),
        Binding("Y", "copy_markdown", "Markdown", group=_COPY, tooltip="Copy the whole finding as Markdown"),
        Binding("p", "copy_patch", "patch", group=_COPY, tooltip="Copy the patch of the first fix that may help"),
        Binding("u", "not_seen", "unseen", tooltip="See what was not examined, and which rules cannot tell"),
    ]

    state: reactive[State] = reactive[State](Examining())
    """What the screen is about."""

    def __init__(self, state: State) -> None:
        super().__init__()
        self.set_reactive(FindingsScreen.state, state)

    def compose(self) -> ComposeResult:
        """Everything at once; the state decides what is displayed."""
        yield VerdictBar().data_bind(FindingsScreen.state)
        yield FilterLine()
        with Container(id="panes"):
            yield FindingList()
            yield FindingDetail()
        yield Notice().data_bind(FindingsScreen.state)
        yield Footer(compact=True)

    def on_mount(self) -> None:
        """Display what belongs to the first state, which no change announces."""
        self._display_state()

    def watch_state(self) -> None:
        """Display what belongs to the new state."""
        if self.is_mounted:
            self._display_state()

    def _display_state(self) -> None:
        found = isinstance(self.state, Findings)
        self.set_class(found, "-found")
        self._list_findings("")
        self.query_one(FindingList if found else Notice).focus()
        self.refresh_bindings()

    def _list_findings(self, wanted: str) -> None:
        groups = wording.grouped(self.state.report) if isinstance(self.state, Findings) else ()
        kept = wording.filtered(groups, wanted)
        self.query_one(FindingList).groups = kept
        self.query_one(FilterLine).found = sum(len(group.entries) for group in kept)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's signature
        """Offer only what has an effect now."""
        if action == "back":
            return self._reading or self.has_class("-filtering")
        if action == "filter" and isinstance(self.focused, Input):
            return False
        if action == "not_seen":
            return report_of(self.state) is not None
        return action not in _NEED_FINDINGS or isinstance(self.state, Findings)

    @property
    def _reading(self) -> bool:
        return self.has_class("-reading")

    def on_finding_list_chosen(self, event: FindingList.Chosen) -> None:
        """Show the chosen finding."""
        self.query_one(FindingDetail).entry = event.entry

    def on_finding_list_opened(self) -> None:
        """Give the finding the focus, and in a narrow terminal the whole height."""
        self._read(reading=True)

    def on_finding_detail_left(self) -> None:
        """Go back to the list."""
        self._read(reading=False)

    def _read(self, *, reading: bool) -> None:
        self.set_class(reading, "-reading")
        self.query_one(FindingDetail if reading else FindingList).focus()
        self.refresh_bindings()

    def on_descendant_focus(self) -> None:
        """Follow the focus when a click moves it."""
        if self.focused is self.query_one(FindingList):
            self.remove_class("-reading")
        elif self.focused is self.query_one(FindingDetail):
            self.add_class("-reading")
        self.refresh_bindings()

    def action_back(self) -> None:
        """Leave the finding; in the list, clear the filter. Never quits."""
        if self._reading:
            self._read(reading=False)
        elif self.has_class("-filtering"):
            self.query_one(FilterLine).action_clear()

    def action_filter(self) -> None:
        """Open the filter."""
        self._read(reading=False)
        self.add_class("-filtering")
        self.query_one(FilterLine).query_one(Input).focus()

    def on_filter_line_changed(self, event: FilterLine.Changed) -> None:
        """List what the filter matches."""
        self._list_findings(event.wanted)

    def on_filter_line_done(self, event: FilterLine.Done) -> None:
        """Go to the list; an empty filter disappears."""
        self.set_class(bool(event.wanted), "-filtering")
        self.query_one(FindingList).focus()
        self.refresh_bindings()

    def action_error(self, step: int) -> None:
        """Choose the next or the previous error."""
        if not self.query_one(FindingList).choose_next(Severity.ERROR, step):
            self._say("No error is listed.")

    def action_copy_line(self) -> None:
        """Copy the finding in one line."""
        if entry := self.query_one(FindingList).chosen:
            self._copy(wording.finding_line(entry.finding), "the finding in one line")

    def action_copy_markdown(self) -> None:
        """Copy the finding as Markdown."""
        if entry := self.query_one(FindingList).chosen:
            self._copy(finding_markdown(entry.finding), "the finding as Markdown")

    def action_copy_patch(self) -> None:
        """Copy the patch of the first fix that may help."""
        entry = self.query_one(FindingList).chosen
        fix = wording.first_patch(entry.finding) if entry else None
        if fix and fix.patch:
            self._copy(fix.patch, f"the patch “{wording.visible(fix.title)}”")
        else:
            self._say("No fix of this finding has a patch that may help.")

    def _copy(self, text: str, what: str) -> None:
        self.app.copy_to_clipboard(text)
        self._say(f"Copied {what}.")

    def _say(self, text: str) -> None:
        self.notify(text, timeout=4, markup=False)

    def action_not_seen(self) -> None:
        """Show what was not examined."""
        if report := report_of(self.state):
            self.app.push_screen(NotSeenScreen(report))
