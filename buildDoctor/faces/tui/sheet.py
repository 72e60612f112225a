"""Text laid out for a width, with styles that follow the theme."""

from __future__ import annotations

from textual.content import Content

from buildDoctor.core.findings import Outcome, Severity
from buildDoctor.faces.reports.wrapping import wrapped

SEVERITY_STYLES = {
    Severity.ERROR: "bold $text-error",
    Severity.WARNING: "bold $text-warning",
    Severity.NOTE: "bold $text-primary",
}
"""The look of each severity."""

OUTCOME_STYLES = {
    Outcome.PROVEN: "bold $text-success",
    Outcome.NO_EFFECT: "bold $text-warning",
    Outcome.MAKES_WORSE: "bold $text-error",
    Outcome.CANNOT_TRY: "bold $text-primary",
}
"""The look of each outcome of a trial."""

QUIET = "$foreground-muted"
"""The look of what is read second."""
_WIDEST_PROSE = 100
"""Longer lines are hard to read, however wide the terminal."""


class Sheet:
    """Lines that are collected one after another. Texts are never read as markup.

    Args:
        width: the columns that there are.
    """

    def __init__(self, width: int) -> None:
        self.width = max(width, 20)
        self._prose_width = min(self.width, _WIDEST_PROSE)
        self._lines: list[Content] = []

    def blank(self) -> None:
        """Add an empty line, unless the sheet is empty or ends in one."""
        if self._lines and self._lines[-1].plain:
            self._lines.append(Content(""))

    def heading(self, text: str) -> None:
        """Add a line that begins a section."""
        self.blank()
        self.text(text, "bold")

    def text(self, text: str, style: str = "", *, indent: str = "", hanging: str | None = None) -> None:
        """Add a paragraph, wrapped.

        Args:
            text: the paragraph.
            style: how it looks.
            indent: what stands before its first line.
            hanging: what stands before the others; the same when not given.
        """
        rest = indent if hanging is None else hanging
        for line in wrapped(text, self._prose_width, indent, rest, fold=True):
            self._lines.append(Content.styled(line, style))

    def labelled(self, label: str, style: str, text: str, *, indent: str = "", text_style: str = "bold") -> None:
        """Add a paragraph that hangs beside its label.

        Args:
            label: what stands in front.
            style: how the label looks.
            text: the paragraph.
            indent: what stands before the label.
            text_style: how the paragraph looks.
        """
        begin = f"{indent}{label} "
        first, *rest = wrapped(text, self._prose_width, begin, " " * len(begin), fold=True) or [begin]
        self._lines.append(
            Content.assemble(indent, (label, style), (first.removeprefix(f"{indent}{label}"), text_style))
        )
        self._lines += [Content.styled(line, text_style) for line in rest]

    def code(self, line: str, style: str = "", *, indent: str = "") -> None:
        """Add a line whose spaces count. It is folded where the width ends and continues further right."""
        room = self.width - len(indent)
        while True:
            self._lines.append(Content.assemble(indent, (line[:room].ljust(room), style)))
            if len(line) <= room:
                return
            line = "      " + line[room:]

    def content(self) -> Content:
        """All lines."""
        return Content("\n").join(self._lines)
