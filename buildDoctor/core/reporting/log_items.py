"""The lines of the log that a finding rests on."""

from __future__ import annotations

import re
from collections.abc import Iterator

from buildDoctor.core.evidence import Evidence, Log, LogLine
from buildDoctor.core.findings import Item
from buildDoctor.core.judging.judge import Held
from buildDoctor.core.logs.kinds import ERROR
from buildDoctor.core.report import Report

LOG_LINES = "log.lines"
_INDEX = re.compile(r"log\.lines\[(\d+)\]")
_MOST = 5


def log_items(held: Held, evidence: Evidence) -> Iterator[Item]:
    """The lines that made a rule hold; where the log made no difference, those that show its symptom.

    Args:
        held: what holds.
        evidence: with the log, if there is one.
    """
    log = evidence.log
    if log is None or log.lines is None:
        return
    touched = (int(found[1]) for one in held.touched if (found := _INDEX.match(one.path)))
    decisive = list(dict.fromkeys(at for at in touched if at < len(log.lines)))
    bound = [one.value for part in held.parts for one in part.bindings.values() if isinstance(one.value, str)]
    own = [at for at, line in enumerate(log.lines) if held.rule.id in (line.rules or ())]
    # A rule that takes the values of a symptom in turn rests on the lines that have the value.
    named = [at for at in own if any(value in (log.lines[at].values or ()) for value in bound)]
    for at in (decisive or named or own)[:_MOST]:
        yield _item(at, log.lines[at], log)


def _item(at: int, line: LogLine, log: Log) -> Item:
    more = (line.count or 1) - 1
    again = f", and {more:,} more" if more else ""
    return Item(path=f"{LOG_LINES}[{at}]", value=line.text or "", source=f"{log.path}, line {line.number}{again}")


def log_verdict(report: Report) -> str:
    """The sentence that comes first when there is nothing but a log."""
    lines = (report.evidence.log.lines if report.evidence.log else None) or ()
    if report.findings:
        return f"{report.findings[0].title}."
    first = next((line for line in lines if line.kind == ERROR), None)
    if first is None:
        return "The log has no error by its form, and no rule knows a line of it."
    return f"No rule holds; the first error is in line {first.number}: {first.text}"
