"""The build plan of a CMake tree, as evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from buildDoctor.adapters.cmake.overlay import overlay
from buildDoctor.adapters.cmake.question import Question
from buildDoctor.adapters.cmake.replay import Replay, replay
from buildDoctor.adapters.cmake.scripts import refusal, text_of
from buildDoctor.adapters.commands import Failed
from buildDoctor.core.evidence import NotSeen, Origin, Plan
from buildDoctor.core.plan import plan_from_trace


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanReading:
    """A plan, or why there is none."""

    plan: Plan | None
    origins: tuple[Origin, ...] = ()
    not_seen: tuple[NotSeen, ...] = ()


def read_plan(tree: Path, question: Question, changed: Mapping[str, str] | None = None) -> PlanReading:
    """What the scripts of a tree decide.

    Args:
        tree: the folder that holds CMakeLists.txt.
        question: the build that is asked about.
        changed: texts that take the place of scripts, by path relative to the tree; the tree itself stays as it is.
    """
    tree = tree.resolve()
    reason = refusal(tree)
    if reason is not None:
        return _nothing(reason)
    if not changed:
        return _reading(tree, tree, question)
    with overlay(tree, changed) as copy:
        return _reading(copy, tree, question)


def _reading(place: Path, tree: Path, question: Question) -> PlanReading:
    run = replay(place, question)
    if isinstance(run, Failed):
        return _nothing(run.reason)
    texts = {name: text_of(place / name) for name in {r.file for r in run.records} if not name.startswith("/")}
    plan = plan_from_trace(
        run.records, texts, source=str(tree), cuda_version=question.cuda, request=question.request
    )
    return PlanReading(plan=plan, origins=tuple(_origins(plan)), not_seen=tuple(_gaps(plan, run)))


def _nothing(reason: str) -> PlanReading:
    return PlanReading(plan=None, not_seen=(NotSeen(path="plan", reason=reason),))


def _origins(plan: Plan) -> list[Origin]:
    """The script and line of everything that the plan holds."""
    origins = [Origin(path="plan", source="replay of CMakeLists.txt")]
    if plan.supported is not None:
        place = f"{plan.supported.file}:{plan.supported.line}"
        origins.append(Origin(path="plan.supported", source=place))
    origins += [
        Origin(path=f"plan.features[{number}]", source=f"{feature.file}:{feature.line}")
        for number, feature in enumerate(plan.features or ())
    ]
    return origins


def _gaps(plan: Plan, run: Replay) -> list[NotSeen]:
    """What the replay cannot know: what the scripts refuse, and the sources that another program writes."""
    gaps = [
        NotSeen(
            path=f"plan.extensions[{number}].generated",
            reason=f"the sources {pattern} of {extension.name} are written while configuring; they are not counted",
        )
        for number, extension in enumerate(plan.extensions or ())
        for pattern in extension.generated or ()
        if pattern.endswith((".cu", ".cpp"))
    ]
    if plan.supported is None:
        gaps.append(
            NotSeen(
                path="plan.supported",
                reason="the build scripts filter the request by no list that build-doctor recognises",
            )
        )
    gaps += [
        NotSeen(path="plan.extensions", reason=f"the scripts stop with an error that was passed over: {complaint}")
        for complaint in run.complaints
    ]
    return gaps
