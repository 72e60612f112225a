"""What the detail says about a finding, laid out for a width."""

from __future__ import annotations

from textual.content import Content

from buildDoctor.core.findings import Finding, Fix, Outcome, Safety
from buildDoctor.faces import wording
from buildDoctor.faces.tui.sheet import OUTCOME_STYLES, QUIET, SEVERITY_STYLES, Sheet
from buildDoctor.faces.tui.widgets.diff import add_diff


def finding_page(entry: wording.Entry, width: int) -> Content:
    """All about one finding: what is wrong, how we know, what to do, and the background."""
    finding = entry.finding
    sheet = Sheet(width)
    sheet.labelled(
        f"{wording.severity_words(finding.severity)}:",
        SEVERITY_STYLES[finding.severity],
        wording.visible(finding.title),
    )
    sheet.text(f"{wording.visible(finding.rule)} · {finding.confidence.value}", QUIET)
    _cause(sheet, entry)
    _help_first(sheet, finding)
    for paragraph in wording.paragraphs(finding.why):
        sheet.blank()
        sheet.text(paragraph)
    _evidence(sheet, finding)
    _fixes(sheet, finding)
    _background(sheet, finding)
    return sheet.content()


def _cause(sheet: Sheet, entry: wording.Entry) -> None:
    if line := wording.explained_line(entry.finding):
        sheet.text(line, QUIET)
    if entry.cause:
        sheet.blank()
        sheet.labelled("↳ the cause:", "bold", wording.visible(entry.cause.title), text_style="")


def _help_first(sheet: Sheet, finding: Finding) -> None:
    """The fix that is known to help, before anything that must be scrolled to."""
    fix = wording.best_fix(finding)
    if fix and fix.trial.outcome is Outcome.PROVEN:
        sheet.blank()
        label = f"{wording.trial_words(fix.trial)}:"
        sheet.labelled(label, OUTCOME_STYLES[Outcome.PROVEN], wording.visible(fix.title), text_style="")


def _evidence(sheet: Sheet, finding: Finding) -> None:
    sheet.heading("How we know")
    for item in finding.evidence:
        sheet.text(wording.evidence_line(item), indent="  ", hanging="    ")
        sheet.text(wording.source_line(item), QUIET, indent="    ", hanging="      ")


def _fixes(sheet: Sheet, finding: Finding) -> None:
    if finding.fixes:
        sheet.heading("What to do")
    for number, fix in enumerate(wording.ordered_fixes(finding)):
        if number:
            sheet.blank()
        _fix(sheet, fix)


def _fix(sheet: Sheet, fix: Fix) -> None:
    badge = f"{wording.trial_words(fix.trial)}:"
    sheet.labelled(badge, OUTCOME_STYLES[fix.trial.outcome], wording.visible(fix.title), indent="  ")
    if reason := wording.trial_reason(fix.trial):
        sheet.text(reason, indent="    ")
    for line in fix.trial.effect:
        sheet.text(f"- {wording.visible(line)}", indent="    ", hanging="      ")
    # How to apply a fix that was tried in vain would only be in the way.
    if wording.may_help(fix):
        if fix.safety is Safety.UNSAFE:
            sheet.text("It changes more than the fault: read it before you apply it.", QUIET, indent="    ")
        if fix.patch:
            add_diff(sheet, fix.patch)
        _steps(sheet, fix)


def _steps(sheet: Sheet, fix: Fix) -> None:
    for paragraph in wording.paragraphs(fix.text or ""):
        sheet.text(paragraph, indent="    ")
    for command in wording.fix_commands(fix):
        sheet.code(f"$ {command}", "$text-accent", indent="    ")
    if fix.verify:
        sheet.text(wording.WHEN_DONE, QUIET, indent="    ")
        sheet.code(f"$ {wording.visible(fix.verify)}", "$text-accent", indent="    ")


def _background(sheet: Sheet, finding: Finding) -> None:
    if finding.limits:
        sheet.heading("When this may be a false alarm")
        for paragraph in wording.paragraphs(finding.limits):
            sheet.text(paragraph, QUIET, indent="  ")
    if finding.references:
        sheet.heading("Read more")
        for reference in finding.references:
            sheet.text(wording.visible(reference), QUIET, indent="  ")
