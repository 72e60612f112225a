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
from buildDoctor.core.plan.records import TraceRecord, calls_of_functions
from buildDoctor.core.plan.targets import extensions_of, planned_sources


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
    walk = _Walk(records, texts, calls_of_functions(records))
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
    )


@dataclass(slots=True)
class _Walk:
    """One pass over the records that keeps the lists as they are at each point."""

    records: tuple[TraceRecord, ...]
    texts: Mapping[str, str]
    functions: frozenset[str]
    steps: list[Step] = field(default_factory=list)
    features: list[Feature] = field(default_factory=list)
    supported: SupportedList | None = None
    architectures: tuple[str, ...] | None = None
    _callers: list[int] = field(default_factory=list)
    """The function calls that have not returned yet, outermost first."""

    def run(self) -> None:
        scopes = Scopes(self.functions)
        for index, record in enumerate(self.records):
            scopes.enter(record)
            while self._callers and self.records[self._callers[-1]].frame >= record.frame:
                self._callers.pop()
            found = intersection_at(self.records, index, self.functions)
            if found is not None:
                self._note(found, scopes)
            step = apply(record, scopes)
            if step is not None:
                self.steps.append(step)
            if record.command in self.functions:
                self._callers.append(index)
            scopes.leave(record)

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
