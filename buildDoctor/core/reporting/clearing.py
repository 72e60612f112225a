"""What was checked and is in order, layer by layer; when all is, the build is not the reason of a failure.

A layer is in order when what it is about was seen, every rule about it could answer, and none has found an error or a
warning. Nothing is cleared by not having been looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from buildDoctor.core.evidence import Evidence
from buildDoctor.core.findings import Check, CheckState, Finding, Severity, Suppressed, Undecided
from buildDoctor.core.rules.layers import Layer, place_of
from buildDoctor.core.rules.rule import Rule

LEFT = (
    "which kernel or backend the program chooses while it runs, which its own log names",
    "how a kernel computes: shapes that it gets wrong, such as a dimension that is no multiple of 32 on each GPU",
    "the program's code, the files of the model, memory and the network",
)
"""The kinds of cause that are left when the build is in order."""
_MOST_REASONS = 2


class _Part(Struct, frozen=True):
    """A part of the build, and the evidence without which nothing can be said of it."""

    name: str
    layer: Layer
    needs: tuple[str, ...]
    asked: str = ""
    """Evidence without which nobody has asked about it."""


_PARTS = (
    _Part("number formats of the model", Layer.HARDWARE, ("model", "capabilities"), "model"),
    _Part("torch", Layer.TORCH, ("torch", "capabilities")),
    _Part("driver", Layer.DRIVER, ("driver",)),
    _Part("toolkit", Layer.TOOLKIT, ("toolkits",)),
    _Part("C++ ABI and libraries", Layer.LOADER, ("binaries", "torch", "system")),
    _Part("build plan", Layer.PLAN, ("plan",)),
    _Part("architecture of every kernel", Layer.BINARY, ("binaries", "capabilities")),
)


class _Said(Struct, frozen=True):
    """What the rules have said, by the place of their layer."""

    wrong: Mapping[int, Sequence[str]]
    unclear: Mapping[int, Sequence[str]]
    left_out: Mapping[int, Sequence[str]]


def checks_of(
    evidence: Evidence,
    rules: Iterable[Rule],
    findings: Iterable[Finding],
    unclear: Iterable[Undecided],
    suppressed: Iterable[Suppressed] = (),
    left_out: Iterable[Rule] = (),
) -> tuple[Check, ...]:
    """What is in order, what is not, and what could not be told.

    Args:
        evidence: what was seen.
        rules: those that were asked.
        findings: what they have found.
        unclear: those that cannot tell.
        suppressed: findings that are not shown; what they are about is not in order either.
        left_out: rules that the user or the settings do not let run; what they could have found is not known.
    """
    places = {rule.id: place_of(rule.family, rule.layer) for rule in rules}
    bad = [found.rule for found in findings if found.severity is not Severity.NOTE]
    bad += [one.rule for one in suppressed]
    kept_out = [(rule.id, place_of(rule.family, rule.layer)) for rule in left_out if rule.severity is not Severity.NOTE]
    said = _Said(
        wrong=_by_place(((rule, rule) for rule in bad), places),
        unclear=_by_place(_reasons(unclear), places),
        left_out=_by_place(((rule, rule) for rule, _place in kept_out), dict(kept_out)),
    )
    asked = (part for part in _PARTS if not part.asked or getattr(evidence, part.asked, None) is not None)
    return tuple(_check(part, evidence, said, set(places.values())) for part in asked)


def _reasons(unclear: Iterable[Undecided]) -> Iterator[tuple[str, str]]:
    return ((one.rule, one.why) for one in unclear)


def _by_place(texts: Iterable[tuple[str, str]], places: Mapping[str, int]) -> dict[int, list[str]]:
    """The texts of rules, each once, by the place of the rule."""
    found: dict[int, dict[str, None]] = {}
    for rule, text in texts:
        if rule in places:
            found.setdefault(places[rule], {})[text] = None
    return {place: list(several) for place, several in found.items()}


def _check(part: _Part, evidence: Evidence, said: _Said, asked: set[int]) -> Check:
    place = place_of(str(part.layer), part.layer)
    if wrong := said.wrong.get(place):
        return Check(name=part.name, state=CheckState.WRONG, why=", ".join(wrong))
    if unclear := said.unclear.get(place):
        return Check(name=part.name, state=CheckState.UNKNOWN, why="; ".join(_once(unclear)[:_MOST_REASONS]))
    if absent := [name for name in part.needs if not getattr(evidence, name, None)]:
        return Check(name=part.name, state=CheckState.UNKNOWN, why=_absence(absent[0], evidence))
    if place not in asked:
        return Check(name=part.name, state=CheckState.UNKNOWN, why="no rule about it was asked")
    if left_out := said.left_out.get(place):
        several = f"{left_out[0]} and {len(left_out) - 1} more" if len(left_out) > 1 else left_out[0]
        return Check(name=part.name, state=CheckState.UNKNOWN, why=f"left out by an option or the settings: {several}")
    return Check(name=part.name, state=CheckState.FINE, why="")


def _once(reasons: Iterable[str]) -> list[str]:
    """The reasons without what one before them has said already: each may be several, joined."""
    said: list[str] = []
    for reason in reasons:
        rest = reason
        for one in said:
            rest = rest.replace(one, "").replace("; ; ", "; ").strip("; ")
        if rest and not any(rest in one for one in said):
            said.append(rest)
    return said


def _absence(name: str, evidence: Evidence) -> str:
    """Why a part of the evidence is not there."""
    reasons = (missing.reason for missing in reversed(evidence.not_seen) if missing.path == name)
    return next(reasons, f"{name}: there is nothing to look at")


def is_cleared(checks: Sequence[Check]) -> bool:
    """Whether every part of the build is in order."""
    return bool(checks) and all(check.state is CheckState.FINE for check in checks)
