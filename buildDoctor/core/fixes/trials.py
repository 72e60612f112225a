"""What a trial showed: the plan and the findings before and after a change, compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from msgspec import Struct

from buildDoctor.core.device.architectures import ArchitectureError, Verdict, cubin_verdict, parse, ptx_verdict
from buildDoctor.core.evidence import Feature, Plan
from buildDoctor.core.findings import Outcome, Severity, Trial
from buildDoctor.core.judging.judge import Held, Judgement

_MOST_LINES = 12
_RUNS = frozenset({Verdict.NATIVE, Verdict.FAMILY})


class Compared(Struct, frozen=True, kw_only=True):
    """What a change does to a plan."""

    lost: tuple[str, ...]
    """What ran on a capability and does not run there any more, or only through PTX."""
    effect: tuple[str, ...]
    """All differences in words, one line each."""


def judge_trial(
    target: Held,
    before: Judgement,
    after: Judgement,
    plans: tuple[Plan, Plan],
    capabilities: tuple[str, ...] | None,
    refusals: tuple[str, ...] = (),
) -> Trial:
    """The outcome of a change.

    Args:
        target: what the change is meant to mend.
        before: what the rules answer without the change.
        after: what they answer with it.
        plans: the plan without and with it.
        capabilities: what is diagnosed for.
        refusals: errors that the build scripts give with the change only.
    """
    compared = compare(*plans, capabilities or ())
    new = new_findings(before, after)
    if target.keys & _keys(after):
        return Trial(outcome=Outcome.NO_EFFECT, why=_why_no_effect(compared), effect=compared.effect)
    if refusals:
        return Trial(
            outcome=Outcome.MAKES_WORSE, why=f"the build scripts refuse it: {refusals[0]}", effect=compared.effect
        )
    missing = _newly_missing(target, before, after)
    if missing:
        return Trial(
            outcome=Outcome.CANNOT_TRY,
            why=f"with the change it cannot be told whether the finding is gone: {', '.join(missing)} is not seen then",
            effect=compared.effect,
        )
    if new:
        return Trial(
            outcome=Outcome.MAKES_WORSE, why=f"the finding is gone, but this comes: {new}", effect=compared.effect
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


def new_findings(before: Judgement, after: Judgement) -> str:
    """The errors and warnings that only the second of two judgements has, in words; empty when there are none."""
    known = _keys(before)
    # A log was written before: no change of the scripts brings what it says.
    told = [h for h in after.held if h.rule.severity is not Severity.NOTE and h.rule.family != "log"]
    new = [h for h in told if not h.keys <= known]
    return ", ".join(dict.fromkeys(f"{h.rule.id} ({h.subject})" if h.subject else h.rule.id for h in new))


def _keys(judgement: Judgement) -> frozenset[tuple[str, str]]:
    return frozenset().union(*(held.keys for held in judgement.held))


def _newly_missing(target: Held, before: Judgement, after: Judgement) -> tuple[str, ...]:
    """What the target's rule misses with the change only: where it cannot tell, the finding is not gone."""
    known = {path for one in before.unclear if one.rule.id == target.rule.id for path in one.missing}
    return tuple(
        path for one in after.unclear if one.rule.id == target.rule.id for path in one.missing if path not in known
    )


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
    pairs = list(paired(before.features or (), after.features or ()))
    lines = [_feature_line(old, new) for old, new in pairs if (old.gets, old.built) != (new.gets, new.built)]
    if before.architectures != after.architectures:
        lines.append(f"architectures of the build: {shown(before.architectures)} -> {shown(after.architectures)}")
    if len(lines) > _MOST_LINES:
        lines = [*lines[:_MOST_LINES], f"and {len(lines) - _MOST_LINES} more"]
    lost = [
        *(f"{old.name} on {c}" for old, new in pairs for c in worse(gets_of(old), gets_of(new), served)),
        *(f"every plain source on {c}" for c in worse(before.architectures, after.architectures, served)),
    ]
    # Sources that no list of architectures explains are lost as well, when the change takes another way past them.
    return Compared(lost=tuple(lost or _lost_sources(before, after, served)), effect=tuple(lines))


def _lost_sources(before: Plan, after: Plan, capabilities: tuple[str, ...]) -> Iterator[str]:
    """The sources that are not compiled any more, or serve a capability less well, counted by extension."""
    compiled = {(s.extension, s.path): s.architectures or () for s in after.sources or ()}
    counts: Counter[str] = Counter()
    for source in before.sources or ():
        now = compiled.get((source.extension, source.path))
        if now is None:
            counts[f"of {source.extension}"] += 1
        for capability in worse(source.architectures, now, capabilities) if now is not None else ():
            counts[f"of {source.extension} on {capability}"] += 1
    yield from (f"{count} source{'s' if count != 1 else ''} {where}" for where, count in counts.items())


def paired(before: Iterable[Feature], after: Iterable[Feature]) -> Iterator[tuple[Feature, Feature]]:
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


def gets_of(feature: Feature) -> tuple[str, ...]:
    """What a feature is built for: nothing when its block is not taken."""
    return (feature.gets or ()) if feature.built is not False else ()


def worse(had: tuple[str, ...] | None, has: tuple[str, ...] | None, capabilities: tuple[str, ...]) -> list[str]:
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
