"""What the screens are about: one of five states, never two at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from buildDoctor.core.report import Report

if TYPE_CHECKING:
    # The first frame has none to show.
    from buildDoctor.core.evidence import Evidence


class Step(Struct, frozen=True):
    """One step of an examination."""

    text: str
    """What is looked at."""
    begun: float
    """Seconds after the beginning of the examination."""
    done: int = 0
    """Bytes that were done before it, of `total`."""
    total: int = 0
    """0 where it is not known how much there is."""


class Examining(Struct, frozen=True, kw_only=True):
    """The examination runs."""

    steps: tuple[Step, ...] = ()
    """What it has said so far, the newest last."""
    evidence: Evidence | None = None
    """What it has seen so far."""


class Healthy(Struct, frozen=True, kw_only=True):
    """No rule found anything."""

    report: Report


class Findings(Struct, frozen=True, kw_only=True):
    """There is something to read."""

    report: Report


class Failed(Struct, frozen=True, kw_only=True):
    """The examination broke."""

    reason: str
    request_wrong: bool = False
    """Whether what was asked for was wrong, rather than the examination."""


class Cancelled(Struct, frozen=True, kw_only=True):
    """The user has stopped the examination."""

    steps: tuple[Step, ...] = ()
    """What it had said."""


State = Examining | Healthy | Findings | Failed | Cancelled


def state_of(report: Report) -> Healthy | Findings:
    """The state in which a report is read."""
    return Findings(report=report) if report.findings else Healthy(report=report)


def report_of(state: State) -> Report | None:
    """The report, when there is one."""
    return state.report if isinstance(state, Healthy | Findings) else None


def seen_so_far(state: State) -> Report | None:
    """What an examination that still runs has seen, as a report that judges nothing yet."""
    if not isinstance(state, Examining) or state.evidence is None:
        return None
    return Report(targets=(), verdict="", findings=(), undecided=(), evidence=state.evidence)


def evidence_of(state: State) -> Evidence | None:
    """What has been seen in a state."""
    report = report_of(state) or seen_so_far(state)
    return report.evidence if report else None
