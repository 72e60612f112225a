"""What is said about a line of a log, laid out for a width."""

from __future__ import annotations

from textual.content import Content

from buildDoctor.core.evidence import Log
from buildDoctor.core.findings import Finding
from buildDoctor.faces import wording
from buildDoctor.faces.tui.sheet import QUIET, SEVERITY_STYLES, Sheet
from buildDoctor.faces.tui.tables.log_rows import ERROR, FIRST_ERROR, LogRow
from buildDoctor.faces.wording.plain import counted

_MEANINGS = {
    FIRST_ERROR: "Begin here: what comes after the first error often only follows from it.",
    ERROR: "It may be a fault of its own, or follow from the first.",
    "follows": "It says that something before it failed, not why.",
    "told": "It tells what was done, and a rule knows what may follow from that.",
    "harmless": "It looks like a fault and stops nothing.",
}
_STYLES = {FIRST_ERROR: "bold $text-error", ERROR: "bold $text-error", "follows": "bold $text-warning"}


def log_page(row: LogRow, log: Log, findings: tuple[Finding, ...], width: int) -> Content:
    """The whole line, what it is, and the rules that know it."""
    sheet, more = Sheet(width), (row.line.count or 1) - 1
    sheet.text(row.text, "bold")
    again = f"; {counted(more, 'more line')} {'say' if more > 1 else 'says'} the same" if more else ""
    sheet.text(f"line {row.line.number:,} of {wording.visible(log.path or 'the log')}{again}", QUIET)
    sheet.blank()
    sheet.labelled(
        f"{row.kind}:", _STYLES.get(row.kind, "bold"), _MEANINGS.get(row.kind, "A rule knows it."), text_style=""
    )
    _rules(sheet, row, {finding.rule: finding for finding in reversed(findings)})
    return sheet.content()


def _rules(sheet: Sheet, row: LogRow, findings: dict[str, Finding]) -> None:
    """What was found first, then what it could have been as well."""
    found = [findings[rule] for rule in row.rules if rule in findings]
    others = [wording.visible(rule) for rule in row.rules if rule not in findings]
    if found:
        sheet.heading("What it shows")
    for finding in found:
        label = f"{wording.severity_words(finding.severity)}:"
        sheet.labelled(label, SEVERITY_STYLES[finding.severity], wording.visible(finding.title), indent="  ")
    if found:
        sheet.text("Press enter in the list to read it among the findings.", QUIET, indent="  ")
    if others:
        sheet.heading("Rules that know this line, and were not found to hold")
        sheet.text(", ".join(others), QUIET, indent="  ")
    if not row.rules:
        sheet.blank()
        sheet.text("No rule knows this line: its own words are all that is known of it.", QUIET)
