"""What stands in place of the findings while there are none to show."""

from __future__ import annotations

from functools import partial

from textual.content import Content
from textual.reactive import reactive

from buildDoctor.core.findings import Report, was_examined
from buildDoctor.faces import wording
from buildDoctor.faces.tui.sheet import QUIET, Sheet
from buildDoctor.faces.tui.state import Examining, Failed, Findings, Healthy, State
from buildDoctor.faces.tui.widgets.gaps_page import add_gaps
from buildDoctor.faces.tui.widgets.page import Page

_SHOWN_STEPS = 12


class Notice(Page):
    """Shows the progress of the examination, why it failed, or that nothing was found."""

    state: reactive[State] = reactive[State](Examining())
    """What the screen is about."""

    def __init__(self) -> None:
        super().__init__(partial(_notice, Examining()))

    def watch_state(self, state: State) -> None:
        """Show the notice for the state."""
        self.show(partial(_notice, state))


def _notice(state: State, width: int) -> Content:
    sheet = Sheet(width)
    match state:
        case Examining(steps=steps):
            _progress(sheet, steps)
        case Failed(reason=reason):
            sheet.text(wording.visible(" ".join(reason.split())))
            sheet.blank()
            sheet.text("Nothing was changed. Press q to leave.", QUIET)
        case Healthy(report=report):
            _healthy(sheet, report)
        case Findings():
            pass
    return sheet.content()


def _progress(sheet: Sheet, steps: tuple[str, ...]) -> None:
    """The steps that are done, and the one that runs."""
    for done in steps[:-1][-_SHOWN_STEPS:]:
        sheet.labelled("✓", "$text-success", wording.visible(done), text_style=QUIET)
    sheet.labelled("…", "bold", wording.visible(steps[-1] if steps else "starting"))


def _healthy(sheet: Sheet, report: Report) -> None:
    """That nothing was found, and how far that can be trusted."""
    sheet.text("No rule found a fault." if was_examined(report.evidence) else "Nothing was there to be judged.")
    if wording.has_gaps(report):
        add_gaps(sheet, report)
