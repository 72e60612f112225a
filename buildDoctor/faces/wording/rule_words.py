"""The state of each rule in a report, in words."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct

from buildDoctor.core.findings import Finding, Severity, Undecided
from buildDoctor.core.report import Report
from buildDoctor.faces.wording.plain import counted, visible
from buildDoctor.faces.wording.words import SEVERITY_GLYPHS


class RuleAnswer(StrEnum):
    """What a rule says of the evidence."""

    HOLDS = "holds"
    CANNOT_TELL = "cannot tell"
    DOES_NOT_HOLD = "does not hold"
    NOT_ASKED = "not asked"
    NOT_RUN = "not run"


_SIGNS = {
    RuleAnswer.CANNOT_TELL: "?",
    RuleAnswer.DOES_NOT_HOLD: "✓",
    RuleAnswer.NOT_ASKED: "·",
    RuleAnswer.NOT_RUN: "–",  # noqa: RUF001 - a dash
}
NOT_ASKED = (
    "It is about something that nobody gave or asked for: a log (--log), a model (--model), a wheel, "
    "or what the examined Python answers (--ask-python)."
)
"""Why a rule is not asked, and that this is no gap."""


class RuleState(Struct, frozen=True, kw_only=True):
    """A rule and what it says."""

    id: str
    severity: Severity
    family: str
    answer: RuleAnswer
    findings: tuple[Finding, ...] = ()
    undecided: Undecided | None = None
    runs: str = "on"
    """What keeps it from running, where something does."""


def rule_states(report: Report, rules: Iterable[tuple[str, Severity, str, str]]) -> tuple[RuleState, ...]:
    """The state of every rule: what holds first, then what cannot tell.

    Args:
        report: what was found.
        rules: all rules: id, severity, family, and `on` or what keeps it from running.
    """
    found: dict[str, list[Finding]] = {}
    for finding in report.findings:
        found.setdefault(finding.rule, []).append(finding)
    unclear = {one.rule: one for one in report.undecided}
    named = {id_: (severity, family, runs) for id_, severity, family, runs in rules}
    for finding in report.findings:
        named.setdefault(finding.rule, (finding.severity, finding.family, "on"))
    for rule in unclear:
        named.setdefault(rule, (Severity.NOTE, "", "on"))
    for rule in report.unasked:
        named.setdefault(rule, (Severity.NOTE, "", "on"))
    states = [
        _state(
            id_,
            *facts,
            findings=tuple(found.get(id_, ())),
            undecided=unclear.get(id_),
            is_asked=id_ not in report.unasked,
        )
        for id_, facts in named.items()
    ]
    answers, severities = tuple(RuleAnswer), tuple(Severity)
    return tuple(sorted(states, key=lambda state: (answers.index(state.answer), severities.index(state.severity))))


def _state(
    id_: str,
    severity: Severity,
    family: str,
    runs: str,
    *,
    findings: tuple[Finding, ...],
    undecided: Undecided | None,
    is_asked: bool,
) -> RuleState:
    if findings:
        answer = RuleAnswer.HOLDS
    elif undecided:
        answer = RuleAnswer.CANNOT_TELL
    elif not runs.startswith("on"):
        answer = RuleAnswer.NOT_RUN
    else:
        answer = RuleAnswer.DOES_NOT_HOLD if is_asked else RuleAnswer.NOT_ASKED
    return RuleState(
        id=id_, severity=severity, family=family, answer=answer, findings=findings, undecided=undecided, runs=runs
    )


def answer_words(state: RuleState) -> str:
    """What a rule says, with a sign: `✗ holds`."""
    sign = SEVERITY_GLYPHS[state.severity] if state.answer is RuleAnswer.HOLDS else _SIGNS[state.answer]
    times = f" {len(state.findings)}x" if len(state.findings) > 1 else ""
    return f"{sign} {state.answer.value}{times}"


def tally(states: tuple[RuleState, ...]) -> str:
    """How many rules say what: `6 hold, 12 cannot tell, 4 do not hold`."""
    count = {answer: sum(state.answer is answer for state in states) for answer in RuleAnswer}
    words = {
        RuleAnswer.HOLDS: "hold" if count[RuleAnswer.HOLDS] != 1 else "holds",
        RuleAnswer.CANNOT_TELL: "cannot tell",
        RuleAnswer.DOES_NOT_HOLD: "do not hold" if count[RuleAnswer.DOES_NOT_HOLD] != 1 else "does not hold",
        RuleAnswer.NOT_ASKED: "not asked",
        RuleAnswer.NOT_RUN: "not run",
    }
    parts = [f"{count[answer]} {words[answer]}" for answer in RuleAnswer if count[answer]]
    return f"{counted(len(states), 'rule')}: {', '.join(parts)}" if parts else "no rule"


def rule_line(state: RuleState) -> str:
    """A rule and what it says, in one line."""
    why = why_words(state)
    return f"{visible(state.id)} {state.answer.value}{f': {why}' if why else ''}"


def why_words(state: RuleState) -> str:
    """Why a rule does not answer; empty for one that does."""
    if state.answer is RuleAnswer.NOT_ASKED:
        return NOT_ASKED
    if state.answer is RuleAnswer.NOT_RUN:
        return visible(state.runs)
    return visible(state.undecided.why) if state.undecided else ""
