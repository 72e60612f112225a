"""What a trial showed: the plan and the findings before and after a change, compared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from buildDoctor.core.architectures import ArchitectureError, Verdict, cubin_verdict, parse, ptx_verdict
from buildDoctor.core.evidence import Feature, Plan
from buildDoctor.core.findings import Outcome, Severity, Trial
from buildDoctor.core.judge import Held

_MOST_LINES = 12
_RUNS = frozenset({Verdict.NATIVE, Verdict.FAMILY})


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What a change does to a plan."""

    lost: tuple[str, ...]
    """What ran on a capability and does not run there any more, or only through PTX."""
    effect: tuple[str, ...]
    """All differences in words, one line each."""


def judge_trial(
    target: Held,
    before: Iterable[Held],
    after: Iterable[Held],
    plans: tuple[Plan, Plan],
    capabilities: tuple[str, ...] | None,
) -> Trial:
    """The outcome of a change.

    Args:
        target: what the change is meant to mend.
        before: all that holds without the change.
        after: all that holds with it.
        plans: the plan without and with it.
        capabilities: what is diagnosed for.
    """
    compared = compare(*plans, capabilities or ())
    known, now = {_key(held) for held in before}, tuple(after)
    new = [h for h in now if h.rule.severity is not Severity.NOTE and _key(h) not in known]
    if _key(target) in {_key(held) for held in now}:
        return Trial(outcome=Outcome.NO_EFFECT, why=_why_no_effect(compared), effect=compared.effect)
    if new:
        names = ", ".join(dict.fromkeys(f"{h.rule.id} ({h.subject})" if h.subject else h.rule.id for h in new))
        return Trial(
            outcome=Outcome.MAKES_WORSE, why=f"the finding is gone, but this comes: {names}", effect=compared.effect
        )
    if compared.lost:
        return Trial(
            outcome=Outcome.MAKES_WORSE,
            why=f"the finding is gone, but this is lost: {', '.join(compared.lost)}",
            effect=compared.effect,
        )
    return Trial(
        outcome=Outcome.PROVEN,
        why="replayed on a copy: the finding is gone, no other comes, nothing is lost",
        effect=(*compared.effect, "nothing lost"),
    )


def _key(held: Held) -> tuple[str, str]:
    return held.rule.id, held.subject


def _why_no_effect(compared: Compared) -> str:
    if not compared.effect:
        return "replayed on a copy: the plan stays as it is"
    return "replayed on a copy: the finding is still there"


def compare(before: Plan, after: Plan, capabilities: tuple[str, ...]) -> Compared:
    """What differs between two plans of the same tree, features first.

    Args:
        before: the plan as it is.
        after: the plan with a change.
        capabilities: the GPUs for which nothing may be lost, beside those that the build is asked for.
    """
    served = tuple(dict.fromkeys((*capabilities, *filter(None, map(_capability, before.request or ())))))
    pairs = list(_paired(before.features or (), after.features or ()))
    lines = [_feature_line(old, new) for old, new in pairs if (old.gets, old.built) != (new.gets, new.built)]
    if before.architectures != after.architectures:
        lines.append(f"architectures of the build: {shown(before.architectures)} -> {shown(after.architectures)}")
    if len(lines) > _MOST_LINES:
        lines = [*lines[:_MOST_LINES], f"and {len(lines) - _MOST_LINES} more"]
    return Compared(
        lost=(
            *(f"{old.name} on {c}" for old, new in pairs for c in _worse(_gets(old), _gets(new), served)),
            *(f"every plain source on {c}" for c in _worse(before.architectures, after.architectures, served)),
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


def _gets(feature: Feature) -> tuple[str, ...]:
    return (feature.gets or ()) if feature.built is not False else ()


def _worse(had: tuple[str, ...] | None, has: tuple[str, ...] | None, capabilities: tuple[str, ...]) -> list[str]:
    """The capabilities that are served less well than before."""
    return [c for c in capabilities if _service(has or (), c) < _service(had or (), c)]


def _service(architectures: tuple[str, ...], capability: str) -> int:
    """How well a capability is served: 2 by machine code, 1 by PTX, 0 not at all."""
    return max((_service_of(architecture, capability) for architecture in architectures), default=0)


def _service_of(architecture: str, capability: str) -> int:
    try:
        target = parse(architecture)
    except ArchitectureError:
        return 0
    if not architecture.startswith("compute_") and cubin_verdict(architecture, capability) in _RUNS:
        return 2
    return int(target.ptx and ptx_verdict(architecture, capability) is Verdict.JIT)


def _capability(architecture: str) -> str | None:
    """The GPU that a requested architecture is meant for."""
    try:
        return parse(architecture).base
    except ArchitectureError:
        return None
