"""What is said about a change of the plan and about the chosen feature, laid out for a width."""

from __future__ import annotations

from textual.content import Content

from buildDoctor.core.evidence import Feature, Plan
from buildDoctor.core.fixes.plan_changes import WhatIf
from buildDoctor.core.fixes.trials import shown
from buildDoctor.faces import wording
from buildDoctor.faces.tui.sheet import QUIET, Sheet
from buildDoctor.faces.tui.widgets.diff import add_diff
from buildDoctor.faces.wording.built_words import built_lines, configured_lines

_MOST_SOURCES = 12


def plan_page(
    plan: Plan | None, feature: Feature | None, result: WhatIf | None, *, can_try: bool, width: int
) -> Content:
    """What the change does, all about the chosen feature, and what was built before."""
    sheet = Sheet(width)
    if result:
        _result(sheet, result)
    elif can_try:
        sheet.text(
            "Press i and type over a list, the toolkit or the request: the scripts are replayed on a copy.", QUIET
        )
    else:
        sheet.text("The source tree is not at hand, so nothing can be tried: run build-doctor on it.", QUIET)
    if feature:
        _feature(sheet, feature)
    if plan:
        _beside(sheet, plan)
    return sheet.content()


def built_page(plan: Plan, width: int) -> Content:
    """What build folders and binaries have, alone."""
    sheet = Sheet(width)
    _beside(sheet, plan)
    return sheet.content()


def _beside(sheet: Sheet, plan: Plan) -> None:
    """What build folders and binaries have, where there are any."""
    for title, lines in (("Build folders", configured_lines(plan)), ("Binaries beside the plan", built_lines(plan))):
        if lines:
            sheet.heading(title)
        for line in lines:
            indent = " " * (len(line) - len(line.lstrip()) + 2)
            sheet.text(line.lstrip(), QUIET if len(indent) > 2 else "", indent=indent, hanging=f"{indent}  ")


def _result(sheet: Sheet, result: WhatIf) -> None:
    if result.plan is None:
        sheet.labelled("?", "bold $text-primary", wording.visible(result.why))
        return
    lost = result.compared.lost if result.compared else ()
    for name in result.gained:
        sheet.labelled("+ gained:", "bold $text-success", wording.visible(name), text_style="")
    for name in lost:
        sheet.labelled("- lost:", "bold $text-error", wording.visible(name), text_style="")
    if not result.gained and not lost:
        sheet.text("Nothing is gained and nothing is lost.", "bold")
    effect = result.compared.effect if result.compared else ()
    if effect:
        sheet.heading("What differs")
    for line in effect:
        sheet.text(f"- {wording.visible(line)}", indent="  ", hanging="    ")
    if result.patch:
        sheet.heading("The change of the scripts")
        add_diff(sheet, result.patch)


def _feature(sheet: Sheet, feature: Feature) -> None:
    sheet.heading(wording.visible(feature.name or ""))
    sheet.text(
        f"{wording.visible(feature.variable or '')} in {wording.visible(feature.file or '')}:{feature.line}", QUIET
    )
    sheet.text(f"wants {wording.visible(shown(feature.wants))}", indent="  ")
    sheet.text(f"gets  {wording.visible(shown(feature.gets))}", indent="  ")
    for message in feature.messages or ():
        sheet.text(f"the build says: {wording.visible(message)}", QUIET, indent="  ", hanging="    ")
    for definition in feature.definitions or ():
        sheet.text(f"defines {wording.visible(definition)}", indent="  ")
    sources = feature.sources or ()
    for source in sources[:_MOST_SOURCES]:
        sheet.text(wording.visible(source), QUIET, indent="  ")
    if len(sources) > _MOST_SOURCES:
        sheet.text(f"and {len(sources) - _MOST_SOURCES} more sources", QUIET, indent="  ")
