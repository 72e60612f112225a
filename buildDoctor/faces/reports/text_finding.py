"""One finding as plain text: what is wrong, how we know, what to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby

from buildDoctor.core.findings import Finding, Fix, Severity
from buildDoctor.faces import wording
from buildDoctor.faces.reports.ink import Ink
from buildDoctor.faces.reports.wrapping import wrapped

_SHORT_EVIDENCE = 5
"""The pieces of evidence that are shown without being asked for."""
_NOTE_EVIDENCE = 2
"""Of what is merely worth knowing: a wheel for several GPUs has dozens of notes."""


def heading(finding: Finding, ink: Ink, columns: int, indent: str = "") -> list[str]:
    """The severity and the title."""
    label = wording.severity_words(finding.severity)
    hanging = " " * len(f"{indent}{label}: ")
    lines = wrapped(f"{label}: {wording.visible(finding.title)}", columns, indent, hanging)
    painted = f"{indent}{ink.severity(finding.severity, label)}"
    first = painted + ink.paint(lines[0].removeprefix(indent + label), "bold")
    return [first, *(ink.paint(line, "bold") for line in lines[1:])]


def short_lines(finding: Finding, ink: Ink, columns: int, indent: str) -> list[str]:
    """A finding that another explains: its title and that other's rule."""
    meta = wrapped(wording.meta_line(finding), columns, f"{indent}  ", f"{indent}  ")
    return [*heading(finding, ink, columns, indent), *(ink.paint(line, "dim") for line in meta)]


def finding_lines(
    finding: Finding, ink: Ink, columns: int, *, verbose: bool, patches: Mapping[str, Finding]
) -> Iterator[str]:
    """All lines of a finding that stands by itself.

    Args:
        finding: what is said.
        ink: how it is painted.
        columns: the width to wrap at.
        verbose: also limits, references, and all of the explanation and the evidence.
        patches: the finding beneath which each patch is shown; the others refer to it.
    """
    yield from heading(finding, ink, columns)
    yield from (ink.paint(line, "dim") for line in wrapped(wording.meta_line(finding), columns, "  ", "  "))
    if verbose or finding.severity is not Severity.NOTE:
        yield from _prose(finding.why, columns, verbose=verbose)
    yield from _evidence(finding, ink, columns, verbose=verbose)
    yield from _fixes(finding, ink, columns, patches)
    if verbose:
        yield from _background(finding, ink, columns)


def _prose(text: str, columns: int, *, verbose: bool) -> Iterator[str]:
    paragraphs = wording.paragraphs(text)
    for paragraph in paragraphs if verbose else paragraphs[:1]:
        yield ""
        yield from wrapped(paragraph, columns, "  ", "  ")


def _evidence(finding: Finding, ink: Ink, columns: int, *, verbose: bool) -> Iterator[str]:
    most = _NOTE_EVIDENCE if finding.severity is Severity.NOTE else _SHORT_EVIDENCE
    shown = finding.evidence if verbose else finding.evidence[:most]
    source_of = wording.source_line if verbose else wording.short_source_line
    yield ""
    yield ink.paint("  How we know", "bold")
    for source, items in groupby(shown, key=source_of):
        for item in items:
            yield from wrapped(wording.evidence_line(item), columns, "    ", "      ")
        yield from (ink.paint(line, "dim") for line in wrapped(source, columns, "      ", "        "))
    if more := len(finding.evidence) - len(shown):
        yield ink.paint(f"    and {more} more, shown with --verbose", "dim")


def _fixes(finding: Finding, ink: Ink, columns: int, patches: Mapping[str, Finding]) -> Iterator[str]:
    if not finding.fixes:
        return
    yield ""
    yield ink.paint("  What to do", "bold")
    chosen = wording.best_fix(finding)
    for number, fix in enumerate(wording.ordered_fixes(finding)):
        if number:
            yield ""
        yield from _trial(fix, ink, columns)
        if fix is chosen:
            yield from _patch(fix, finding, ink, columns, patches)
            yield from _steps(fix, columns)


def _trial(fix: Fix, ink: Ink, columns: int) -> Iterator[str]:
    """A fix with the outcome of its trial and its effect."""
    label = wording.trial_words(fix.trial)
    first, *rest = wrapped(f"{label}: {wording.visible(fix.title)}", columns, "    ", "      ")
    yield f"    {ink.outcome(fix.trial.outcome, label)}{first.removeprefix('    ' + label)}"
    yield from rest
    yield from wrapped(wording.trial_reason(fix.trial), columns, "      ", "      ")
    for line in fix.trial.effect:
        yield from wrapped(f"- {wording.visible(line)}", columns, "      ", "        ")


def _patch(fix: Fix, finding: Finding, ink: Ink, columns: int, patches: Mapping[str, Finding]) -> Iterator[str]:
    """The patch, once in a report."""
    if not fix.patch:
        return
    owner = patches.get(fix.patch, finding)
    if owner is not finding:
        yield from wrapped(f"the patch stands under {wording.visible(owner.rule)}", columns, "      ", "        ")
        return
    yield ""
    yield from (
        f"      {ink.diff(line)}".rstrip() for line in wording.visible(fix.patch.rstrip(), lines=True).split("\n")
    )
    yield ""


def _steps(fix: Fix, columns: int) -> Iterator[str]:
    for paragraph in wording.paragraphs(fix.text or ""):
        yield from wrapped(paragraph, columns, "      ", "      ")
    yield from (f"      $ {line}" for line in wording.fix_commands(fix))
    if fix.verify:
        yield from wrapped(wording.WHEN_DONE, columns, "      ", "      ")
        yield f"        {wording.visible(fix.verify)}"


def _background(finding: Finding, ink: Ink, columns: int) -> Iterator[str]:
    if finding.limits:
        yield ""
        yield ink.paint("  When this may be a false alarm", "bold")
        for paragraph in wording.paragraphs(finding.limits):
            yield from wrapped(paragraph, columns, "    ", "    ")
    if finding.references:
        yield ""
        yield ink.paint("  Read more", "bold")
        yield from (f"    {wording.visible(reference)}" for reference in finding.references)
