"""What is in order, and which rules cannot tell, in words."""

from __future__ import annotations

import re

from buildDoctor.core.clearing import LEFT, is_cleared
from buildDoctor.core.findings import CheckState, Severity
from buildDoctor.core.report import Report
from buildDoctor.faces.wording.plain import counted, visible

_SIGNS = {CheckState.FINE: "✓", CheckState.WRONG: "✗", CheckState.UNKNOWN: "?"}
_MOST_NAMES = 4
_INDEX = re.compile(r"\[\d+\]")


def check_lines(report: Report) -> tuple[str, ...]:
    """A line for each part of the build: in order, wrong, or why it cannot be told."""
    lines = []
    for check in report.checks:
        why = f": {visible(' '.join(check.why.split()))}" if check.why else " is in order"
        lines.append(f"{_SIGNS[check.state]} {check.name}{why}")
    return tuple(lines)


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
    gaps = {gap.path for gap in report.evidence.not_seen}
    by_lack: dict[str, list[str]] = {}
    for one in report.undecided:
        lack = ", ".join(dict.fromkeys(_lack(path, gaps) for path in one.needs)) or " ".join(one.why.split())
        by_lack.setdefault(visible(lack), []).append(visible(one.rule))
    return tuple((lack, _named(rules)) for lack, rules in by_lack.items())


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
