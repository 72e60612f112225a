"""What the process says when it ends.

| code | means |
|---|---|
| 0 | examined; nothing at or above `--fail-on` |
| 1 | examined; something was found |
| 2 | the request was wrong: nothing was examined |
| 3 | nothing could be examined |
"""

from __future__ import annotations

from enum import IntEnum

from buildDoctor.core.findings import Report, Severity, was_examined


class ExitCode(IntEnum):
    """The codes that scripts may rely on."""

    OK = 0
    """Examined; nothing at or above `--fail-on`."""
    FOUND = 1
    """Examined; something was found."""
    REQUEST = 2
    """The request was wrong (option, path, rule file): nothing was examined."""
    NOTHING = 3
    """Nothing could be examined."""


_ORDER = tuple(Severity)


def code_for(report: Report, fail_on: str) -> ExitCode:
    """The code of a report.

    Args:
        report: what was said.
        fail_on: the lowest severity that fails: `error`, `warning`, or `never`.
    """
    if not was_examined(report.evidence):
        return ExitCode.NOTHING
    if fail_on == "never":
        return ExitCode.OK
    failing = _ORDER[: _ORDER.index(Severity(fail_on)) + 1]
    return ExitCode.FOUND if any(finding.severity in failing for finding in report.findings) else ExitCode.OK
