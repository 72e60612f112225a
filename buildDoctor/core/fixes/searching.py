"""What a search for fixes found: which changes bring a kernel back, what else they do, and why others do not help."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from buildDoctor.core.evidence import Evidence, Feature, Plan
from buildDoctor.core.findings import Outcome, Trial
from buildDoctor.core.fixes.candidates import Candidate, Kind
from buildDoctor.core.fixes.trials import compare, gets_of, new_findings, paired, shown
from buildDoctor.core.flow import Layer, Row, State, row_of_feature, serving
from buildDoctor.core.judging.judge import Judgement
from buildDoctor.core.language.text_functions import quoted_word
from buildDoctor.core.traces import capabilities_of, taking_step

_LAST_LAYERS = frozenset({Layer.FEATURE, Layer.COMPILE})
"""The layers that say what comes of it; a list before them may be passed over with PTX."""
_SUFFIXED = ("a", "f")
_CAUTION = {Kind.SUPPORTED: 0, Kind.REQUEST: 0, Kind.TOOLKIT: 1, Kind.OWN: 2}


class Goal(Struct, frozen=True, kw_only=True):
    """What is to be brought back: a feature, or the plain sources, on one GPU."""

    feature: Feature | None
    capability: str
    row: Row
    """How far it comes now."""

    @property
    def name(self) -> str:
        """What it is called."""
        return (self.feature.name or "") if self.feature else "the plain sources"


class Tried(Struct, frozen=True, kw_only=True):
    """One candidate and what a whole replay showed."""

    candidate: Candidate
    trial: Trial
    side_effects: tuple[str, ...] = ()
    """The other features that get other architectures with it."""
    patch: str = ""
    weaker: bool = False
    """Whether the kernel comes without the suffix that its list asks for, and so without the instructions of its chip."""


class Refuted(Struct, frozen=True, kw_only=True):
    """Changes that are often proposed and do not help, and why."""

    titles: tuple[str, ...]
    why: str


class Found(Struct, frozen=True, kw_only=True):
    """The outcome of the search for one goal."""

    goal: Goal
    candidates: int
    """How many changes were considered."""
    filtered: int
    """How many of them the tree's own list functions refused, called on the changed lists alone."""
    replayed: int
    """How many were replayed whole, with all build scripts."""
    left_out: int
    """How many were not tried, because of the bound on whole replays."""
    proven: tuple[Tried, ...]
    """The smallest first; of equals, those that change least else."""
    refuted: tuple[Refuted, ...] = ()
    worse: tuple[Tried, ...] = ()
    """Where nothing is proven: the best of those that bring it back and do harm elsewhere."""


def goals(evidence: Evidence, names: Iterable[str] = ()) -> tuple[Goal, ...]:
    """What the build scripts lose for the capabilities to diagnose for, else for those that are asked for.

    Args:
        evidence: all that was seen.
        names: the features to look at; all, and the plain sources, without any.
    """
    plan, wanted = evidence.plan, set(names)
    if plan is None:
        return ()
    items: list[tuple[int, Feature] | None] = [] if wanted else [None]
    items += [(at, f) for at, f in enumerate(plan.features or ()) if not wanted or f.name in wanted]
    found = []
    for capability in evidence.capabilities or capabilities_of(plan.request or ()):
        for item in items:
            row = row_of_feature(evidence, capability, item)
            if _lost_by_scripts(row):
                found.append(Goal(feature=item[1] if item else None, capability=capability, row=row))
    return tuple(found)


def search_command(evidence: Evidence, names: Iterable[str]) -> str:
    """The command that searches for what brings features back, asked as this plan was; of all without a name."""
    plan = evidence.plan or Plan()
    options = (
        ("--features", ",".join(names)),
        ("--cuda", plan.cuda_version or ""),
        ("--arch-list", " ".join(plan.request or ())),
        ("--gpu", ",".join(evidence.capabilities or ())),
    )
    said = [f"{option} {quoted_word(value)}" for option, value in options if value]
    return " ".join(["build-doctor plan", quoted_word(plan.source or "."), "--search", *said])


def _lost_by_scripts(row: Row) -> bool:
    """Whether the scripts leave nothing of it; PTX in the list of a feature is enough."""
    if row.first_loss is None:
        return False
    return any(cell.layer in _LAST_LAYERS and cell.state is State.LOST for cell in row.cells)


def reached(goal: Goal, evidence: Evidence, plan: Plan) -> bool:
    """Whether a plan has the goal."""
    changed = replace(evidence, plan=plan)
    if goal.feature is None:
        return not _lost_by_scripts(row_of_feature(changed, goal.capability, None))
    known = ((at, f) for at, f in enumerate(plan.features or ()) if _is_same(f, goal.feature))
    item = next(known, None)
    return item is not None and _has_list(row_of_feature(changed, goal.capability, item))


def _is_same(one: Feature, other: Feature) -> bool:
    return (one.name, one.variable) == (other.name, other.variable)


def _has_list(row: Row) -> bool:
    """Whether the feature's list and its sources serve the GPU."""
    states = {cell.layer: cell.state for cell in row.cells}
    return states.get(Layer.FEATURE) is State.KEPT and states.get(Layer.COMPILE) is not State.LOST


