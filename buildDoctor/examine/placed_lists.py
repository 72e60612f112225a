"""Where the scripts spell a list out, so that one of its elements can be edited."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from buildDoctor.adapters.cmake.scripts import text_of
from buildDoctor.core.errors import RequestError
from buildDoctor.core.evidence import Feature, Plan, Step
from buildDoctor.core.fixes.asked_changes import CUDA, REQUEST, AskedChange
from buildDoctor.core.fixes.list_edits import EditError, elements_at
from buildDoctor.core.fixes.plan_changes import PlacedList
from buildDoctor.core.plan.blocks import referenced_variables
from buildDoctor.core.subjects import SUPPORTED, features_named, names_of, nearest


def list_named(plan: Plan, tree: Path, change: AskedChange) -> PlacedList:
    """The list that a change names: the supported one, a feature's own, or one that the scripts set.

    Raises:
        RequestError: there is none, more than one, or none that is spelt out.
    """
    name = change.name
    if plan.supported and name in {plan.supported.variable, SUPPORTED}:
        return _one_of(change, placed_lists(tree, _places_of_supported(plan)))
    features = tuple(f for f in plan.features or () if f.variable == name) or features_named(plan, name)
    if features:
        return _one_of(change, [placed for feature in features for placed in lists_of_feature(plan, tree, feature)])
    places = tuple(_places_of_steps(name, (s for s in plan.steps or () if s.variable == name)))
    if not places:
        known = (CUDA, REQUEST, *(one for one in names_of(plan) if not one.endswith((".cu", ".cpp"))))
        raise RequestError(f"--what-if {change.text!r}: there is no list or feature {name!r}{nearest(name, known)}")
    return _one_of(change, placed_lists(tree, places))


def lists_of_feature(plan: Plan, tree: Path, feature: Feature) -> tuple[PlacedList, ...]:
    """The lists that a feature's own architectures are spelt in: its call, else the variables that the call names."""
    name, file, line = feature.name or "", feature.file or "", feature.line or 0
    direct = placed_lists(tree, [(name, file, line)])
    if direct:
        return direct
    # The build's own list is named last.
    variables = referenced_variables(text_of(tree / file), line)[:-1]
    steps = (step for step in plan.steps or () if step.call is None and step.variable in variables)
    return placed_lists(tree, _places_of_steps(name, steps))


def placed_lists(tree: Path, places: Iterable[tuple[str, str, int]]) -> tuple[PlacedList, ...]:
    """Those of some commands that spell their list out.

    Args:
        tree: the source tree.
        places: for each command a name, the script and the line.
    """
    found = []
    for name, file, line in dict.fromkeys(places):
        if Path(file).is_absolute() or ".." in Path(file).parts:
            continue
        try:
            found.append(PlacedList(name, file, line, elements_at(text_of(tree / file), line)))
        except EditError:
            continue
    return tuple(found)


def _places_of_supported(plan: Plan) -> Iterator[tuple[str, str, int]]:
    if plan.supported:
        yield plan.supported.variable or SUPPORTED, plan.supported.file or "", plan.supported.line or 0


def _places_of_steps(name: str, steps: Iterable[Step]) -> Iterator[tuple[str, str, int]]:
    for step in steps:
        if (step.command or "").startswith(("set(", "list(APPEND ", "list(PREPEND ")):
            yield name, step.file or "", step.line or 0


def _one_of(change: AskedChange, placed: Iterable[PlacedList]) -> PlacedList:
    """The one list that a change is about: of several parts of one list the one that holds what is to go, or the first."""
    found = list(placed)
    if change.operator == "-=" and len(found) > 1:
        found = [one for one in found if set(change.elements) & set(one.elements)] or found
    if change.operator == "+=" and len({one.name for one in found}) == 1:
        found = found[:1]
    if not found:
        raise RequestError(
            f"--what-if {change.text!r}: the scripts do not spell that list out, so it is not edited here"
        )
    if len(found) > 1:
        places = ", ".join(f"{one.name} ({one.file}:{one.line})" for one in found)
        raise RequestError(f"--what-if {change.text!r}: there is more than one such list: {places}; name the feature")
    return found[0]
