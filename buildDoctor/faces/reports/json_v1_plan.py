"""What `build-doctor plan` answers beside the plan, as the JSON report of version 1 promises it. Apart from the core."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from buildDoctor.faces.reports.json_v1_evidence_plan import Step
from buildDoctor.faces.reports.json_v1_shape import Shape

if TYPE_CHECKING:
    # Most reports answer no question about a plan.
    from buildDoctor.core.fixes.covering import Cover
    from buildDoctor.core.fixes.searching import Found, Tried
    from buildDoctor.core.plan_answers import PlanAnswer
    from buildDoctor.core.traces import Trace, Way


class LayerV1(Shape, frozen=True, kw_only=True):
    """One layer of a way."""

    layer: str
    """Its name, such as `supported`."""
    state: str
    """`kept`, `lost`, `not seen` or `not meant`."""
    value: str
    """What is left there, such as `12.0a`; or why nothing can be said."""
    path: str
    """The path in `evidence` that it is read from."""


class WayV1(Shape, frozen=True, kw_only=True):
    """How far one thing comes on one GPU."""

    capability: str
    """The GPU, such as `12.0`."""
    feature: str
    """The feature; empty for plain sources."""
    source: str
    """The source, where one was asked about; else empty."""
    layers: tuple[LayerV1, ...]
    """The layers in their order."""
    first_loss: str
    """The first layer where nothing is left; empty when it arrives or is not meant to be there."""
    place: str
    """File and line of the call or list where the scripts lose it; empty when they do not."""
    lost_by: Step | None = None
    """The list operation after which nothing is left."""
    taken_by: Step | None = None
    """The list operation before it that took the GPU's own number out of the build's list."""


class TraceV1(Shape, frozen=True, kw_only=True):
    """What `--trace` asked about. The changes of its lists are `evidence.plan.steps`, which then holds no others."""

    name: str
    """As it was typed."""
    variables: tuple[str, ...]
    """The lists of that name."""
    features: tuple[str, ...]
    """The features of that name, or with such a list or source."""
    sources: tuple[str, ...]
    """The sources of that name, or with a kernel of that name."""
    ways: tuple[WayV1, ...]
    """By capability, then in the order of the scripts."""


class TriedV1(Shape, frozen=True, kw_only=True):
    """One change and what a whole replay with it showed."""

    title: str
    """What to change, in one line."""
    kind: str
    """What it changes: `supported`, `own list`, `request` or `toolkit`."""
    size: int
    """How many elements it takes out and puts in."""
    removed: tuple[str, ...]
    """The elements that it takes out."""
    added: tuple[str, ...]
    """The elements that it puts in."""
    outcome: str
    """`proven`, or `makes-worse`."""
    why: str
    """The reason for the outcome, in one sentence."""
    effect: tuple[str, ...]
    """What it does, one line each."""
    side_effects: tuple[str, ...]
    """The other features that get other architectures with it."""
    weaker: bool
    """Whether the kernel comes without the suffix that its list asks for."""
    patch: str
    """The change as a unified diff; empty when no script changes."""


class RefutedV1(Shape, frozen=True, kw_only=True):
    """Changes that are often proposed and do not help."""

    titles: tuple[str, ...]
    """What they change, one line each."""
    why: str
    """Why they do not help."""


class FoundV1(Shape, frozen=True, kw_only=True):
    """The outcome of the search for one thing that is lost on one GPU."""

    feature: str
    """The feature; empty for the plain sources."""
    capability: str
    """The GPU, such as `12.0`."""
    first_loss: str
    """The first layer where nothing is left."""
    candidates: int
    """How many changes were considered."""
    filtered: int
    """How many of them the tree's own list functions refused, called alone."""
    replayed: int
    """How many were replayed whole."""
    left_out: int
    """How many were not tried, because of a bound."""
    proven: tuple[TriedV1, ...]
    """The smallest first."""
    worse: tuple[TriedV1, ...]
    """Where nothing is proven: the best of those that do harm elsewhere."""
    refuted: tuple[RefutedV1, ...]
    """What is often proposed and does not help."""


class ServedV1(Shape, frozen=True, kw_only=True):
    """What one GPU gets of one feature."""

    capability: str
    """The GPU, such as `12.0`."""
    name: str
    """The feature, as it was asked for; empty for the plain sources."""
    features: tuple[str, ...]
    """The features of that name that are written for the GPU."""
    by: tuple[str, ...]
    """The architectures that serve it; none when nothing does."""
    way: WayV1 | None = None
    """Where it is lost when the build is asked for that GPU alone; absent when it is served, or not written for it."""


class CoverV1(Shape, frozen=True, kw_only=True):
    """The smallest request for some GPUs."""

    capabilities: tuple[str, ...]
    """The GPUs."""
    names: tuple[str, ...]
    """The features, as they were asked for."""
    request: tuple[str, ...] | None = None
    """The request, proven by a replay; absent when none was found."""
    tried: int
    """How many requests were replayed."""
    served: tuple[ServedV1, ...]
    """What the request gives."""
    unmet: tuple[ServedV1, ...]
    """What no request gives."""


