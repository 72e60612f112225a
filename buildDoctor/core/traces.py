"""The way of one thing through the layers for each GPU, and the list operation that loses it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from buildDoctor.core.device.architectures import ArchitectureError, parse
from buildDoctor.core.evidence import Evidence, Feature, Plan, Step
from buildDoctor.core.flow import Layer, Row, State, row_of_feature, row_of_sources, serving
from buildDoctor.core.subjects import Subject, call_of, steps_of, supported_calls

_PLAIN: list[tuple[int, Feature] | None] = [None]


class Way(Struct, frozen=True, kw_only=True):
    """One thing on one GPU, from layer to layer."""

    row: Row
    lost_by: Step | None = None
    """The list operation after which nothing is left at the first layer of loss; `None` where no list operation did it."""
    taken_by: Step | None = None
    """An operation before that one which took the GPU's own number out of the build's list; `None` when there is none."""
    place: str = ""
    """The file and line of the call or list where it is lost; empty when it arrives or is no matter of the scripts."""


class Trace(Struct, frozen=True, kw_only=True):
    """What was asked about, how its lists are made, and how far it comes on each GPU."""

    subject: Subject
    steps: tuple[Step, ...]
    ways: tuple[Way, ...]


def trace(evidence: Evidence, plan: Plan, subject: Subject) -> Trace:
    """The trace of a subject for the capabilities to diagnose for, else for those that the build is asked for."""
    capabilities = evidence.capabilities or capabilities_of(plan.request or ())
    asked = replace(evidence, capabilities=capabilities)
    ways = tuple(_way(plan, row) for capability in capabilities for row in _rows(asked, plan, subject, capability))
    return Trace(subject=subject, steps=steps_of(plan, subject), ways=ways)


def capabilities_of(architectures: Iterable[str]) -> tuple[str, ...]:
    """The GPUs that a list of architectures is meant for, without repetitions."""
    return tuple(dict.fromkeys(filter(None, map(_base, architectures))))


def _base(architecture: str) -> str | None:
    try:
        return parse(architecture).base
    except ArchitectureError:
        return None


def _rows(evidence: Evidence, plan: Plan, subject: Subject, capability: str) -> Iterator[Row]:
    """A row for each feature; for sources one for each feature that has them, and one where none has."""
    for path in subject.sources:
        having: list[tuple[int, Feature] | None] = [
            (at, f) for at, f in enumerate(plan.features or ()) if path in (f.sources or ())
        ]
        for item in having or _PLAIN:
            yield row_of_sources(evidence, capability, (path,), item, path)
    if subject.sources:
        return
    named: list[tuple[int, Feature] | None] = [
        (at, f) for at, f in enumerate(plan.features or ()) if f.name in subject.features
    ]
    for item in named or _PLAIN:
        yield row_of_feature(evidence, capability, item)


def _way(plan: Plan, row: Row) -> Way:
    # The scripts may lose what torch or the toolkit has lost before.
    lost = [cell.layer for cell in row.cells if cell.state is State.LOST] if row.first_loss else []
    if Layer.REQUEST in lost or not {Layer.SUPPORTED, Layer.FEATURE} & set(lost):
        return Way(row=row)
    feature = next((f for f in plan.features or () if f.name == row.feature), None)
    if Layer.SUPPORTED in lost or feature is None:
        calls = supported_calls(plan)
        listed = plan.supported
        place = f"{listed.file}:{listed.line}" if listed else ""
        return Way(row=row, lost_by=losing_step(plan, calls, row.capability, plan.architectures or ()), place=place)
    return Way(
        row=row,
        lost_by=losing_step(plan, (call_of(feature),), row.capability, feature.gets or ()),
        taken_by=taking_step(plan, row.capability),
        place=call_of(feature),
    )


def losing_step(plan: Plan, calls: Iterable[str], capability: str, result: tuple[str, ...]) -> Step | None:
    """The operation inside of some calls that leaves nothing for a capability.

    A list that is given up on purpose (the result has what it held) loses nothing. Where the scripts set the result
    itself from something to nothing, that is the loss; else it is the first operation that drops the offer.
    """
    if serving(result, capability):
        return None
    inside = [step for step in plan.steps or () if step.call in set(calls)]
    losing = [s for s in inside if serving(s.before or (), capability) and not serving(s.after or (), capability)]
    return next((s for s in losing if (s.command or "").endswith("PARENT_SCOPE)")), losing[0] if losing else None)


def taking_step(plan: Plan, capability: str) -> Step | None:
    """The operation of the supported list's call that takes a capability's plain number out of the build's list."""
    calls = supported_calls(plan)
    if capability in (plan.architectures or ()):
        return None
    targets = tuple(capabilities_of(plan.request or ()))
    for step in plan.steps or ():
        gone = set(step.before or ()) - set(step.after or ())
        came = set(step.after or ()) - set(step.before or ())
        # The build's list, not the list of offers: it holds what was asked for.
        if step.call in calls and capability in gone and not came and set(step.before or ()) <= set(targets):
            return step
    return None
