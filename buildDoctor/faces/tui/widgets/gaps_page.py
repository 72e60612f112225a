"""What is said about the gaps in what is known, laid out for a width."""

from __future__ import annotations

from textual.content import Content

from buildDoctor.core.report import Report
from buildDoctor.faces import wording
from buildDoctor.faces.tui.sheet import QUIET, Sheet
from buildDoctor.faces.wording.check_words import undecided_groups


def gaps_page(report: Report, width: int) -> Content:
    """What was not examined and why, and what rules that cannot tell lack. The screen of rules names each with its reason."""
    sheet = Sheet(width)
    add_gaps(sheet, report)
    return sheet.content()


def add_gaps(sheet: Sheet, report: Report) -> None:
    """Add both lists to a sheet."""
    _section(sheet, "Not examined", wording.not_seen_lines(report), "Everything was examined.")
    _section(sheet, "Rules that cannot tell", undecided_groups(report), "Every rule could decide.")


def _section(sheet: Sheet, title: str, lines: tuple[tuple[str, str], ...], nothing: str) -> None:
    sheet.heading(title)
    if not lines:
        sheet.text(nothing, QUIET, indent="  ")
    for name, reason in lines:
        sheet.blank()
        sheet.text(name, "bold $text-accent", indent="  ")
        sheet.text(reason, indent="    ")
