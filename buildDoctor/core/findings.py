"""What the doctor says of one thing: a finding, and the fixes that it tried."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class Severity(StrEnum):
    """How bad a finding is."""

    ERROR = "error"
    """A kernel is missing or unusable."""
    WARNING = "warning"
    """It works, but slowly or by luck."""
    NOTE = "note"
    """Worth knowing; breaks nothing alone."""


class Confidence(StrEnum):
    """How sure a rule is that its finding is real. Separate from how bad it would be."""

    CERTAIN = "certain"
    LIKELY = "likely"
    POSSIBLE = "possible"


class Safety(StrEnum):
    """What a fix may break."""

    SAFE = "safe"
    """An edit of the user's own build files that can be undone."""
    UNSAFE = "unsafe"
    """Changes more than the fault; read it first."""
    DISPLAY = "display"
    """Shown for knowledge, not to be applied."""


class Outcome(StrEnum):
    """What a trial of a fix showed."""

    PROVEN = "proven"
    """The finding is gone, no error or warning has come in its place, and nothing that was built is lost."""
    NO_EFFECT = "no-effect"
    """The finding is still there."""
    MAKES_WORSE = "makes-worse"
    """Another error or warning has come, or something that was built is lost."""
    CANNOT_TRY = "cannot-try"
    """It could not be tried here."""


class Trial(Struct, frozen=True, kw_only=True):
    """What happened when a fix was tried on a copy."""

    outcome: Outcome
    why: str
    """One sentence that gives the reason for the outcome."""
    effect: tuple[str, ...] = ()
    """What the change does, one line each, such as `FP4_ARCHS: empty -> 12.0a`."""
    claimed: bool = False
    """Whether a saved report says so. Nothing was tried here then, and the report may come from anyone."""
    by_hand: bool = False
    """Whether the fix is for the user's hands alone: no trial has failed, there is nothing to try."""


def by_hand(why: str) -> Trial:
    """What is said of a fix that no trial can show."""
    return Trial(outcome=Outcome.CANNOT_TRY, why=why, by_hand=True)


class Fix(Struct, frozen=True, kw_only=True):
    """One change that is offered, or shown not to help."""

    title: str
    safety: Safety
    patch: str | None = None
    """A unified diff against the source tree."""
    command: str | None = None
    """A command to run."""
    environment: tuple[tuple[str, str], ...] | None = None
    """Variables to set for the build: name and value."""
    text: str | None = None
    """What to do, in words."""
    verify: str | None = None
    """How to see, after the rebuild, that it worked."""
    trial: Trial


class Item(Struct, frozen=True, kw_only=True):
    """One piece of evidence that a finding rests on."""

    path: str
    """The path in the evidence, such as `plan.features[7].gets`."""
    value: str
    """The value, as text."""
    source: str
    """Where it was seen."""


class Finding(Struct, frozen=True, kw_only=True):
    """A rule that holds, with the evidence that it rests on."""

    rule: str
    """The rule's id."""
    title: str
    severity: Severity
    confidence: Confidence
    family: str
    why: str
    """The mechanism, for someone who wants to learn."""
    limits: str
    """When this alarm may be false."""
    subject: str
    """What the finding is about, such as `plan.features[FP4_ARCHS]`; empty for the whole evidence."""
    evidence: tuple[Item, ...]
    fixes: tuple[Fix, ...] = ()
    references: tuple[str, ...] = ()
    explained_by: str | None = None
    """The id of the finding's rule that is the cause of this one."""

    def __post_init__(self) -> None:
        """Refuse a finding that rests on nothing."""
        if not self.evidence:
            raise ValueError(f"the finding of {self.rule} cites no evidence")


class Undecided(Struct, frozen=True, kw_only=True):
    """A rule that cannot tell, and what it needs."""

    rule: str
    needs: tuple[str, ...]
    """The paths of the evidence that is missing."""
    why: str
    """Why it is missing."""


class CheckState(StrEnum):
    """Whether a part of the build is in order."""

    FINE = "fine"
    """It was seen, every rule about it could answer, and none has found an error or a warning."""
    WRONG = "wrong"
    UNKNOWN = "unknown"


class Check(Struct, frozen=True, kw_only=True):
    """A part of the build, and whether it is in order."""

    name: str
    """Such as `driver` or `C++ ABI and libraries`."""
    state: CheckState
    why: str
    """The rules that have found something, or why it cannot be told."""


class Suppressed(Struct, frozen=True, kw_only=True):
    """A finding that the project has said it knows, and that is not shown."""

    rule: str
    """The rule's id."""
    subject: str
    """What it is about."""
    reason: str
    """Why it is passed over."""
    until: str
    """The last day on which it is, as `2026-12-31`; empty for always."""
    place: str
    """File and line of the setting."""
