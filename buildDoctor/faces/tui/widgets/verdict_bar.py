"""The sentence on top."""

from __future__ import annotations

from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static

from buildDoctor.core.findings import Report
from buildDoctor.faces import wording
from buildDoctor.faces.tui.sheet import QUIET, SEVERITY_STYLES
from buildDoctor.faces.tui.state import Examining, Failed, Findings, Healthy, State


class VerdictBar(Static):
    """Shows what is the matter, in one sentence and one line of numbers."""

    state: reactive[State] = reactive[State](Examining(), layout=True)
    """What the screen is about."""

    def render(self) -> Content:
        """The sentence for the state."""
        match self.state:
            case Examining():
                return _bar("…", "bold", "Examining", "The findings appear here when the examination is done.")
            case Failed():
                return _bar("✗", "bold $text-error", "The examination failed", "Nothing is known about the targets.")
            case Healthy(report=report):
                return _bar("✓", "bold $text-success", wording.verdict(report), _numbers(report))
            case Findings(report=report):
                worst = wording.grouped(report)[0].severity
                glyph = wording.SEVERITY_GLYPHS[worst]
                return _bar(glyph, SEVERITY_STYLES[worst], wording.verdict(report), _numbers(report))


def _bar(glyph: str, style: str, sentence: str, second: str) -> Content:
    return Content.assemble((glyph, style), " ", (sentence, "bold"), "\n", (second, QUIET))


def _numbers(report: Report) -> str:
    unseen = len(report.evidence.not_seen)
    parts = [wording.summary(report), *([f"{wording.counted(unseen, 'part')} not examined"] if unseen else [])]
    return " · ".join(parts)
