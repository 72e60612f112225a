"""`build-doctor plan --trace`: how a list is made, and where what it decides about is lost."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from msgspec.structs import replace

from buildDoctor.core.evidence import Plan, Step
from buildDoctor.core.fixes.trials import shown
from buildDoctor.core.flow import Row
from buildDoctor.core.plan_answers import PlanAnswer
from buildDoctor.core.report import Report
from buildDoctor.core.subjects import Subject
from buildDoctor.core.traces import Trace, Way
from buildDoctor.examine.options import Options
from buildDoctor.examine.plan_asking import ask_plan
from buildDoctor.faces.cli.answers import Answer
from buildDoctor.faces.wording import visible
from buildDoctor.faces.wording.flow_words import cell_words, is_by_design


def answer(options: Options, arguments: argparse.Namespace) -> Answer:
    """The answer to `--trace NAME`.

    Raises:
        RequestError: there is no plan, or nothing of that name in it.
    """
    asked = ask_plan(options)
    traced = asked.trace(arguments.trace)

    def report() -> Report:
        whole = asked.report()
        # The steps of the other lists would be noise to whoever asks about one.
        narrowed = replace(whole.evidence, plan=replace(asked.plan, steps=traced.steps))
        return replace(whole, evidence=narrowed, answer=PlanAnswer(trace=traced))

    return Answer(text=text(traced, asked.plan), report=report)


def text(traced: Trace, plan: Plan) -> str:
    """The steps of the lists in their order, then each GPU's way through the layers."""
    lines = [*_head(traced.subject, plan), "", *(line for step in traced.steps for line in _step(step))]
    if not traced.steps:
        lines.append("no list operation of the scripts takes part")
    for way in traced.ways:
        lines += ["", *_way(way)]
    return "\n".join(lines) + "\n"


def _head(subject: Subject, plan: Plan) -> Iterator[str]:
    for feature in plan.features or ():
        if feature.name in subject.features:
            yield visible(
                f"{feature.name}: {feature.variable} at {feature.file}:{feature.line} "
                f"wants {shown(feature.wants)}, gets {shown(feature.gets)}"
            )
    for path in subject.sources:
        compiled = {source.path: source.architectures for source in plan.sources or ()}
        yield visible(f"{path}: {f'compiled for {shown(compiled[path])}' if path in compiled else 'not compiled'}")
    if plan.supported and (not subject.features and not subject.sources):
        yield visible(
            f"{plan.supported.variable or 'supported'} at {plan.supported.file}:{plan.supported.line}: "
            f"{shown(plan.supported.architectures)}; left for the build: {shown(plan.architectures)}"
        )


def _step(step: Step) -> Iterator[str]:
    gone = tuple(item for item in step.before or () if item not in (step.after or ()))
    yield visible(f"{step.file}:{step.line}  {step.command}")
    yield visible(
        f"    {step.variable}: {shown(step.before)} -> {shown(step.after)}{f'   loses {shown(gone)}' if gone else ''}"
    )


def title(row: Row) -> str:
    """What a row is called."""
    both = row.title and row.feature
    return visible(f"{row.title} ({row.feature})" if both else row.title or row.feature or "plain sources")


def _way(way: Way) -> Iterator[str]:
    row = way.row
    loss = row.first_loss
    end = (
        f"is lost at the layer {loss.layer}" if loss else "is not meant to be there" if is_by_design(row) else "arrives"
    )
    yield f"{title(row)} on {visible(row.capability)} {end}"
    for cell in row.cells:
        yield f"  {cell.layer.value:<15}  {cell_words(cell, row)}"
    if loss and way.place:
        yield f"  lost at  {visible(way.place)}"
    for word, step in (("lost by", way.lost_by), ("earlier", way.taken_by)):
        if step is not None:
            first, second = _step(step)
            yield f"  {word:<8} {first}"
            yield f"       {second}"
