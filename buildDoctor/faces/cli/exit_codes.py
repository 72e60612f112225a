"""What the process says when it ends.

| code | means |
|---|---|
| 0 | examined; nothing at or above `--fail-on` |
| 1 | examined; something was found |
| 2 | the request was wrong: nothing was examined |
| 3 | nothing could be examined |
| 70 | build-doctor itself failed |
| 130, 141, 143 | interrupted (Ctrl-C), the reader has left, told to end (SIGTERM) |
"""

from __future__ import annotations

from enum import IntEnum

from buildDoctor.core.findings import Severity
from buildDoctor.core.report import Report, was_examined


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
    FAULT = 70
    """build-doctor itself failed, with a traceback on standard error. Never a statement about what was examined."""
    INTERRUPTED = 130
    """Ctrl-C. Quiet."""
    NO_READER = 141
    """The reader of standard output has left. Quiet."""
    TERMINATED = 143
    """Told to end (SIGTERM). Quiet."""


_ORDER = tuple(Severity)


def code_for(report: Report, fail_on: str) -> ExitCode:
    """The code of a report.

    Args:
        report: what was said.
        fail_on: the lowest severity that fails: `error`, `warning`, `note`, or `never`.
    """
    if not was_examined(report.evidence) and report.contract is None:
        return ExitCode.NOTHING
    if fail_on == "never":
        return ExitCode.OK
    failing = _ORDER[: _ORDER.index(Severity(fail_on)) + 1]
    return ExitCode.FOUND if any(finding.severity in failing for finding in report.findings) else ExitCode.OK
