"""Looks for the smallest request that covers some GPUs, and proves it by a replay."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor

from msgspec import Struct, field
from msgspec.structs import replace

from buildDoctor.adapters.cmake.plan import read_plan
from buildDoctor.core.errors import RequestError
from buildDoctor.core.evidence import Feature, Plan
from buildDoctor.core.fixes.covering import Cover, Need, Unmet, elements, is_met, needs_of, requests
from buildDoctor.core.subjects import Subject, features_named, names_of, nearest
from buildDoctor.core.traces import trace
from buildDoctor.examine.plan_asking import AskedPlan
from buildDoctor.examine.setup_builds import read_again

_WORKERS = 2
_MOST_REPLAYS = 120
_MOST_ELEMENTS = 60


class _Replays(Struct):
    """The plans by request, each made once."""

    asked: AskedPlan
    made: dict[tuple[str, ...], Plan | None] = field(default_factory=dict)

    def make(self, wanted: Iterable[tuple[str, ...]]) -> None:
        missing = [request for request in dict.fromkeys(wanted) if request not in self.made]
        with ThreadPoolExecutor(_WORKERS) as pool:
            self.made.update(zip(missing, pool.map(self._plan, missing), strict=True))

    def _plan(self, request: tuple[str, ...]) -> Plan | None:
        question = self.asked.question.asking(request)
        if self.asked.plan.builder == "setup.py":
            return read_again(self.asked.gathered, self.asked.tree, question).plan
        return read_plan(self.asked.tree, question).plan

    def met(self, request: tuple[str, ...], needs: Sequence[Need]) -> frozenset[Need]:
        """The needs that a request meets."""
        plan = self.made.get(request)
        if plan is None:
            return frozenset()
        return frozenset(need for need in needs if is_met(need, self.asked.evidence, plan) is not None)


def cover(asked: AskedPlan, capabilities: tuple[str, ...], names: tuple[str, ...]) -> Cover:
    """The smallest request that covers some GPUs for some features.

    Every architecture that may help is replayed alone. Requests are then made of those that meet every need together,
    and replayed whole in the order of their size, until one holds.

    Args:
        asked: the tree, and what its plan was asked with.
        capabilities: the GPUs.
        names: the features, as they are typed.

    Raises:
        RequestError: the plan has no feature of a name.
    """
    named = {name: _features(asked.plan, name) for name in names}
    needs = needs_of(asked.evidence, asked.plan, capabilities, named)
    replays = _Replays(asked)
    single = elements(asked.plan, capabilities)[:_MOST_ELEMENTS]
    replays.make([(element,) for element in single])
    alone = {element: replays.met((element,), needs) for element in single}
    possible = frozenset[Need]().union(*alone.values()) if alone else frozenset()
    found = _first(replays, alone, possible, needs) if possible else None
    plan = replays.made[found] if found else None
    return Cover(
        capabilities=capabilities,
        names=names,
        request=found,
        tried=len(replays.made),
        served=tuple((n, is_met(n, asked.evidence, plan) or ()) for n in needs if n in possible) if plan else (),
        unmet=tuple(_unmet(replays, need) for need in needs if need not in possible),
    )


def _first(
    replays: _Replays, alone: dict[str, frozenset[Need]], possible: frozenset[Need], needs: Sequence[Need]
) -> tuple[str, ...] | None:
    """The first request that meets all that can be met, in the order of size."""
    for request in requests(alone, possible):
        if len(replays.made) >= _MOST_REPLAYS:
            return None
        replays.make([request])
        if possible <= replays.met(request, needs):
            return request
    return None


def _features(plan: Plan, name: str) -> tuple[Feature, ...]:
    found = features_named(plan, name)
    if not found:
        raise RequestError(f"--features: the plan has no feature {name!r}{nearest(name, names_of(plan))}")
    return found


def _unmet(replays: _Replays, need: Need) -> Unmet:
    """Where a need is lost when the build is asked for its GPU alone."""
    request = (need.capability,)
    replays.make([request])
    plan = replays.made[request]
    if plan is None or (need.name and not need.features):
        return Unmet(need=need, way=None)
    evidence = replace(replays.asked.evidence, plan=plan, capabilities=request)
    return Unmet(need=need, way=trace(evidence, plan, Subject(name=need.name, features=need.features)).ways[0])
