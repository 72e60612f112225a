"""What stands in place of the rows while there are none to show."""

from __future__ import annotations

from functools import partial

from textual.content import Content
from textual.reactive import reactive

from buildDoctor.core.report import Report, was_examined
from buildDoctor.faces import wording
from buildDoctor.faces.tui.sheet import QUIET, Sheet
from buildDoctor.faces.tui.state import Cancelled, Examining, Failed, State, Step
from buildDoctor.faces.tui.widgets.page import Page

_SHOWN_STEPS = 12
_WIDEST_BAR = 60


class Notice(Page):
    """Shows the progress of the examination, why it failed, or why there is nothing to show."""

    state: reactive[State] = reactive[State](Examining())
    """What the screen is about."""
    missing: reactive[str] = reactive("")
    """Why the screen has nothing to show of a report, besides that nothing was found."""

    def __init__(self) -> None:
        super().__init__(partial(_notice, Examining(), ""))

    def watch_state(self, state: State) -> None:
        """Show the notice for the state."""
        self.show(partial(_notice, state, self.missing))

    def watch_missing(self, missing: str) -> None:
        """Show the reason."""
        self.show(partial(_notice, self.state, missing))


def _notice(state: State, missing: str, width: int) -> Content:
    sheet = Sheet(width)
    match state:
        case Examining(steps=steps):
            _progress(sheet, steps)
        case Cancelled(steps=steps):
            _steps(sheet, steps)
            sheet.blank()
            sheet.text("Nothing was changed. Press r to look again, q to leave.", QUIET)
        case Failed(reason=reason):
            sheet.text(wording.visible(" ".join(reason.split())))
            sheet.blank()
            sheet.text("Nothing was changed. Press q to leave.", QUIET)
        case _ if missing:
            for paragraph in missing.split("\n"):
                sheet.blank()
                sheet.text(wording.visible(paragraph))
        case _:
            _healthy(sheet, state.report)
    return sheet.content()


def _steps(sheet: Sheet, steps: tuple[Step, ...]) -> None:
    for done in steps[-_SHOWN_STEPS:]:
        sheet.labelled("✓", "$text-success", wording.visible(done.text), text_style=QUIET)


def _progress(sheet: Sheet, steps: tuple[Step, ...]) -> None:
    """The steps that are done, and the one that runs."""
    _steps(sheet, steps[:-1])
    sheet.labelled("…", "bold", wording.visible(steps[-1].text if steps else "starting"))
    if steps and steps[-1].total:
        sheet.code(bar(steps[-1], min(sheet.width - 4, _WIDEST_BAR)), "$text-accent", indent="  ")
    sheet.blank()
    sheet.text("Press c to stop.", QUIET)


def bar(step: Step, width: int) -> str:
    """How much is done: a bar, and the numbers behind it."""
    numbers = f" {step.done / 1e6:,.0f} of {step.total / 1e6:,.0f} MB"
    room = max(width - len(numbers), 4)
    full = room * step.done // step.total
    return f"{'█' * full}{'░' * (room - full)}{numbers}"


def _healthy(sheet: Sheet, report: Report) -> None:
    """That nothing was found, and how far that can be trusted."""
    sheet.text("No rule found a fault." if was_examined(report.evidence) else "Nothing was there to be judged.")
    if wording.has_gaps(report):
        from buildDoctor.faces.tui.widgets.gaps_page import add_gaps  # noqa: PLC0415 - the first frame does without

        add_gaps(sheet, report)
