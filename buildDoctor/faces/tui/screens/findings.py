"""The first screen: the verdict on top, the findings left, the chosen one right; stacked where it is narrow."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from msgspec.structs import replace
from textual.binding import Binding, BindingType
from textual.widget import Widget

from buildDoctor.core.findings import Finding, Fix, Severity
from buildDoctor.core.report import Report
from buildDoctor.faces import wording
from buildDoctor.faces.tui.messages import ApplyWanted, CopyWanted
from buildDoctor.faces.tui.screens.tab_screen import COPY, TabScreen
from buildDoctor.faces.tui.widgets.filter_line import FilterLine
from buildDoctor.faces.tui.widgets.finding_detail import FindingDetail
from buildDoctor.faces.tui.widgets.finding_list import FindingList
from buildDoctor.faces.tui.widgets.verdict_bar import VerdictBar
from buildDoctor.faces.wording.places import Place, place_of_finding

if TYPE_CHECKING:
    from buildDoctor.faces.wording.export import Table

_NEED_FINDINGS = frozenset({"copy_markdown", "copy_patch"})


class FindingsScreen(TabScreen):
    """Shows the state of the examination, and the findings when there are any."""

    TITLE = "Findings"
    NOUN = "finding"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("Y", "copy_markdown", "Markdown", group=COPY, tooltip="Copy the finding as Markdown", id="markdown"),
        Binding("p", "copy_patch", "patch", group=COPY, tooltip="Copy the patch of the first fix that may help", id="patch"),
        Binding("a", "apply", "apply", tooltip="Put the proven fix into the source tree, after asking", id="apply"),
        Binding("u", "not_seen", "unseen", tooltip="See what was not examined, and which rules cannot tell", id="unseen"),
    ]  # fmt: skip

    def compose_head(self) -> Iterable[Widget]:
        """The verdict."""
        yield VerdictBar().data_bind(TabScreen.state)

    def compose_panes(self) -> Iterable[Widget]:
        """The findings and the chosen one."""
        yield FindingList(id="list")
        yield FindingDetail(id="detail")

    def missing(self, report: Report) -> str | None:
        """Nothing to list: the notice says that no fault was found."""
        return None if report.findings else ""

    def fill(self, report: Report | None) -> None:
        """List the findings that the filter matches."""
        kept = wording.filtered(wording.grouped(report), self.wanted) if report else ()
        self.query_one(FindingList).groups = kept
        self.query_one(FilterLine).found = sum(len(group.entries) for group in kept)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what has an effect now."""
        if action == "not_seen":
            return self.report is not None
        if action == "apply":
            return self.services.apply is not None and self.is_shown and self._safe_fix() is not None
        if action in _NEED_FINDINGS:
            return self.is_shown
        return super().check_action(action, parameters)

    @property
    def _chosen(self) -> Finding | None:
        entry = self.query_one(FindingList).chosen
        return entry.finding if entry else None

    def _safe_fix(self) -> Fix | None:
        return wording.fix_to_apply(self._chosen) if self._chosen else None

    def on_finding_list_chosen(self, event: FindingList.Chosen) -> None:
        """Show the chosen finding."""
        self.query_one(FindingDetail).entry = event.entry
        self.refresh_bindings()

    def on_finding_list_opened(self) -> None:
        """Give the finding the focus, and in a narrow terminal the whole height."""
        self.read(reading=True)

    def on_finding_detail_left(self) -> None:
        """Go back to the list."""
        self.read(reading=False)

    def show_rule(self, rule: str) -> None:
        """Choose a rule's first finding, and read it."""
        if self.query_one(FindingList).choose(rule):
            self.read(reading=True)

    def choose_next(self, step: int) -> str:
        """Choose the next or the previous error."""
        found = self.query_one(FindingList).choose_next(Severity.ERROR, step)
        return "" if found else "No error is listed."

    def line_to_copy(self) -> str | None:
        """The finding in one line."""
        return wording.finding_line(self._chosen) if self._chosen else None

    def place_to_open(self) -> Place | None:
        """The first line of a file that the finding names, or else of the log."""
        if not self._chosen or not self.report:
            return None
        if place := place_of_finding(self._chosen):
            return place
        from buildDoctor.faces.tui.tables.log_rows import place_of_cited_line  # noqa: PLC0415 - the first frame does without

        return place_of_cited_line(self._chosen, self.report.evidence.log)

    def table_to_export(self) -> Table | None:
        """The findings that are listed, as a report."""
        if not self.report:
            return None
        from buildDoctor.faces.wording.export import Table  # noqa: PLC0415 - the first frame does without

        kept = tuple(entry.finding for group in self.query_one(FindingList).groups for entry in group.entries)
        rows = tuple((one.severity.value, one.rule, one.title) for one in kept)
        columns = ("severity", "rule", "title")
        return Table(name="findings", columns=columns, rows=rows, report=replace(self.report, findings=kept))

    def action_copy_markdown(self) -> None:
        """Copy the finding as Markdown."""
        if self._chosen:
            from buildDoctor.faces.reports.markdown import finding_markdown  # noqa: PLC0415 - as above

            self.post_message(CopyWanted(finding_markdown(self._chosen), "the finding as Markdown"))

    def action_copy_patch(self) -> None:
        """Copy the patch of the first fix that may help."""
        fix = wording.first_patch(self._chosen) if self._chosen else None
        if fix and fix.patch:
            self.post_message(CopyWanted(fix.patch, f"the patch “{wording.visible(fix.title)}”"))
        else:
            self.say("No fix of this finding has a patch that may help.")

    def action_apply(self) -> None:
        """Ask whether the proven fix is to be put into the source tree."""
        fix = self._safe_fix()
        if self._chosen and fix:
            self.post_message(ApplyWanted(self._chosen, fix))

    def action_not_seen(self) -> None:
        """Show what was not examined."""
        if self.report:
            from buildDoctor.faces.tui.screens.not_seen import NotSeenScreen  # noqa: PLC0415 - as above

            self.app.push_screen(NotSeenScreen(self.report))
