"""What a build would decide if a list, the toolkit or the request were another one. Nothing is changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

from msgspec.structs import replace

from buildDoctor.adapters.cmake.plan import read_plan
from buildDoctor.adapters.cmake.question import Question, split_request
from buildDoctor.adapters.cmake.scripts import text_of
from buildDoctor.core.device.architectures import ArchitectureError, parse
from buildDoctor.core.evidence import Plan
from buildDoctor.core.fixes.list_edits import EditError, edit_list, unified_diff
from buildDoctor.core.fixes.plan_changes import Changes, ListChange, WhatIf
from buildDoctor.core.fixes.trials import compare


def what_if(
    plan: Plan,
    tree: Path,
    changes: Changes,
    *,
    torch: str = "",
    capabilities: tuple[str, ...] = (),
    asked: Question | None = None,
) -> WhatIf:
    """What the build would decide after the changes.

    Args:
        plan: the plan as it is.
        tree: the source tree that it was made from; it stays as it is.
        changes: what is to be another.
        torch: the version of torch that the plan was made with.
        capabilities: the GPUs that gains and losses are counted for, beside those that the build is asked for.
        asked: all that the plan was made with, where it is known.
    """
    if plan.builder == "setup.py":
        return WhatIf(
            why="the what-if editor replays CMake scripts; for a setup.py use build-doctor plan --cuda, --arch-list and --env"
        )
    try:
        question = question_of(plan, changes, asked or Question(cuda="", request=(), torch=torch))
        changed, patch = edited(tree, changes.lists)
    except (EditError, ArchitectureError) as error:
        return WhatIf(why=str(error))
    reading = read_plan(tree, question, changed)
    if reading.plan is None:
        return WhatIf(why=" ".join(gap.reason for gap in reading.not_seen) or "there is no plan", patch=patch)
    served = tuple(dict.fromkeys((*capabilities, *_bases(plan), *_bases(reading.plan))))
    compared = compare(plan, reading.plan, served)
    gained = compare(reading.plan, plan, served).lost
    return WhatIf(plan=reading.plan, compared=compared, gained=gained, patch=patch)


def _bases(plan: Plan) -> Iterator[str]:
    """The capabilities that a plan is asked to serve."""
    for architecture in plan.request or ():
        try:
            yield parse(architecture).base
        except ArchitectureError:
            continue


def question_of(plan: Plan, changes: Changes, asked: Question) -> Question:
    """The build that is asked about.

    Args:
        plan: the plan as it is.
        changes: what is to be another.
        asked: what the plan was made with.

    Raises:
        ArchitectureError: an architecture or the version is none.
    """
    cuda = changes.cuda.strip() or plan.cuda_version or ""
    parts = cuda.split(".")
    if not 2 <= len(parts) <= 3 or not all(part.isascii() and part.isdigit() for part in parts):
        raise ArchitectureError(f"{cuda!r} is not a toolkit version: write for example 12.9")
    if changes.request.strip():
        return replace(asked.asking(split_request(changes.request)), cuda=cuda)
    # What torch makes of a list that is not stated stays with it.
    return replace(asked, cuda=cuda, request=asked.request or plan.request or ())


def edited(tree: Path, lists: Iterable[ListChange]) -> tuple[dict[str, str], str]:
    """The new texts of the scripts, and all changes as one patch.

    Raises:
        EditError: a script does not hold its list as the plan says.
        ArchitectureError: an element that is added is no architecture.
    """
    texts, patches = {}, []
    by_file = sorted(lists, key=lambda change: (change.file, -change.line))
    for file, changes in groupby(by_file, key=lambda change: change.file):
        if Path(file).is_absolute() or ".." in Path(file).parts:
            raise EditError(f"{file} does not stand in the tree")
        before = text = text_of(tree / file)
        for change in changes:
            text = _with(text, change)
        if text != before:
            texts[file] = text
            patches.append(unified_diff(before, text, file))
    return texts, "".join(patches)


def _with(text: str, change: ListChange) -> str:
    added = tuple(parse(element).dotted for element in change.after if element not in change.before)
    removed = tuple(element for element in change.before if element not in change.after)
    return edit_list(text, change.line, remove=removed, add=added) if added or removed else text
