"""Why the app was left."""

from __future__ import annotations

from enum import IntEnum

from buildDoctor.core.findings import Severity
from buildDoctor.core.report import was_examined
from buildDoctor.faces.tui.state import Failed, State, report_of

_ORDER = tuple(Severity)


class ExitReason(IntEnum):
    """Why the app was left; the value is the program's exit code."""

    NOTHING_FOUND = 0
    """Examined; nothing that fails."""
    FOUND = 1
    """Examined; something was found."""
    REQUEST_WRONG = 2
    """An option, a path or a rule file was wrong."""
    NOT_EXAMINED = 3
    """The examination failed, saw nothing, or was left before its end."""


def reason_for(state: State, fail_on: str) -> ExitReason:
    """Why the app is left in a state.

    Args:
        state: what the screen is about.
        fail_on: the lowest severity that fails: `error`, `warning`, or `never`.
    """
    if isinstance(state, Failed) and state.request_wrong:
        return ExitReason.REQUEST_WRONG
    report = report_of(state)
    if report is None or not was_examined(report.evidence):
        return ExitReason.NOT_EXAMINED
    failing = () if fail_on == "never" else _ORDER[: _ORDER.index(Severity(fail_on)) + 1]
    found = any(finding.severity in failing for finding in report.findings)
    return ExitReason.FOUND if found else ExitReason.NOTHING_FOUND
