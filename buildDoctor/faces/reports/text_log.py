"""What a log shows, as plain text: the first error, what rules say of it, and what is harmless."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from buildDoctor.core.evidence import Log, LogLine
from buildDoctor.core.report import Report
from buildDoctor.faces.reports.ink import Ink
from buildDoctor.faces.reports.text import finding_blocks
from buildDoctor.faces.reports.wrapping import wrapped
from buildDoctor.faces.wording import visible
from buildDoctor.faces.wording.log_words import (
    first_error,
    further_rules,
    harmless,
    last_error,
    log_head,
    log_line,
    unknown_errors,
)

_MOST = 10
_STANDARD_INPUT = "standard input"
"""What stands for the path of a log that came from there."""


def render(report: Report, *, ink: Ink, columns: int, verbose: bool) -> str:
    """What the log of a report shows, ending in a line end.

    Args:
        report: of a log.
        ink: how it is painted.
        columns: the width to wrap at.
        verbose: also limits, references, and all of the explanation and the evidence.
    """
    log = report.evidence.log or Log()
    blocks = [
        [ink.paint(line, "bold") for line in wrapped(log_head(log), columns, "", "  ")],
        _first(log, ink, columns),
        *finding_blocks(report, ink, columns, verbose=verbose),
        _further(report, ink, columns),
        _listed("Further errors, which no rule knows", unknown_errors(log), ink, columns),
        _listed("Harmless", harmless(log), ink, columns),
        *([["No rule knows a line of this log."]] if not any(line.rules for line in log.lines or ()) else []),
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _first(log: Log, ink: Ink, columns: int) -> list[str]:
    first, last = first_error(log), last_error(log)
    if first is None:
        return []
    lines = [ink.paint("The first error", "bold"), *_one(first, columns)]
    if last is not None:
        lines += wrapped("The log ends with another, which may be its consequence:", columns, "  ", "  ")
        lines += _one(last, columns)
    return lines


def _further(report: Report, ink: Ink, columns: int) -> list[str]:
    """The rules that need more than the log."""
    lines: list[str] = []
    for line, rules in further_rules(report)[:_MOST]:
        lines += [*_one(line, columns), *wrapped(", ".join(map(visible, rules)), columns, "    ", "    ")]
    if not lines:
        return []
    path = (report.evidence.log and report.evidence.log.path) or _STANDARD_INPUT
    file = "FILE" if path == _STANDARD_INPUT else visible(shlex.quote(path))
    return [
        ink.paint("It may come from what these rules are about", "bold"),
        *lines,
        # What is to be copied stands on a line of its own: a path that is broken in two is another one.
        "  To have these rules look at the files too:",
        f"    build-doctor --log {file} TARGET",
        "  To read one:",
        "    build-doctor explain ID",
    ]


def _listed(title: str, found: tuple[LogLine, ...], ink: Ink, columns: int) -> list[str]:
    lines = [line for one in found[:_MOST] for line in _one(one, columns)]
    more = [f"  and {len(found) - _MOST} more"] if len(found) > _MOST else []
    return [ink.paint(title, "bold"), *lines, *more] if lines else []


def _one(line: LogLine, columns: int) -> Iterator[str]:
    yield from wrapped(log_line(line), columns, "  ", "    ")
