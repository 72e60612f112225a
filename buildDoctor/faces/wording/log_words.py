"""What a log shows, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from buildDoctor.core.evidence import Log, LogLine
from buildDoctor.core.logs.kinds import BENIGN, CONSEQUENCE, ERROR, STATUS
from buildDoctor.core.report import Report
from buildDoctor.faces.wording.plain import visible

_KINDS = {ERROR: "error", CONSEQUENCE: "follows", STATUS: "told", BENIGN: "harmless"}
"""What a line is, in a word."""


def log_head(log: Log) -> str:
    """The log in one line: `build.log: 12,345 lines, 3 kinds of error`."""
    errors = len({line.text for line in log.lines or () if line.kind == ERROR})
    said = (
        f"{errors:,} different errors"
        if errors > 1
        else "1 error"
        if errors
        else "no line that is an error by its form"
    )
    lines = log.line_count or 0
    return f"{visible(log.path or 'the log')}: {lines:,} line{'s' if lines != 1 else ''}, {said}"


def first_error(log: Log) -> LogLine | None:
    """The line to look at first: the first error, or the first that only says that something failed."""
    for kind in (ERROR, CONSEQUENCE):
        for line in log.lines or ():
            if line.kind == kind:
                return line
    return None


def last_error(log: Log) -> LogLine | None:
    """The line that one sees first, at the end of the log, when it is not the first error itself."""
    first = first_error(log)
    loud = [line for line in log.lines or () if line.kind in {ERROR, CONSEQUENCE}]
    return loud[-1] if loud and first is not None and loud[-1].number != first.number else None


def log_line(line: LogLine) -> str:
    """A line with its number: `line 812: nvcc fatal …`."""
    more = (line.count or 1) - 1
    again = f" (and {more:,} more)" if more else ""
    return f"line {line.number}: {visible(' '.join((line.text or '').split()))}{again}"


def lines_in_order(log: Log) -> tuple[tuple[str, LogLine], ...]:
    """Every line that matters once, with what it is: the first error first, then errors, their consequences, and the rest."""
    first = first_error(log)
    ranks = {kind: rank for rank, kind in enumerate((ERROR, CONSEQUENCE, STATUS, BENIGN))}
    lines = sorted(_each_once(log.lines or ()), key=lambda one: ranks.get(one.kind or "", len(ranks)))
    of_first = [("first error", first)] if first is not None else []
    others = ((_KINDS.get(one.kind or "", "line"), one) for one in lines if first is None or one.number != first.number)
    return (*of_first, *others)


def harmless(log: Log) -> tuple[LogLine, ...]:
    """The lines that say nothing bad, each once."""
    return tuple(_each_once(line for line in log.lines or () if line.kind == BENIGN))


def further_rules(report: Report) -> tuple[tuple[LogLine, tuple[str, ...]], ...]:
    """Lines that show the symptom of rules which look at files to be sure, with those rules."""
    log = report.evidence.log
    said = {finding.rule for finding in report.findings}
    found = []
    for _number, group in groupby((log.lines if log else None) or (), key=lambda line: line.number):
        members = tuple(group)
        rules = tuple(dict.fromkeys(rule for line in members for rule in line.rules or () if rule not in said))
        # A rule of the log itself that does not hold has looked at the line already.
        if rules and members[0].kind != BENIGN:
            found.append((members[0], rules))
    return tuple(found)


def unknown_errors(log: Log) -> tuple[LogLine, ...]:
    """The errors that no rule knows, without the first one of all."""
    first = first_error(log)
    lines = (line for line in log.lines or () if line.kind == ERROR and not line.rules and line is not first)
    return tuple(_each_once(lines))


def _each_once(lines: Iterable[LogLine]) -> Iterator[LogLine]:
    seen: set[int | None] = set()
    for line in lines:
        if line.number not in seen:
            seen.add(line.number)
            yield line
