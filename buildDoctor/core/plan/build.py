"""The plan, assembled from the trace of one run of the build scripts."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from buildDoctor.core.evidence import Feature, Plan, Step, SupportedList
from buildDoctor.core.plan.blocks import referenced_variables
from buildDoctor.core.plan.features import (
    Intersection,
    feature_of,
    intersection_at,
    renamed_by_wrapper,
    uniquely_named,
)
from buildDoctor.core.plan.fetched import fetched_cutlass
from buildDoctor.core.plan.hip import hip_supported
from buildDoctor.core.plan.lists import CHANGING, Scopes, apply
from buildDoctor.core.plan.records import TraceRecord, functions_of
from buildDoctor.core.plan.target_records import NOTE, Statements, statements_of
from buildDoctor.core.plan.targets import Planned, architectures_of_all, planned_targets
from buildDoctor.core.plan.torch_request import torch_request

MOST_FEATURES = 500
"""More blocks than any project has; what comes after them is not read."""
_MOST_CALLS = 2_000
_MOST_STEPS = 20_000


class Asked(Struct, frozen=True, kw_only=True):
    """The build that the scripts were asked about."""

    source: str
    """The folder of the source tree."""
    cuda_version: str
    """The toolkit version that they were told."""
    request: tuple[str, ...]
    """The architectures that they were asked for."""
    native: tuple[str, ...] | None = None
    """The capabilities of the machine that configures, where they are known."""
    hip: bool = False
    """Whether the build is for HIP."""
    hip_request: tuple[str, ...] = ()
    """The AMD architectures that they were asked for."""
    torch_script: str = ""
    """The script of the examined torch that makes flags of the request, by the name that the records use."""


class PlanFromTrace(Struct, frozen=True, kw_only=True):
    """A plan, and what of it the run left open."""

    plan: Plan
    doubts: tuple[tuple[str, str], ...]
    """The path below `plan` that a doubt is about, and the doubt."""
    noted: Mapping[str, list[tuple[str, ...]]]
    """What the replay told beside the scripts' own commands, by its kind."""
    writers: Mapping[str, str]
    """By a pattern that finds no file: the script that writes what it would find, or nothing."""


def plan_from_trace(records: tuple[TraceRecord, ...], texts: Mapping[str, str], asked: Asked) -> PlanFromTrace:
    """What the scripts decide.

    Args:
        records: the executed commands in their order.
        texts: the scripts by the names that the records use.
        asked: the build that they were asked about.
    """
    statements = statements_of(records)
    planned = planned_targets(statements, _named_lists(statements), asked.native)
    torch = torch_request(records, statements, asked.torch_script)
    own = tuple(r for r in records if r.command != NOTE and (not asked.torch_script or r.file != asked.torch_script))
    walk = _Walk(own, texts, {**functions_of(own), "add_subdirectory": ()})
    walk.run()
    plan = Plan(
        source=asked.source,
        cuda_version=asked.cuda_version,
        request=asked.request or torch.request,
        supported=walk.supported,
        architectures=_architectures(walk, planned, asked),
        features=uniquely_named(walk.features),
        sources=planned.sources,
        extensions=planned.extensions,
        steps=(*torch.steps, *walk.steps),
        builder="cmake",
        rejected=torch.rejected,
        platform="hip" if asked.hip else "cuda",
        hip_architectures=planned.hip_architectures,
        hip_request=asked.hip_request,
        hip_supported=hip_supported(own, asked.hip_request, planned.hip_architectures),
        cutlass=fetched_cutlass(own),
        gencode=torch.flags,
    )
    return PlanFromTrace(plan=plan, doubts=planned.doubts, noted=statements.noted, writers=statements.writers)


def _named_lists(statements: Statements) -> dict[str, str]:
    """CMake's own lists of architectures, which the replay tells by their names."""
    return {told[0]: told[1] for told in statements.noted.get("list", ()) if len(told) > 1}


def _architectures(walk: _Walk, planned: Planned, asked: Asked) -> tuple[str, ...] | None:
    """What is left of the request: the result of the project's filter, else all that its sources are compiled for."""
    if asked.hip:
        return None
    return walk.architectures if walk.supported is not None else architectures_of_all(planned.sources)


class _Walk(Struct):
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
            if record.frame <= scopes.depth:
                scopes.enter(record)
                while self._callers and self.records[self._callers[-1]].frame >= record.frame:
                    self._callers.pop()
            calls = record.command in self.functions
            if calls and len(record.arguments) == 3:
                self._look_at_call(index, scopes)
            step = apply(record, scopes) if record.command in CHANGING else None
            if step is not None and len(self.steps) < _MOST_STEPS:
                self.steps.append(self._placed(step))
            if calls:
                self._callers.append(index)
                scopes.leave(record)

    def _placed(self, step: Step) -> Step:
        """The step with the call that it happens inside of."""
        if not self._callers:
            return step
        outermost = self.records[self._callers[0]]
        return replace(step, call=f"{outermost.file}:{outermost.line}")

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
