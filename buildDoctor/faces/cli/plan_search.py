"""`build-doctor plan --search`: the smallest proven changes that bring back what the build scripts lose."""

from __future__ import annotations

import argparse
import textwrap
from collections.abc import Iterator

from msgspec.structs import replace

from buildDoctor.core.errors import RequestError
from buildDoctor.core.fixes.candidates import Kind
from buildDoctor.core.fixes.searching import Found, Tried, goals
from buildDoctor.core.plan_answers import PlanAnswer
from buildDoctor.core.subjects import features_named, names_of, nearest
from buildDoctor.examine.options import Options
from buildDoctor.examine.plan_asking import AskedPlan, ask_plan
from buildDoctor.examine.search import Search
from buildDoctor.faces.cli.answers import Answer, feature_names
from buildDoctor.faces.wording import visible
from buildDoctor.faces.wording.plain import counted

_MOST_SHOWN = 5
_WIDTH = 100


def answer(options: Options, arguments: argparse.Namespace) -> Answer:
    """The answer to `--search`.

    Raises:
        RequestError: there is no plan, no feature of a name, or the build is not one by CMake.
    """
    asked = ask_plan(options)
    if asked.plan.builder == "setup.py":
        raise RequestError("--search edits the lists of CMake scripts; this tree builds in a setup.py")
    names = chosen_features(asked, arguments)
    search = Search(asked.evidence, asked.plan, asked.tree, asked.question, asked.book.rules, asked.gathered.complaints)
    found = tuple(search.find(goal) for goal in goals(asked.evidence, names))
    return Answer(text=text(found), report=lambda: replace(asked.report(), answer=PlanAnswer(search=found)))


def chosen_features(asked: AskedPlan, arguments: argparse.Namespace) -> tuple[str, ...]:
    """The names of the features that `--features` means; none when it is not given.

    Raises:
        RequestError: the plan has no feature of a name.
    """
    chosen: dict[str, None] = {}
    for name in feature_names(arguments):
        features = features_named(asked.plan, name)
        if not features:
            raise RequestError(f"--features: the plan has no feature {name!r}{nearest(name, names_of(asked.plan))}")
        chosen.update(dict.fromkeys(feature.name or "" for feature in features))
    return tuple(chosen)


def text(found: tuple[Found, ...]) -> str:
    """What was found for each thing that is lost."""
    if not found:
        return "The build scripts lose nothing that is meant for these GPUs: there is nothing to search for.\n"
    return "\n".join(line for one in found for line in (*_found(one), ""))


def _found(one: Found) -> Iterator[str]:
    goal = one.goal
    loss = goal.row.first_loss
    where = f" ({goal.feature.file}:{goal.feature.line})" if goal.feature else ""
    yield visible(
        f"{goal.name} on {goal.capability} is lost at the layer {loss.layer if loss else 'compile command'}{where}"
    )
    left = f"; {one.left_out} more were not tried" if one.left_out else ""
    yield (
        f"  {counted(one.candidates, 'change')} considered: {one.filtered} refused by the tree's own list functions "
        f"alone, {one.replayed} replayed whole{left}; {len(one.proven)} proven"
    )
    for number, tried in enumerate(one.proven[:_MOST_SHOWN], start=1):
        yield from _proven(number, tried, one)
    if len(one.proven) > _MOST_SHOWN:
        yield f"  and {len(one.proven) - _MOST_SHOWN} more that are larger or change more; --json has all"
    for tried in one.worse:
        yield from _wrapped(f"  brings it back, but does harm: {tried.candidate.title}", "    ")
        yield from _wrapped(f"    {tried.trial.why}", "    ")
    for refuted in one.refuted:
        more = f" (and {counted(len(refuted.titles) - 1, 'change')} like it)" if len(refuted.titles) > 1 else ""
        yield from _wrapped(f"  of no use, though often proposed: {refuted.titles[0]}{more}", "    ")
        yield from _wrapped(f"    {refuted.why}", "    ")


def _proven(number: int, tried: Tried, one: Found) -> Iterator[str]:
    candidate = tried.candidate
    own = (line for line in tried.trial.effect if line.startswith((f"{one.goal.name} ", f"{one.goal.name}:")))
    yield from _wrapped(f"  {number}. {candidate.title}", "     ")
    yield f"     {counted(candidate.size, 'element')} changed; proven: {visible(next(own, tried.trial.effect[0]))}"
    if tried.side_effects:
        yield from _wrapped(f"     also changes {'; '.join(tried.side_effects)}", "       ")
    if tried.weaker:
        yield "     it comes without the suffix that its list asks for: whether it compiles so, only a build can tell"
    elif candidate.kind is Kind.OWN:
        yield "     whether these kernels compile for it, only a build can tell"
    if number == 1 and tried.patch:
        yield from (f"     {visible(line)}" for line in tried.patch.rstrip("\n").split("\n"))


def _wrapped(line: str, indent: str) -> list[str]:
    return textwrap.wrap(
        visible(line),
        _WIDTH,
        subsequent_indent=indent,
        drop_whitespace=True,
        break_long_words=False,
        break_on_hyphens=False,
    )
