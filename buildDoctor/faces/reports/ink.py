"""Colours for plain text, written by hand."""

from __future__ import annotations

from msgspec import Struct

from buildDoctor.core.findings import Outcome, Severity

_CODES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "blue": "34", "cyan": "36"}
_SEVERITIES = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}
_OUTCOMES = {
    Outcome.PROVEN: "green",
    Outcome.NO_EFFECT: "yellow",
    Outcome.MAKES_WORSE: "red",
    Outcome.CANNOT_TRY: "cyan",
}


class Ink(Struct, frozen=True):
    """Paints text, or leaves it as it is."""

    color: bool
    """Whether colours are wanted."""

    def paint(self, text: str, *names: str) -> str:
        """The text in the named colours and weights."""
        if not self.color or not text:
            return text
        return f"\x1b[{';'.join(_CODES[name] for name in names)}m{text}\x1b[0m"

    def severity(self, severity: Severity, text: str) -> str:
        """The text in the colour of a severity."""
        return self.paint(text, "bold", _SEVERITIES[severity])

    def outcome(self, outcome: Outcome, text: str) -> str:
        """The text in the colour of a trial's outcome."""
        return self.paint(text, "bold", _OUTCOMES[outcome])

    def diff(self, line: str) -> str:
        """A line of a unified diff in its usual colour."""
        if line.startswith(("---", "+++")):
            return self.paint(line, "bold")
        names = {"+": "green", "-": "red", "@": "cyan"}
        return self.paint(line, names[line[0]]) if line[:1] in names else line
