"""The sentence on top."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static

from buildDoctor.core.report import Report
from buildDoctor.faces import wording
from buildDoctor.faces.tui.sheet import QUIET, SEVERITY_STYLES
from buildDoctor.faces.tui.state import Cancelled, Examining, Failed, Findings, Healthy, State


class VerdictBar(Horizontal):
    """Shows what is the matter, in one sentence and one line of numbers."""

    DEFAULT_CSS = """
    VerdictBar {
        height: auto;
        #sign { width: 2; }
        #words { width: 1fr; height: auto; }
    }
    """

    state: reactive[State] = reactive[State](Examining())
    """What the screen is about."""

    def compose(self) -> ComposeResult:
        """A sign, and the words beside it."""
        yield Static(id="sign", markup=False)
        yield Static(id="words", markup=False)

    def watch_state(self, state: State) -> None:
        """Show the sentence for the state."""
        sign, style, sentence, numbers = _words(state)
        self.query_one("#sign", Static).update(Content.styled(sign, style))
        self.query_one("#words", Static).update(Content.assemble((sentence, "bold"), "\n", (numbers, QUIET)))


def _words(state: State) -> tuple[str, str, str, str]:
    """The sign and its style, the sentence, and the line beneath."""
    match state:
        case Examining():
            return "…", "bold", "Examining", "The findings appear here when the examination is done."
        case Cancelled():
            return "–", "bold", "The examination was stopped", "Nothing is known about the targets."  # noqa: RUF001 - a dash
        case Failed(request_wrong=wrong):
            sentence = "The request was wrong" if wrong else "The examination failed"
            rest = "Nothing was examined." if wrong else "Nothing is known about the targets."
            return "✗", "bold $text-error", sentence, rest
        case Healthy(report=report) if wording.has_gaps(report):
            # What was not seen may be broken, so this is no tick.
            return "?", "bold $text-primary", wording.verdict(report), _numbers(report)
        case Healthy(report=report):
            return "✓", "bold $text-success", wording.verdict(report), _numbers(report)
        case Findings(report=report):
            worst = wording.grouped(report)[0].severity
            return wording.SEVERITY_GLYPHS[worst], SEVERITY_STYLES[worst], wording.verdict(report), _numbers(report)


def _numbers(report: Report) -> str:
    unseen = len(report.evidence.not_seen)
    parts = [wording.summary(report), *([f"{wording.counted(unseen, 'part')} not examined"] if unseen else [])]
    return " · ".join(parts)
