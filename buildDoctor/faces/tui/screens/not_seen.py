"""What could not be examined and why, and which rules therefore cannot tell."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from textual.binding import Binding, BindingType

from buildDoctor.core.report import Report
from buildDoctor.faces.tui.screens.plain import PlainScreen
from buildDoctor.faces.tui.widgets.gaps_page import gaps_page


class NotSeenScreen(PlainScreen):
    """Lists the gaps in what is known."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("u", "dismiss", "back", show=False)]

    def __init__(self, report: Report) -> None:
        super().__init__(partial(gaps_page, report))
