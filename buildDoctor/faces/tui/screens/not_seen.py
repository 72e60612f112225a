"""What could not be examined and why, and which rules therefore cannot tell."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widgets import Footer

from buildDoctor.core.findings import Report
from buildDoctor.faces.tui.widgets.gaps_page import gaps_page
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
        yield Page(partial(gaps_page, self._report))
        yield Footer(compact=True)
