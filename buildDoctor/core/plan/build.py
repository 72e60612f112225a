"""The plan, assembled from the trace of one run of the build scripts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from buildDoctor.core.evidence import Feature, Plan, Step, SupportedList
from buildDoctor.core.plan.blocks import referenced_variables
from buildDoctor.core.plan.features import (
    Intersection,
    feature_of,
    intersection_at,
    renamed_by_wrapper,
    uniquely_named,
)
from buildDoctor.core.plan.lists import Scopes, apply
from buildDoctor.core.plan.records import TraceRecord, functions_of
from buildDoctor.core.plan.targets import extensions_of, planned_sources

MOST_FEATURES = 500
"""More blocks than any project has; what comes after them is not read."""
_MOST_CALLS = 2_000
_MOST_STEPS = 20_000


def plan_from_trace(
    records: tuple[TraceRecord, ...],
    texts: Mapping[str, str],
    *,
    source: str,
    cuda_version: str,
    request: tuple[str, ...],
) -> Plan:
    """What the scripts decide.

    Args:
        records: the executed commands in their order.
        texts: the scripts by the names that the records use.
        source: the folder of the source tree.
        cuda_version: the toolkit version that the scripts were told.
        request: the architectures that they were asked for.
    """
    walk = _Walk(records, texts, functions_of(records))
    walk.run()
    extensions = extensions_of(records)
    return Plan(
        source=source,
        cuda_version=cuda_version,
        request=request,
        supported=walk.supported,
        architectures=walk.architectures,
        features=uniquely_named(walk.features),
        sources=planned_sources(records, extensions),
        extensions=extensions,
        steps=tuple(walk.steps),
        builder="cmake",
        rejected=(),
    )


@dataclass(slots=True)
class _Walk:
    """One pass over the records that keeps the lists as they are at each point."""

    records: tuple[TraceRecord, ...]
    texts: Mapping[str, str]
    functions: Mapping[str, tuple[str, ...]]
    steps: list[Step] = field(default_factory=list)
    features: list[Feature] = field(default_factory=list)
    supported: SupportedList | None = None
    architectures: tuple[str, ...] | None = None
    _looked: int = 0
    _callers: list[int] = field(default_factory=list)
    """The function calls that have not returned yet, outermost first."""

    def run(self) -> None:
        scopes = Scopes(self.functions)
        for index, record in enumerate(self.records):
            scopes.enter(record)
            while self._callers and self.records[self._callers[-1]].frame >= record.frame:
                self._callers.pop()
            if record.command in self.functions and len(record.arguments) == 3:
                self._look_at_call(index, scopes)
            step = apply(record, scopes)
            if step is not None and len(self.steps) < _MOST_STEPS:
                self.steps.append(step)
            if record.command in self.functions:
                self._callers.append(index)
            scopes.leave(record)

    def _look_at_call(self, index: int, scopes: Scopes) -> None:
        """Note what a function call decides, up to a bound: each look reads all that the call runs."""
        if self._looked >= _MOST_CALLS or len(self.features) >= MOST_FEATURES:
            return
        self._looked += 1
        found = intersection_at(self.records, index)
        if found is not None:
            self._note(found, scopes)

    def _note(self, found: Intersection, scopes: Scopes) -> None:
        """Take an intersection as the project's master filter, or as a feature."""
        if self.supported is None and scopes.get(found.variable) == found.targets:
            self.supported = self._supported_list(found)
            self.architectures = found.gets
            return
        named = renamed_by_wrapper(found, self.records, self._callers)
        self.features.append(feature_of(named, self.records, self.texts))

    def _supported_list(self, found: Intersection) -> SupportedList:
        """The list that filters the request, and the command that set it last."""
        record = self.records[found.index]
        names = referenced_variables(self.texts.get(record.file, ""), record.line)
        step = next((s for s in reversed(self.steps) if s.variable in names[:1] and s.after == found.wants), None)
        return SupportedList(
            variable=step.variable if step else None,
            architectures=found.wants,
            file=step.file if step else record.file,
            line=step.line if step else record.line,
        )
