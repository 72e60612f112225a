"""What is in order, and which rules cannot tell, in words."""

from __future__ import annotations

import re
from collections import Counter

from buildDoctor.core.findings import CheckState, Severity
from buildDoctor.core.report import Report
from buildDoctor.core.reporting.clearing import LEFT, is_cleared
from buildDoctor.faces.wording.plain import counted, visible

_SIGNS = {CheckState.FINE: "✓", CheckState.WRONG: "✗", CheckState.UNKNOWN: "?"}
_MOST_NAMES = 4
_MOST_LACKS = 5
_FEW = 2
_INDEX = re.compile(r"\[\d+\]")


def check_lines(report: Report) -> tuple[str, ...]:
    """A line for each part of the build: in order, wrong, or why it cannot be told."""
    lines = []
    for check in report.checks:
        why = f": {visible(' '.join(check.why.split()))}" if check.why else " is in order"
        lines.append(f"{_SIGNS[check.state]} {check.name}{why}")
    return tuple(lines)


def short_check_lines(report: Report) -> tuple[str, ...]:
    """The same where the report says further down why something was not examined: several such parts share a line."""
    gaps = {" ".join(gap.reason.split()) for gap in report.evidence.not_seen}
    plain = [check.name for check in report.checks if check.state is CheckState.UNKNOWN and _is_told(check.why, gaps)]
    if len(plain) <= _FEW:
        return check_lines(report)
    lines = (line for line, check in zip(check_lines(report), report.checks, strict=True) if check.name not in plain)
    untold = f"{_SIGNS[CheckState.UNKNOWN]} not known, for what was not examined: {', '.join(plain)}"
    return (*lines, untold)


def _is_told(why: str, gaps: set[str]) -> bool:
    """Whether a reason is made of the reasons why something was not examined, and of nothing else."""
    rest = " ".join(why.split())
    for gap in sorted(gaps, key=len, reverse=True):
        rest = rest.replace(gap, "")
    return not rest.strip("; ")


def undecided_texts(report: Report) -> tuple[str, ...]:
    """What rules lack that cannot tell: a few with their names, many in one line, the most common lack first."""
    if len(report.undecided) <= _MOST_NAMES:
        return tuple(f"{lack}: {rules}" for lack, rules in undecided_groups(report))
    counts = Counter({lack: len(rules) for lack, rules in _by_lack(report).items()})
    shown = ", ".join(f"{lack.replace(', ', ' and ')} ({number})" for lack, number in counts.most_common(_MOST_LACKS))
    left = sum(number for _lack, number in counts.most_common()[_MOST_LACKS:])
    return (f"They lack {shown}{f', other things ({left})' if left else ''}; --verbose names them",)


def undecided_reason(why: str) -> str:
    """Why rules cannot tell, with what is true of several elements said once, for whichever element."""
    return "; ".join(dict.fromkeys(_INDEX.sub("[]", part) for part in " ".join(why.split()).split("; ")))


def cleared_line(report: Report) -> str:
    """The parts that are in order, in one line; empty when there is none."""
    fine = [check.name for check in report.checks if check.state is CheckState.FINE]
    return f"In order: {', '.join(fine)}." if fine else ""


def left_lines(report: Report) -> tuple[str, ...]:
    """The kinds of cause that are left, when the build is in order."""
    return LEFT if is_cleared(report.checks) else ()


def is_quiet(report: Report) -> bool:
    """Whether nothing was found that is worse than worth knowing."""
    return all(finding.severity is Severity.NOTE for finding in report.findings)


def undecided_groups(report: Report) -> tuple[tuple[str, str], ...]:
    """What rules lack that cannot tell, each lack once, with how many rules it concerns and their names."""
    return tuple((lack, _named(rules)) for lack, rules in _by_lack(report).items())


def _by_lack(report: Report) -> dict[str, list[str]]:
    """The rules that cannot tell, by what they lack."""
    gaps = {gap.path for gap in report.evidence.not_seen}
    by_lack: dict[str, list[str]] = {}
    for one in report.undecided:
        lack = ", ".join(dict.fromkeys(_lack(path, gaps) for path in one.needs)) or " ".join(one.why.split())
        by_lack.setdefault(visible(lack), []).append(visible(one.rule))
    return by_lack


def _lack(path: str, gaps: set[str]) -> str:
    """What a rule lacks: the part that was not examined, whose reason stands above; else the field, of whichever element."""
    above = path
    while above:
        if above in gaps:
            return above
        above = above[: max(above.rfind("."), above.rfind("["), 0)]
    return _INDEX.sub("[]", path)


def _named(rules: list[str]) -> str:
    shown = ", ".join(rules[:_MOST_NAMES])
    more = f" and {len(rules) - _MOST_NAMES} more" if len(rules) > _MOST_NAMES else ""
    return f"{counted(len(rules), 'rule')}: {shown}{more}"
