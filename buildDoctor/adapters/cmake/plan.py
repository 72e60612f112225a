"""The build plan of a CMake tree, as evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from buildDoctor.adapters.cmake.overlay import overlay
from buildDoctor.adapters.cmake.question import Question
from buildDoctor.adapters.cmake.replay import Replay, replay
from buildDoctor.adapters.cmake.scripts import Scripts, read_scripts, text_of
from buildDoctor.adapters.commands import Failed
from buildDoctor.core.evidence import NotSeen, Origin, Plan
from buildDoctor.core.plan import MOST_FEATURES, plan_from_trace


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanReading:
    """A plan, or why there is none."""

    plan: Plan | None
    origins: tuple[Origin, ...] = ()
    not_seen: tuple[NotSeen, ...] = ()
    complaints: tuple[str, ...] = ()
    """Errors that the scripts give and that were passed over, with file and line."""


def read_plan(tree: Path, question: Question, changed: Mapping[str, str] | None = None) -> PlanReading:
    """What the scripts of a tree decide.

    Args:
        tree: the folder that holds CMakeLists.txt.
        question: the build that is asked about.
        changed: texts that take the place of scripts, by path relative to the tree; the tree itself stays as it is.
    """
    tree = tree.resolve()
    scripts = read_scripts(tree, changed)
    if scripts.refusal is not None:
        return _nothing(scripts.refusal)
    if not changed:
        return _reading(tree, tree, scripts, question)
    with overlay(tree, changed) as copy:
        return _reading(copy, tree, scripts, question)


def _reading(place: Path, tree: Path, scripts: Scripts, question: Question) -> PlanReading:
    run = replay(place, question, scripts.names, tree)
    if isinstance(run, Failed):
        return _nothing(run.reason)
    texts = {name: text_of(place / name) for name in {r.file for r in run.records} if not name.startswith("/")}
    plan = plan_from_trace(run.records, texts, source=str(tree), cuda_version=question.cuda, request=question.request)
    return PlanReading(
        plan=plan, origins=tuple(_origins(plan)), not_seen=tuple(_gaps(plan, run)), complaints=run.complaints
    )


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


def _gaps(plan: Plan, run: Replay) -> Iterator[NotSeen]:
    """What the replay cannot know: what the scripts refuse, and the sources that another program writes."""
    for number, extension in enumerate(plan.extensions or ()):
        for pattern in extension.generated or ():
            if pattern.endswith((".cu", ".cpp")):
                yield NotSeen(
                    path=f"plan.extensions[{number}].generated",
                    reason=f"the sources {pattern} of {extension.name} are written while configuring; they are not counted",
                )
    if plan.supported is None:
        yield NotSeen(
            path="plan.supported",
            reason="the build scripts filter the request by no list that build-doctor recognises",
        )
    if len(plan.features or ()) >= MOST_FEATURES:
        yield NotSeen(path="plan.features", reason=f"only the first {MOST_FEATURES} blocks are shown")
    for complaint in run.complaints:
        yield NotSeen(
            path="plan.extensions", reason=f"the scripts stop with an error that was passed over: {complaint}"
        )
    for command in run.unknown:
        yield NotSeen(
            path="plan.extensions",
            reason=f"the command {command} comes from a package that is not in the tree; its calls were passed over",
        )
    for call in run.left_out:
        yield NotSeen(path="plan.extensions", reason=f"{call}, which does not lie in the tree and was not run")
