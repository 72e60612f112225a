"""Findings that a project has said it knows: left out of the report, and named where that is out of date."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from msgspec import Struct

from buildDoctor.core.findings import (
    Confidence,
    Finding,
    Fix,
    Item,
    Safety,
    Severity,
    Suppressed,
    by_hand,
)
from buildDoctor.core.judging.judge import Held
from buildDoctor.core.language import glob_matcher
from buildDoctor.core.settings import Suppression

EXPIRED = "suppression-expired"
"""The rule of the finding about a suppression whose last day is over."""
UNUSED = "suppression-unused"
"""The rule of the finding about a suppression that leaves out nothing."""
FAMILY = "settings"
_SEVERITIES = tuple(Severity)


class Sifted(Struct, frozen=True):
    """What holds, without what is suppressed."""

    kept: tuple[Held, ...]
    suppressed: tuple[tuple[Held, Suppression], ...]
    findings: tuple[Finding, ...]
    """What is out of date about the suppressions."""


def sift(held: Iterable[Held], suppressions: tuple[Suppression, ...], today: str, decided: Collection[str]) -> Sifted:
    """Leave out what is suppressed.

    Args:
        held: All that holds.
        suppressions: What the project says it knows.
        today: The day, as `2026-12-31`.
        decided: The ids of the rules that gave an answer; nothing can be said about a suppression of another.
    """
    valid = [one for one in suppressions if not _is_over(one, today)]
    kept: list[Held] = []
    suppressed: list[tuple[Held, Suppression]] = []
    for one in held:
        by = next((suppression for suppression in valid if _fits(suppression, one)), None)
        if by is None:
            kept.append(one)
        else:
            suppressed.append((one, by))
    used = {id(by) for _held, by in suppressed}
    findings = [_expired(one) for one in suppressions if _is_over(one, today)]
    findings += [_unused(one) for one in valid if id(one) not in used and one.rule in decided]
    return Sifted(tuple(kept), tuple(suppressed), tuple(findings))


def _is_over(suppression: Suppression, today: str) -> bool:
    return bool(suppression.until) and suppression.until < today


def _fits(suppression: Suppression, held: Held) -> bool:
    if suppression.rule != held.rule.id:
        return False
    return not suppression.subject or glob_matcher(suppression.subject)(held.subject)


def _expired(suppression: Suppression) -> Finding:
    return _finding(
        suppression,
        EXPIRED,
        Severity.WARNING,
        title=f"The suppression of {_what(suppression)} expired on {suppression.until}",
        why=f"It stands in {suppression.place} and was given until {suppression.until}, because: {suppression.reason.rstrip('. ')}. "
        "Its findings are shown again.",
        todo="Mend the cause, or look at the reason again and give it a new date.",
    )


def _unused(suppression: Suppression) -> Finding:
    return _finding(
        suppression,
        UNUSED,
        Severity.NOTE,
        title=f"The suppression of {_what(suppression)} leaves out nothing",
        why=f"It stands in {suppression.place}, and no finding fits it. It would hide a finding that comes later.",
        todo="Take it out; the cause is gone, or the subject is called something else.",
    )


def _what(suppression: Suppression) -> str:
    return f"{suppression.rule} ({suppression.subject})" if suppression.subject else suppression.rule


def _finding(suppression: Suppression, rule: str, severity: Severity, *, title: str, why: str, todo: str) -> Finding:
    trial = by_hand("it is a change of the settings")
    fix = Fix(title=f"Change {suppression.place}", safety=Safety.SAFE, text=todo, trial=trial)
    return Finding(
        rule=rule,
        title=title,
        severity=severity,
        confidence=Confidence.CERTAIN,
        family=FAMILY,
        why=why,
        limits="A suppression that is meant for another target looks unused here.",
        subject=f"suppress={_what(suppression)}",
        evidence=(Item(path="suppress", value=_what(suppression), source=suppression.place),),
        fixes=(fix,),
    )


def with_notices(findings: tuple[Finding, ...], notices: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The findings in their order, with those about the settings after the others of their severity."""
    groups: list[list[Finding]] = []
    for finding in findings:
        # A consequence stands beneath its cause, whatever its own severity.
        if finding.explained_by is not None and groups:
            groups[-1].append(finding)
        else:
            groups.append([finding])
    groups += [[notice] for notice in notices]
    groups.sort(key=lambda group: _SEVERITIES.index(group[0].severity))
    return tuple(finding for group in groups for finding in group)


def in_report(sifted: Sifted) -> tuple[Suppressed, ...]:
    """What is suppressed, as the report names it."""
    return tuple(
        Suppressed(rule=held.rule.id, subject=held.subject, reason=by.reason, until=by.until, place=by.place)
        for held, by in sifted.suppressed
    )
