"""The report as workflow commands of GitHub Actions: annotations at the lines of a change.

The escapes are those of the runner: https://docs.github.com/actions/reference/workflow-commands-for-github-actions
"""

from __future__ import annotations

from buildDoctor.core.findings import Finding, Severity
from buildDoctor.core.report import Report, says_something
from buildDoctor.faces import wording
from buildDoctor.faces.reports.locations import places_of

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def render(report: Report) -> str:
    """One line for each finding, and one with the summary."""
    if not says_something(report):
        return render_error(report.verdict)
    lines = [_annotation(finding, report) for finding in report.findings]
    return "\n".join([*lines, _data(f"{wording.verdict(report)} ({wording.summary(report)})")]) + "\n"


def render_error(message: str) -> str:
    """The answer to a request that is wrong, as one annotation."""
    return f"::error title=build-doctor::{_data(wording.visible(message, lines=True))}\n"


def _annotation(finding: Finding, report: Report) -> str:
    place = places_of(finding, report)[0]
    properties = {"file": place.file, **({"line": str(place.line)} if place.line else {}), "title": finding.rule}
    written = ",".join(f"{name}={_property(wording.visible(text))}" for name, text in properties.items())
    return f"::{_COMMANDS[finding.severity]} {written}::{_data(_words(finding))}"


def _words(finding: Finding) -> str:
    fix = wording.best_fix(finding)
    offered = [f"{wording.trial_words(fix.trial)}: {wording.visible(fix.title)}."] if fix else []
    return "\n".join([f"{wording.visible(finding.title)}.", *wording.paragraphs(finding.why)[:1], *offered])


def _data(text: str) -> str:
    """A message: everything that the runner would take for the end of the line, or for an escape, is escaped."""
    escaped = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    # A line of plain text must not begin another command, and the older form of one may stand anywhere in it.
    escaped = escaped.replace("::", ":%3A") if escaped.lstrip().startswith("::") else escaped
    return escaped.replace("##[", "##%5B")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