class ResultV1(Shape, frozen=True, kw_only=True):
    """What a plan does with one feature, or, where it has none, with one extension."""

    state: str
    """`built`, `not built`, `not known`, `not there` or `no plan`."""
    wants: tuple[str, ...]
    """What the feature's own list asks for."""
    gets: tuple[str, ...]
    """What is left of that."""
    why: str
    """Why there is no plan; empty when there is one."""


class RevisionV1(Shape, frozen=True, kw_only=True):
    """A commit after which a feature has another result."""

    feature: str
    """The feature, or the extension."""
    commit: str
    """The id of the commit."""
    date: str
    """The day on which it was written, as `2026-12-31`, in UTC."""
    subject: str
    """The first line of its message."""
    files: tuple[str, ...]
    """The build scripts that it changes, relative to the tree."""
    before: ResultV1
    """The result before it."""
    after: ResultV1
    """The result with it."""
    supported_before: tuple[str, ...] | None = None
    """The list of supported architectures before it, where it changes that list."""
    supported_after: tuple[str, ...] | None = None
    """The same list with it."""


class RevisionsV1(Shape, frozen=True, kw_only=True):
    """Where the results of a range of commits changed."""

    range: str
    """As it was typed."""
    commits: int
    """How many commits of it change a build script."""
    looked: int
    """How many plans were made."""
    found: tuple[RevisionV1, ...]
    """By feature, oldest first."""
    same: tuple[str, ...]
    """The features whose result is the same at both ends."""


class PlanAnswerV1(Shape, frozen=True, kw_only=True):
    """What `build-doctor plan` was asked beside the plan."""

    trace: TraceV1 | None = None
    """The answer to `--trace`."""
    search: tuple[FoundV1, ...] | None = None
    """The answer to `--search`: one part for each thing that is lost."""
    cover: CoverV1 | None = None
    """The answer to `--cover`."""
    revisions: RevisionsV1 | None = None
    """The answer to `--rev`."""


def plan_answer(answer: PlanAnswer | None) -> PlanAnswerV1 | None:
    """An answer in the shape that is promised."""
    if answer is None:
        return None
    return PlanAnswerV1(
        trace=_trace(answer.trace) if answer.trace else None,
        search=tuple(map(_found, answer.search)) if answer.search is not None else None,
        cover=_cover(answer.cover) if answer.cover else None,
        revisions=msgspec.convert(answer.revisions, RevisionsV1 | None, from_attributes=True),
    )


def _found(found: Found) -> FoundV1:
    goal = found.goal
    return FoundV1(
        feature=(goal.feature.name or "") if goal.feature else "",
        capability=goal.capability,
        first_loss=goal.row.first_loss.layer.value if goal.row.first_loss else "",
        candidates=found.candidates,
        filtered=found.filtered,
        replayed=found.replayed,
        left_out=found.left_out,
        proven=tuple(map(_tried, found.proven)),
        worse=tuple(map(_tried, found.worse)),
        refuted=msgspec.convert(found.refuted, tuple[RefutedV1, ...], from_attributes=True),
    )


def _tried(tried: Tried) -> TriedV1:
    candidate, trial = tried.candidate, tried.trial
    return TriedV1(
        title=candidate.title,
        kind=candidate.kind.value,
        size=candidate.size,
        removed=candidate.removed,
        added=candidate.added,
        outcome=trial.outcome.value,
        why=trial.why,
        effect=trial.effect,
        side_effects=tried.side_effects,
        weaker=tried.weaker,
        patch=tried.patch,
    )


def _cover(cover: Cover) -> CoverV1:
    return CoverV1(
        capabilities=cover.capabilities,
        names=cover.names,
        request=cover.request,
        tried=cover.tried,
        served=tuple(
            ServedV1(capability=need.capability, name=need.name, features=need.features, by=by)
            for need, by in cover.served
        ),
        unmet=tuple(
            ServedV1(
                capability=one.need.capability,
                name=one.need.name,
                features=one.need.features,
                by=(),
                way=_way(one.way) if one.way else None,
            )
            for one in cover.unmet
        ),
    )


def _trace(traced: Trace) -> TraceV1:
    subject = traced.subject
    return TraceV1(
        name=subject.name,
        variables=subject.variables,
        features=subject.features,
        sources=subject.sources,
        ways=tuple(map(_way, traced.ways)),
    )


def _way(way: Way) -> WayV1:
    row = way.row
    return WayV1(
        capability=row.capability,
        feature=row.feature,
        source=row.title,
        layers=tuple(
            LayerV1(layer=cell.layer.value, state=cell.state.value, value=cell.value, path=cell.path)
            for cell in row.cells
        ),
        first_loss=row.first_loss.layer.value if row.first_loss else "",
        place=way.place,
        lost_by=msgspec.convert(way.lost_by, Step | None, from_attributes=True),
        taken_by=msgspec.convert(way.taken_by, Step | None, from_attributes=True),
    )
