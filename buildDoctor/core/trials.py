"""What a trial showed: the plan and the findings before and after a change, compared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from buildDoctor.core.architectures import ArchitectureError, parse
from buildDoctor.core.evidence import Feature, Plan
from buildDoctor.core.findings import Outcome, Severity, Trial
from buildDoctor.core.judge import Held

_MOST_LINES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What a change does to a plan."""

    gained: tuple[str, ...]
    """Features and sources that get an architecture which they did not have."""
    lost: tuple[str, ...]
    """Features that are no longer built, or lose an architecture that nothing replaces."""
    effect: tuple[str, ...]
    """All differences in words, one line each."""


def judge_trial(target: Held, before: Iterable[Held], after: Iterable[Held], plans: tuple[Plan, Plan]) -> Trial:
    """The outcome of a change.

    Args:
        target: what the change is meant to mend.
        before: all that holds without the change.
        after: all that holds with it.
        plans: the plan without and with it.
    """
    compared = compare(*plans)
    known, now = {_key(held) for held in before}, tuple(after)
    new_errors = [h for h in now if h.rule.severity is Severity.ERROR and _key(h) not in known]
    if _key(target) in {_key(held) for held in now}:
        return Trial(outcome=Outcome.NO_EFFECT, why=_why_no_effect(compared), effect=compared.effect)
    if new_errors:
        names = ", ".join(dict.fromkeys(f"{h.rule.id} ({h.subject})" if h.subject else h.rule.id for h in new_errors))
        return Trial(
            outcome=Outcome.MAKES_WORSE, why=f"the finding is gone, but a new error comes: {names}", effect=compared.effect
        )
    if compared.lost:
        return Trial(
            outcome=Outcome.MAKES_WORSE,
            why=f"the finding is gone, but this is lost: {', '.join(compared.lost)}",
            effect=compared.effect,
        )
    return Trial(
        outcome=Outcome.PROVEN,
        why="replayed on a copy: the finding is gone, no new error comes, nothing is lost",
        effect=(*compared.effect, "nothing lost"),
    )


def _key(held: Held) -> tuple[str, str]:
    return held.rule.id, held.subject


def _why_no_effect(compared: Compared) -> str:
    if not compared.effect:
        return "replayed on a copy: the plan stays as it is"
    return "replayed on a copy: the finding is still there"


def compare(before: Plan, after: Plan) -> Compared:
    """What differs between two plans of the same tree, features first."""
    pairs = list(_paired(before.features or (), after.features or ()))
    lines = [_feature_line(old, new) for old, new in pairs if (old.gets, old.built) != (new.gets, new.built)]
    if before.architectures != after.architectures:
        lines.append(f"architectures of the build: {shown(before.architectures)} -> {shown(after.architectures)}")
    if len(lines) > _MOST_LINES:
        lines = [*lines[:_MOST_LINES], f"and {len(lines) - _MOST_LINES} more"]
    return Compared(
        gained=tuple(new.name or "" for old, new in pairs if _losses(new, old)),
        lost=(
            *(f"{old.name} for {loss}" for old, new in pairs for loss in _losses(old, new)),
            *(f"every plain source for {loss}" for loss in _missing(before.architectures, after.architectures)),
        ),
        effect=tuple(lines),
    )


def _paired(before: Iterable[Feature], after: Iterable[Feature]) -> Iterator[tuple[Feature, Feature]]:
    """The same feature in both plans; one that is in one plan only is paired with nothing built."""
    old = {_identity(f): f for f in before}
    new = {_identity(f): f for f in after}
    for identity in dict.fromkeys((*old, *new)):
        present = old.get(identity) or new[identity]
        absent = Feature(name=present.name, variable=present.variable, wants=present.wants, gets=(), built=False)
        yield old.get(identity, absent), new.get(identity, absent)


def _identity(feature: Feature) -> tuple[str | None, str | None]:
    """The name and the list; a toolkit's branch may compute it at another line."""
    return feature.name, feature.variable


def _feature_line(old: Feature, new: Feature) -> str:
    """One difference in words, such as `NVFP4 (FP4_ARCHS): empty -> 12.0a, 2 sources more`."""
    name = f"{new.name} ({new.variable})" if new.name != new.variable else str(new.name)
    line = f"{name}: {shown(old.gets)} -> {shown(new.gets)}"
    if old.built is not None and old.built != new.built:
        count = len((new if new.built else old).sources or ())
        line += f", {count} source{'s' if count != 1 else ''} {'more' if new.built else 'fewer'}"
    return line


def shown(architectures: tuple[str, ...] | None) -> str:
    """A list of architectures in words."""
    return ";".join(architectures) if architectures else "empty"


def _losses(old: Feature, new: Feature) -> list[str]:
    """The architectures that a feature has and loses; another suffix of the same number takes its place."""
    return _missing(old.gets if old.built is not False else (), new.gets if new.built is not False else ())


def _missing(had: tuple[str, ...] | None, has: tuple[str, ...] | None) -> list[str]:
    kept = {part for architecture in has or () for part in _parts(architecture)}
    return [architecture for architecture in had or () if not _parts(architecture) <= kept]


def _parts(architecture: str) -> frozenset[str]:
    """What an architecture gives: machine code for its number, and PTX for it when it says so."""
    try:
        target = parse(architecture)
    except ArchitectureError:
        return frozenset({architecture})
    return frozenset({target.base, f"{target.base}+PTX"} if target.ptx else {target.base})
