"""`build-doctor plan --what-if`: the plan before and after some changes."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from itertools import groupby

from msgspec.structs import replace

from buildDoctor.core.comparing.changes import Differences
from buildDoctor.core.comparing.plan_difference import PlanDifference, SourceDifference, difference
from buildDoctor.core.errors import RequestError
from buildDoctor.core.fixes.trials import shown
from buildDoctor.core.report import Report
from buildDoctor.examine.changing import changed_plan, changes_of
from buildDoctor.examine.options import Options
from buildDoctor.examine.plan_asking import ask_plan
from buildDoctor.faces.cli.answers import Answer
from buildDoctor.faces.cli.tables import table
from buildDoctor.faces.wording.plain import counted
from buildDoctor.faces.wording.plan_words import what_if_sentence

_NOT_COMPILED = "not compiled"


def answer(options: Options, arguments: argparse.Namespace) -> Answer:
    """The answer to `--what-if CHANGE …`.

    Raises:
        RequestError: there is no plan, or a change names nothing in it or cannot be tried.
    """
    asked = ask_plan(options)
    result = changed_plan(asked, changes_of(asked, arguments.what_if))
    if result.plan is None:
        raise RequestError(f"--what-if: {result.why}")
    found = difference(asked.plan, result.plan, asked.evidence.capabilities or (), result.patch)

    def report() -> Report:
        changes = Differences(before="the plan", after="; ".join(arguments.what_if), files=(), plan=found)
        return replace(asked.report(), changes=changes)

    return Answer(text=text(found, f"{what_if_sentence(result)}."), report=report)


def text(found: PlanDifference, verdict: str) -> str:
    """The difference in tables, what it comes to in one sentence, and the patch."""
    parts = [table(("", "before", "after"), list(_inputs(found)))]
    if found.features:
        rows = [(f.name, shown(f.before), shown(f.after), _served(f.gained), _served(f.lost)) for f in found.features]
        parts.append(table(("feature", "before", "after", "gained on", "lost on"), rows))
    if found.sources:
        parts.append(table(("sources", "of", "before", "after", "gained on", "lost on"), list(_sources(found))))
    return "\n".join([*parts, f"{verdict}\n", *([found.patch] if found.patch else [])])


def _inputs(found: PlanDifference) -> Iterator[tuple[str, str, str]]:
    before, after = found.before, found.after
    yield "CUDA", before.cuda, after.cuda
    yield "asked for", shown(before.request), shown(after.request)
    if before.supported is not None or after.supported is not None:
        yield "supported", shown(before.supported), shown(after.supported)
    yield "left for the build", shown(before.architectures), shown(after.architectures)


def _served(capabilities: tuple[str, ...]) -> str:
    return ", ".join(capabilities) or "-"


def _sources(found: PlanDifference) -> Iterator[tuple[str, ...]]:
    """One row for the sources that change in the same way; a single one by its path."""

    def key(source: SourceDifference) -> tuple[str, ...]:
        before, after = (_NOT_COMPILED if a is None else shown(a) for a in (source.before, source.after))
        return source.extension, before, after, _served(source.gained), _served(source.lost)

    for words, group in groupby(sorted(found.sources, key=key), key):
        sources = list(group)
        yield sources[0].path if len(sources) == 1 else counted(len(sources), "source"), *words
