"""What could not be examined and why, and which rules therefore cannot tell."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Footer

from buildDoctor.core.findings import Report
from buildDoctor.faces import wording
from buildDoctor.faces.tui.sheet import QUIET, Sheet
from buildDoctor.faces.tui.widgets.page import Page


class NotSeenScreen(Screen[None]):
    """Lists the gaps in what is known."""

    CSS_PATH = "not_seen.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", "back", key_display="esc", tooltip="Back to the findings"),
        Binding("backspace,left,u", "dismiss", "Back", show=False),
    ]

    def __init__(self, report: Report) -> None:
        super().__init__()
        self._report = report

    def compose(self) -> ComposeResult:
        """One page."""
        yield Page(partial(_gaps, self._report))
        yield Footer(compact=True)


def _gaps(report: Report, width: int) -> Content:
    sheet = Sheet(width)
    _section(sheet, "Not examined", wording.not_seen_lines(report), "Everything was examined.")
    _section(sheet, "Rules that cannot tell", wording.undecided_lines(report), "Every rule could decide.")
    return sheet.content()


def _section(sheet: Sheet, title: str, lines: tuple[tuple[str, str], ...], nothing: str) -> None:
    sheet.heading(title)
    if not lines:
        sheet.text(nothing, QUIET, indent="  ")
    for name, reason in lines:
        sheet.blank()
        sheet.text(name, "bold $text-accent", indent="  ")
        sheet.text(reason, indent="    ")
