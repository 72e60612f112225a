"""What the tree's own list functions make of many changed lists, asked in one run of the build scripts.

A whole replay takes as long as the whole build takes to decide. Most changes are decided by two calls of one function:
the one that meets the request with the supported list, and the one that meets the result with a feature's own list. So
these calls, once for each change, are appended to a copy of the root script, behind everything that it does. What they
give is a prediction: it leaves out every condition around the calls. It serves to pass over what cannot help.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from buildDoctor.adapters.cmake.plan import read_plan
from buildDoctor.adapters.cmake.question import Question
from buildDoctor.adapters.cmake.scripts import ROOT_SCRIPT, text_of
from buildDoctor.core.device.architectures import ArchitectureError, parse
from buildDoctor.core.evidence import Feature, Plan
from buildDoctor.core.subjects import call_of, supported_calls

_CALL = re.compile(r"[ \t]*(\w+)[ \t]*\([ \t\n]*\w+[ \t\n]")
_PREFIX = "BUILD_DOCTOR_PROBE"
MOST_PROBES = 200
"""Each is two calls of the 500 that a plan holds."""


class Lists(Struct, frozen=True, kw_only=True):
    """The lists of one probe; what is `None` is as it is today."""

    targets: tuple[str, ...] | None = None
    """The build's list before the supported list meets it, as the scripts make it of the request."""
    supported: tuple[str, ...] | None = None
    """The supported list."""
    wants: tuple[str, ...] | None = None
    """The feature's own list."""


def probe(
    plan: Plan, tree: Path, question: Question, feature: Feature | None, asked: Sequence[Lists]
) -> tuple[tuple[str, ...], ...] | None:
    """What is left of the request for each pair of lists.

    Args:
        plan: the plan as it is.
        tree: the source tree.
        question: what the plan was asked with.
        feature: the feature whose function is called second; `None` for the build's list alone.
        asked: the lists.

    Returns:
        One list of architectures for each probe, or `None` where the functions cannot be called alone: the scripts have
        another shape, or do not give for today's lists what the plan says.
    """
    calls = [function_at(tree, call) for call in supported_calls(plan)]
    own = function_at(tree, call_of(feature)) if feature else ""
    supported = plan.supported.architectures if plan.supported else None
    if not calls or not calls[0] or own is None or supported is None or len(asked) > MOST_PROBES:
        return None
    today = Lists(targets=targets_of(plan), supported=supported, wants=feature.wants if feature else None)
    every = [today, *(_filled(lists, today) for lists in asked)]
    if not all(_are_architectures(lists) for lists in every):
        return None
    lines = [_lines(number, lists, (calls[0], own)) for number, lists in enumerate(every)]
    text = "\n".join([text_of(tree / ROOT_SCRIPT), *lines])
    after = read_plan(tree, question, {ROOT_SCRIPT: f"{text}\n"}).plan
    given = {f.variable: f.gets or () for f in (after.features if after else None) or ()}
    expected = (feature.gets if feature else plan.architectures) or ()
    answers = tuple(_answer(given, number, last="RESULT" if feature else "BUILD") for number in range(len(lines)))
    # Today's lists first: unless they give what the plan says, the calls alone do not tell.
    return answers[1:] if set(answers[0]) == set(expected) and _ran(given) else None


def function_at(tree: Path, call: str) -> str | None:
    """The function that a line, given as `file:line`, calls with the name of a result first; `None` when there is none."""
    file, _, line = call.rpartition(":")
    texts = text_of(tree / file).split("\n") if line.isdigit() and ".." not in Path(file).parts else []
    found = _CALL.match("\n".join(texts[int(line) - 1 : int(line) + 1])) if texts else None
    return found[1] if found else None


def targets_of(plan: Plan) -> tuple[str, ...]:
    """The build's list before the supported list meets it."""
    calls = supported_calls(plan)
    made = [s.before or () for s in plan.steps or () if s.call in calls and s.after == plan.architectures]
    return made[-1] if made else plan.architectures or ()


def _filled(lists: Lists, today: Lists) -> Lists:
    return Lists(
        targets=today.targets if lists.targets is None else lists.targets,
        supported=today.supported if lists.supported is None else lists.supported,
        wants=today.wants if lists.wants is None else lists.wants,
    )


def _are_architectures(lists: Lists) -> bool:
    """Whether every element is one; anything else could be another thing to CMake."""
    try:
        for element in (*(lists.targets or ()), *(lists.supported or ()), *(lists.wants or ())):
            parse(element)
    except ArchitectureError:
        return False
    return True


def _lines(number: int, lists: Lists, functions: tuple[str, str]) -> str:
    """The calls of one probe."""
    met, result = f"{_PREFIX}_{number}_BUILD", f"{_PREFIX}_{number}_RESULT"
    offered, targets, wants = (";".join(one or ()) for one in (lists.supported, lists.targets, lists.wants))
    first = f'{functions[0]}({met} "{offered}" "{targets}")'
    # Once a result is unset, nothing behind it is looked through for the block that it decides about.
    if lists.wants is None:
        return f"{first}\nunset({met})"
    return f'{first}\n{functions[1]}({result} "{wants}" "${{{met}}}")\nunset({result})\nunset({met})'


def _answer(given: Mapping[str | None, tuple[str, ...]], number: int, *, last: str) -> tuple[str, ...]:
    """What a probe gave; a function that is given an empty list is no intersection, and gives nothing."""
    return given.get(f"{_PREFIX}_{number}_{last}", ())


def _ran(given: Mapping[str | None, tuple[str, ...]]) -> bool:
    """Whether the scripts came as far as the probes."""
    return any((name or "").startswith(f"{_PREFIX}_0_") for name in given)
