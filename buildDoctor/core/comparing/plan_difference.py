"""What differs between two plans of one tree, feature by feature and source by source."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from buildDoctor.core.evidence import Feature, Plan, PlannedSource
from buildDoctor.core.fixes.trials import gets_of, paired, worse
from buildDoctor.core.traces import capabilities_of


class FeatureDifference(Struct, frozen=True, kw_only=True):
    """A feature that gets other architectures, or is built in one of the plans only."""

    name: str
    variable: str
    before: tuple[str, ...]
    """What it gets; nothing when it is not built."""
    after: tuple[str, ...]
    gained: tuple[str, ...]
    """The capabilities that it serves better than before."""
    lost: tuple[str, ...]
    """The capabilities that it serves less well, or not at all any more."""


class SourceDifference(Struct, frozen=True, kw_only=True):
    """A source that is compiled for other architectures."""

    path: str
    extension: str
    before: tuple[str, ...] | None
    """What it is compiled for; absent when it is not compiled."""
    after: tuple[str, ...] | None
    gained: tuple[str, ...]
    lost: tuple[str, ...]


class Inputs(Struct, frozen=True, kw_only=True):
    """What a plan is asked with, and what of that is left for the build."""

    cuda: str
    request: tuple[str, ...]
    supported: tuple[str, ...] | None
    """The list of supported architectures; absent where there is none."""
    architectures: tuple[str, ...] | None
    """What is left of the request; absent where that is not known."""


class PlanDifference(Struct, frozen=True, kw_only=True):
    """What differs between two plans; features and sources that are the same are left out."""

    before: Inputs
    after: Inputs
    features: tuple[FeatureDifference, ...]
    sources: tuple[SourceDifference, ...]
    patch: str = ""
    """The changes of scripts, as a unified diff."""

    @property
    def losses(self) -> int:
        """How many features and sources lose something."""
        return sum(bool(f.lost) for f in self.features) + sum(bool(s.lost) for s in self.sources)


def difference(before: Plan, after: Plan, capabilities: tuple[str, ...], patch: str = "") -> PlanDifference:
    """What differs between two plans.

    Args:
        before: the plan as it is.
        after: the plan after a change.
        capabilities: the GPUs that gains and losses are counted for, beside those that either build is asked for.
        patch: the change of the scripts.
    """
    asked = capabilities_of((*(before.request or ()), *(after.request or ())))
    served = tuple(dict.fromkeys((*capabilities, *asked)))
    pairs = paired(before.features or (), after.features or ())
    return PlanDifference(
        before=_inputs(before),
        after=_inputs(after),
        features=tuple(_feature(old, new, served) for old, new in pairs if _differ(old, new)),
        sources=tuple(_sources(before, after, served)),
        patch=patch,
    )


def _inputs(plan: Plan) -> Inputs:
    return Inputs(
        cuda=plan.cuda_version or "",
        request=plan.request or (),
        supported=plan.supported.architectures if plan.supported else None,
        architectures=plan.architectures,
    )


def _differ(old: Feature, new: Feature) -> bool:
    return gets_of(old) != gets_of(new) or old.built != new.built


def _feature(old: Feature, new: Feature, served: tuple[str, ...]) -> FeatureDifference:
    had, has = gets_of(old), gets_of(new)
    return FeatureDifference(
        name=new.name or "",
        variable=new.variable or "",
        before=had,
        after=has,
        gained=tuple(worse(has, had, served)),
        lost=tuple(worse(had, has, served)),
    )


def _sources(before: Plan, after: Plan, served: tuple[str, ...]) -> Iterator[SourceDifference]:
    """The sources that differ, in the order of the first plan, then those that only the second has."""
    had, has = _by_path(before), _by_path(after)
    for path, extension in dict.fromkeys((*had, *has)):
        old, new = had.get((path, extension)), has.get((path, extension))
        if old == new:
            continue
        yield SourceDifference(
            path=path,
            extension=extension,
            before=old,
            after=new,
            gained=tuple(worse(new, old, served)),
            lost=tuple(worse(old, new, served)),
        )


def _by_path(plan: Plan) -> dict[tuple[str, str], tuple[str, ...]]:
    def key(source: PlannedSource) -> tuple[str, str]:
        return source.path or "", source.extension or ""

    return {key(source): source.architectures or () for source in plan.sources or ()}
