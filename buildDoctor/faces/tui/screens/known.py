"""How each thing is known: where every value comes from, and what was done to see it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from buildDoctor.core.report import Report
from buildDoctor.faces import wording
from buildDoctor.faces.tui.screens.plain import PlainScreen
from buildDoctor.faces.tui.sheet import QUIET, Sheet
from buildDoctor.faces.tui.state import Step
from buildDoctor.faces.wording.fact_words import Fact, live_facts, loader_facts, model_facts


class KnownScreen(PlainScreen):
    """Lists what a model, a process and the loader say, the steps of the examination and the origins of the evidence.

    Args:
        report: what was found.
        steps: what was done; empty for a report that was not made here.
        seconds: how long it took together.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("at", "dismiss", "back", show=False)]

    def __init__(self, report: Report, steps: tuple[Step, ...], seconds: float) -> None:
        super().__init__(partial(known_page, report, steps, seconds))


def known_page(report: Report, steps: tuple[Step, ...], seconds: float, width: int) -> Content:
    """What no other screen lists, what was done and how long it took, and where each value comes from."""
    sheet = Sheet(width)
    _facts(sheet, "Model", model_facts(report.evidence.model))
    _facts(sheet, "What the examined Python answered", live_facts(report.evidence.live))
    _facts(sheet, "Loader", loader_facts(report.evidence.loader))
    sheet.heading("What was done")
    if not steps:
        sheet.text("This report was made elsewhere or before; nothing was looked at now.", QUIET, indent="  ")
    ends = [*(step.begun for step in steps[1:]), seconds]
    for step, end in zip(steps, ends, strict=False):
        sheet.text(f"{max(end - step.begun, 0):8.3f} s  {wording.visible(step.text)}", indent="  ", hanging=" " * 14)
    sheet.heading("Where each value comes from")
    for origin in report.evidence.origins:
        sheet.text(wording.visible(origin.path), "bold $text-accent", indent="  ")
        sheet.text(f"from {wording.visible(origin.source)}", indent="    ", hanging="      ")
    if not report.evidence.origins:
        sheet.text("The evidence does not say.", QUIET, indent="  ")
    return sheet.content()


def _facts(sheet: Sheet, title: str, facts: Iterable[Fact]) -> None:
    """What was seen, where there is something to tell."""
    for number, (what, seen) in enumerate(facts):
        if not number:
            sheet.heading(title)
        sheet.labelled(f"{what}:", QUIET, seen, indent="  ", text_style="")
