"""Puts the examined binaries beside the plan, and finds the request that they were built for."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from buildDoctor.adapters.cmake.question import Question
from buildDoctor.core.evidence import Binary, NotSeen, Origin, Plan
from buildDoctor.core.plan.built import built_extensions, explains, likely_requests
from buildDoctor.examine.gathered import Gathered
from buildDoctor.examine.setup_builds import read_again

_TOOLKITS = ("12.4", "12.8", "12.9", "13.0")
"""Build scripts decide by the toolkit; these are the ones at which the field's scripts change their minds."""
_MOST_REPLAYS = 8


def see_built_binaries(gathered: Gathered) -> None:
    """Put what the examined files hold of the plan's extensions into the plan."""
    plan, binaries = gathered.evidence.plan, gathered.evidence.binaries or ()
    if plan is None or plan.sources is None:
        return
    built = built_extensions(plan, binaries)
    if not built:
        reason = "no examined file is built from an extension of the plan; name a .so or a wheel beside the tree"
        gathered.add(plan=replace(plan, built=()), not_seen=[NotSeen(path="plan.made_for", reason=reason)])
        return
    gathered.progress("looking for the request that the files were built for")
    request, cuda = _made_for(gathered, plan, binaries)
    origins = [
        Origin(path="plan.built", source="the sources and architectures of the files, beside those of the plan"),
        Origin(path="plan.made_for", source="replays of the build scripts, compared with the files"),
    ]
    gathered.add(plan=replace(plan, built=built, made_for=request, made_for_cuda=cuda), origins=origins)


def _made_for(gathered: Gathered, plan: Plan, binaries: tuple[Binary, ...]) -> tuple[tuple[str, ...], str]:
    """The request and the CUDA that explain the files; empty when none that is tried does."""
    if plan.request and plan.cuda_version and explains(plan, binaries):
        return plan.request, plan.cuda_version
    for question in _questions(gathered, plan, binaries):
        if gathered.tree is None:
            break
        other = read_again(gathered, gathered.tree, question).plan
        if other is not None and explains(other, binaries):
            return question.request, question.cuda
    return (), ""


def _questions(gathered: Gathered, plan: Plan, binaries: tuple[Binary, ...]) -> Iterator[Question]:
    """The likely requests, first with the toolkit of the plan."""
    requests = likely_requests(plan, binaries)
    question = gathered.question
    if question is None:
        return
    toolkits = dict.fromkeys((question.cuda, *(cuda for cuda in _TOOLKITS if _fits(cuda, binaries))))
    several = ((cuda, request) for cuda in toolkits for request in requests)
    for _number, (cuda, request) in zip(range(_MOST_REPLAYS), several, strict=False):
        yield replace(question, cuda=cuda, request=request)


def _fits(cuda: str, binaries: tuple[Binary, ...]) -> bool:
    """Whether the CUDA libraries that the files need are of this major version, as far as they need any."""
    needed = {
        library.major for binary in binaries for library in (binary.host.cuda_libraries if binary.host else None) or ()
    }
    return not needed or int(cuda.partition(".")[0]) in needed
