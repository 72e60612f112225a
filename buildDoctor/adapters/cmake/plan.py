"""The build plan of a CMake tree, as evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from buildDoctor.adapters.cmake.leftovers import build_folder, fetched_folders
from buildDoctor.adapters.cmake.overlay import overlay
from buildDoctor.adapters.cmake.presets import presets_about_architectures
from buildDoctor.adapters.cmake.question import Question
from buildDoctor.adapters.cmake.replay import TORCH_SCRIPT, Replay, replay
from buildDoctor.adapters.cmake.scripts import Scripts, read_scripts, text_of
from buildDoctor.adapters.commands import Failed
from buildDoctor.adapters.cutlass_headers import copies_in, copies_of_tree
from buildDoctor.core.device.architectures import parse
from buildDoctor.core.evidence import CutlassCopy, NotSeen, Origin, Plan
from buildDoctor.core.plan import MOST_FEATURES, Asked, PlanFromTrace, plan_from_trace


class PlanReading(Struct, frozen=True, kw_only=True):
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
    run = replay(place, question, scripts, tree)
    if isinstance(run, Failed):
        return _nothing(run.reason)
    texts = {name: text_of(place / name) for name in {r.file for r in run.records} if not name.startswith("/")}
    found = plan_from_trace(run.records, texts, _asked(tree, question))
    plan = replace(found.plan, cutlass=(*(found.plan.cutlass or ()), *_cutlass_headers(tree)))
    return PlanReading(
        plan=plan,
        origins=tuple(_origins(plan, question)),
        not_seen=(*_gaps(found, run, question), *_gaps_of_presets(tree)),
        complaints=run.complaints,
    )


def _cutlass_headers(tree: Path) -> tuple[CutlassCopy, ...]:
    """The copies of CUTLASS in a tree: its own, and what an earlier configuration has fetched."""
    fetched = (folder.relative_to(tree) for folder in fetched_folders(tree, build_folder(tree)))
    return (*copies_in(tree, (f"{folder}/cutlass-src" for folder in fetched)), *copies_of_tree(tree))


def _asked(tree: Path, question: Question) -> Asked:
    return Asked(
        source=str(tree),
        cuda_version=question.cuda,
        request=question.request,
        native=tuple(parse(one).base for one in question.request) if question.detects else None,
        hip=question.hip,
        hip_request=question.hip_request,
        torch_script=str(TORCH_SCRIPT) if question.torch_script else "",
    )


def _nothing(reason: str) -> PlanReading:
    return PlanReading(plan=None, not_seen=(NotSeen(path="plan", reason=reason),))


def _origins(plan: Plan, question: Question) -> list[Origin]:
    """The script and line of everything that the plan holds."""
    origins = [Origin(path="plan", source="replay of CMakeLists.txt")]
    if plan.supported is not None:
        place = f"{plan.supported.file}:{plan.supported.line}"
        origins.append(Origin(path="plan.supported", source=place))
    if plan.gencode:
        seen = str(question.torch_script) if question.torch_script else _ASSUMED
        origins.append(Origin(path="plan.gencode", source=seen))
    origins += [
        Origin(path=f"plan.features[{number}]", source=f"{feature.file}:{feature.line}")
        for number, feature in enumerate(plan.features or ())
    ]
    if plan.hip_supported is not None:
        place = f"{plan.hip_supported.file}:{plan.hip_supported.line}"
        origins.append(Origin(path="plan.hip_supported", source=place))
    origins += [
        Origin(path=f"plan.cutlass[{number}]", source=copy.place or "")
        for number, copy in enumerate(plan.cutlass or ())
    ]
    return origins


_ASSUMED = (
    "assumed: torch's select_compute_arch.cmake was not seen, so each architecture is taken to become a flag of its own"
)


def _gaps(found: PlanFromTrace, run: Replay, question: Question) -> Iterator[NotSeen]:
    """What the replay cannot know: what the scripts refuse, what is fetched, and what another program writes."""
    plan = found.plan
    yield from _gaps_of_sources(found)
    yield from (NotSeen(path=f"plan.{path}", reason=reason) for path, reason in found.doubts)
    yield from _gaps_of_request(found, question)
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
    for number, copy in enumerate(plan.cutlass or ()):
        if copy.version is None:
            reason = f"{copy.place} fetches CUTLASS by a revision that names no version"
            yield NotSeen(path=f"plan.cutlass[{number}].version", reason=reason)
    for told in dict.fromkeys(found.noted.get("fetched", ())):
        yield NotSeen(
            path="plan.extensions",
            reason=f"{told[0]} is fetched while configuring; what its own build scripts add is not known",
        )


def _gaps_of_presets(tree: Path) -> Iterator[NotSeen]:
    for preset in presets_about_architectures(tree):
        yield NotSeen(
            path="plan.request",
            reason=f"the preset {preset}; no preset is applied here: state what it sets with --arch-list or --env CMAKE_ARGS",
        )


def _gaps_of_sources(found: PlanFromTrace) -> Iterator[NotSeen]:
    """The sources that are not there yet: how many they are is unknown, and they are not absent."""
    for number, extension in enumerate(found.plan.extensions or ()):
        for pattern in extension.generated or ():
            if pattern.endswith((".cu", ".cpp")):
                writer = found.writers.get(pattern)
                how = f"are written while configuring{f', by {writer}' if writer else ''}"
                if pattern.startswith("/fetched/"):
                    how = "come with what is fetched while configuring"
                yield NotSeen(
                    path=f"plan.extensions[{number}].generated",
                    reason=f"the sources {pattern} of {extension.name} {how}; they are not counted",
                )


def _gaps_of_request(found: PlanFromTrace, question: Question) -> Iterator[NotSeen]:
    """What is not known about the request, and about the list that filters it."""
    if question.hip:
        built = (
            ", ".join(found.plan.hip_architectures or ()) or "none that are known: state --env PYTORCH_ROCM_ARCH=gfx942"
        )
        yield NotSeen(
            path="plan.architectures",
            reason=f"the build is for HIP (ROCm) and has no CUDA architectures; its AMD architectures are {built}",
        )
        if found.plan.hip_supported is None:
            reason = "nothing of the request is lost, or no list of the build scripts explains the loss"
            yield NotSeen(path="plan.hip_supported", reason=reason)
        return
    for told in found.noted.get("unnamed", ()):
        yield NotSeen(path="plan.gencode", reason=f"what torch makes of {told[0]!r} is not known without its files")
    if found.plan.supported is None:
        yield NotSeen(
            path="plan.supported",
            reason="the build scripts filter the request by no list that build-doctor recognises",
        )