def trial_of(
    goal: Goal,
    evidence: Evidence,
    after: Plan,
    judged: Callable[[], tuple[Judgement, Judgement]],
    refusals: tuple[str, ...],
) -> Trial:
    """What a whole replay of a candidate showed.

    Args:
        goal: what is to be brought back.
        evidence: all that was seen, with the plan as it is.
        after: the plan with the change.
        judged: gives what the rules say without the change and with it; asked only when the goal is reached.
        refusals: errors that the build scripts give with the change only.
    """
    before = evidence.plan or after
    compared = compare(before, after, evidence.capabilities or ())
    effect = compared.effect
    if refusals:
        return Trial(outcome=Outcome.MAKES_WORSE, why=f"the build scripts refuse it: {refusals[0]}", effect=effect)
    if not reached(goal, evidence, after):
        return Trial(
            outcome=Outcome.NO_EFFECT,
            why=f"replayed on a copy: {goal.name} still has nothing that runs on {goal.capability}",
            effect=effect,
        )
    new = new_findings(*judged())
    if new:
        return Trial(outcome=Outcome.MAKES_WORSE, why=f"{goal.name} is there, but this comes: {new}", effect=effect)
    if compared.lost:
        lost = ", ".join(compared.lost)
        return Trial(outcome=Outcome.MAKES_WORSE, why=f"{goal.name} is there, but this is lost: {lost}", effect=effect)
    return Trial(
        outcome=Outcome.PROVEN,
        why=f"replayed on a copy: {goal.name} runs on {goal.capability}, no other finding comes, nothing is lost",
        effect=(*effect, "nothing lost"),
    )


def side_effects(goal: Goal, before: Plan, after: Plan) -> tuple[str, ...]:
    """The other features that get other architectures, as `scaled_mm_sm120: 12.0 -> 12.0a`."""
    return tuple(
        f"{new.name}: {shown(gets_of(old))} -> {shown(gets_of(new))}"
        for old, new in paired(before.features or (), after.features or ())
        if gets_of(old) != gets_of(new) and not (goal.feature and _is_same(new, goal.feature))
    )


def ranked(tried: Iterable[Tried]) -> tuple[Tried, ...]:
    """The smallest edit first; of equals, what trusts the kernels least, adds least, and changes least else.

    Behind all of them stands what gives a kernel less than it asks for: an architecture without the suffix of its list.
    """

    def key(one: Tried) -> tuple[bool, int, int, int, int]:
        candidate = one.candidate
        return one.weaker, candidate.size, _CAUTION[candidate.kind], len(candidate.added), len(one.side_effects)

    return tuple(sorted(tried, key=key))


def is_weaker(goal: Goal, after: Plan) -> bool:
    """Whether a feature whose list names a suffix for the GPU's family is left with plain numbers for the GPU."""
    if goal.feature is None:
        return False
    now = next((f for f in after.features or () if _is_same(f, goal.feature)), None)
    return is_less(goal, serving(gets_of(now), goal.capability) if now else ())


def is_less(goal: Goal, served: Iterable[str]) -> bool:
    """Whether what serves the GPU lacks the suffix that the feature's list names for the GPU's family."""
    major = f"{goal.capability.partition('.')[0]}."
    wants = (goal.feature.wants or ()) if goal.feature else ()
    special = [want for want in wants if want.startswith(major) and want.endswith(_SUFFIXED)]
    return bool(special) and not any(architecture.endswith(_SUFFIXED) for architecture in served)


def is_often_proposed(candidate: Candidate, plan: Plan) -> bool:
    """Whether a candidate adds to the supported list what the request has and the build does not get."""
    if candidate.kind is not Kind.SUPPORTED or candidate.removed:
        return False
    dropped = set(capabilities_of(plan.request or ())) - set(capabilities_of(plan.architectures or ()))
    return bool(candidate.added) and set(capabilities_of(candidate.added)) <= dropped


def why_not(goal: Goal, candidate: Candidate, after: Plan) -> str:
    """Why a candidate does not help, from the plan with it."""
    return " ".join(_reasons(goal, candidate, after)) or f"With it {goal.name} gets what it had before."


def _reasons(goal: Goal, candidate: Candidate, after: Plan) -> Iterator[str]:
    wants = (goal.feature.wants or ()) if goal.feature else ()
    added = candidate.added
    strangers = [a for a in added if not serving(wants, _base(a)) and _base(a) not in capabilities_of(wants)]
    if wants and added and len(strangers) == len(added):
        verb = "are" if len(added) > 1 else "is"
        yield f"{' and '.join(added)} {verb} nothing that {goal.name} asks for: its own list is {', '.join(wants)}."
    taken = taking_step(after, goal.capability) if goal.capability in capabilities_of(wants) else None
    if taken is not None:
        came = [a for a in after.architectures or () if a.startswith(goal.capability) and a != goal.capability]
        instead = f" for {', '.join(came)}" if came else ""
        yield (
            f"What it needs is a plain {goal.capability} in the build's list, and {taken.command} "
            f"({taken.file}:{taken.line}) still takes that out{instead}."
        )


def _base(architecture: str) -> str:
    return next(iter(capabilities_of((architecture,))), architecture)
