"""A report as plain text: the verdict, the findings, what was not seen, and the summary last."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from buildDoctor.core.findings import Finding
from buildDoctor.core.report import Report
from buildDoctor.faces import wording
from buildDoctor.faces.reports.ink import Ink
from buildDoctor.faces.reports.text_finding import finding_lines, short_lines
from buildDoctor.faces.reports.wrapping import wrapped
from buildDoctor.faces.wording import check_words
from buildDoctor.faces.wording.fact_words import Fact, loader_facts, model_facts
from buildDoctor.faces.wording.file_words import file_facts, file_table, plan_lines
from buildDoctor.faces.wording.package_words import package_table

_WIDEST_PROSE = 100
"""Longer lines are hard to read, however wide the terminal."""
_NARROWEST = 40
"""Below this, indentation leaves no room for words."""
_MOST_FILES = 20
"""Files that are shown without being asked for."""


def render(report: Report, *, color: bool, width: int, verbose: bool) -> str:
    """The whole report, ending in a line end.

    Args:
        report: what is said.
        color: whether to paint; the caller knows about NO_COLOR and terminals.
        width: the columns to wrap at; patches and commands are never wrapped.
        verbose: also limits, references, and all of the explanation and the evidence.
    """
    ink = Ink(color)
    columns = max(_NARROWEST, min(width, _WIDEST_PROSE))
    blocks = [
        _verdict(report, ink, columns),
        *finding_blocks(report, ink, columns, verbose=verbose),
        _facts("The plan", plan_lines(report.evidence), ink, columns),
        _files(report, ink, columns, verbose=verbose),
        _packages(report, ink),
        _checks(report, ink, columns),
        _facts("Model", model_facts(report.evidence.model), ink, columns),
        _facts("Loader", loader_facts(report.evidence.loader), ink, columns),
        _not_seen(report, ink, columns, verbose=verbose),
        _suppressed(report, ink, columns),
        _bold(wording.summary(report), ink, columns),
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _verdict(report: Report, ink: Ink, columns: int) -> list[str]:
    examined = wrapped(wording.examined_line(report), columns, "", "  ") if report.targets else []
    return [*_bold(wording.verdict(report), ink, columns), *(ink.paint(line, "dim") for line in examined)]


def _bold(text: str, ink: Ink, columns: int) -> list[str]:
    return [ink.paint(line, "bold") for line in wrapped(text, columns, "", "")]


def finding_blocks(report: Report, ink: Ink, columns: int, *, verbose: bool) -> Iterator[list[str]]:
    """One block for each finding that stands by itself, and one for those that it explains."""
    everything = wording.entries(report)
    patches = _patches(everything)
    for beneath, members in groupby(everything, key=lambda entry: entry.depth > 0):
        if beneath:
            yield [line for entry in members for line in short_lines(entry.finding, ink, columns, "    " * entry.depth)]
        else:
            for entry in members:
                yield list(finding_lines(entry.finding, ink, columns, verbose=verbose, patches=patches))


def _patches(everything: tuple[wording.Entry, ...]) -> dict[str, Finding]:
    """The finding beneath which each patch is shown: the first that stands by itself and offers it."""
    owners: dict[str, Finding] = {}
    for entry in everything:
        fix = wording.best_fix(entry.finding)
        if entry.depth == 0 and fix and fix.patch:
            owners.setdefault(fix.patch, entry.finding)
    return owners


def _facts(name: str, facts: Iterable[Fact], ink: Ink, columns: int) -> list[str]:
    lines = [line for what, seen in facts for line in wrapped(f"{what}: {seen}", columns, "  ", "    ")]
    return [ink.paint(name, "bold"), *lines] if lines else []


def _suppressed(report: Report, ink: Ink, columns: int) -> list[str]:
    lines = [line for text in wording.suppressed_lines(report) for line in wrapped(text, columns, "  ", "    ")]
    return [ink.paint("Suppressed by the settings", "bold"), *lines] if lines else []


def _packages(report: Report, ink: Ink) -> list[str]:
    """What each package of the environment is to each GPU."""
    rows = package_table(report.evidence)
    return [ink.paint("The environment's packages", "bold"), *_rows(rows)] if rows else []


def _files(report: Report, ink: Ink, columns: int, *, verbose: bool) -> list[str]:
    """What each file is to each GPU, and which have no device code."""
    rows = file_table(report.evidence)
    left = 0 if verbose else max(0, len(rows) - 1 - _MOST_FILES)
    lines = list(_rows(rows[: len(rows) - left]))
    lines += [f"  and {wording.counted(left, 'more file')}, shown with --verbose"] if left else []
    lines += _facts("", file_facts(report.evidence), ink, columns)[1:]
    return (
        [ink.paint("The files, by their units with kernels" if rows else "The files", "bold"), *lines] if lines else []
    )


def _rows(rows: tuple[tuple[str, ...], ...]) -> Iterator[str]:
    """A table; a row is never wrapped."""
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))] if rows else []
    for row in rows:
        yield "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _checks(report: Report, ink: Ink, columns: int) -> list[str]:
    """What is in order; where nothing is wrong, what was checked and what is left."""
    if not check_words.is_quiet(report):
        return wrapped(check_words.cleared_line(report), columns, "", "  ")
    lines = [line for text in check_words.short_check_lines(report) for line in wrapped(text, columns, "  ", "    ")]
    left = [line for text in check_words.left_lines(report) for line in wrapped(f"- {text}", columns, "  ", "    ")]
    checked = [ink.paint("What was checked", "bold"), *lines] if lines else []
    return checked + (["", ink.paint("What is left", "bold"), *left] if left else [])


def _not_seen(report: Report, ink: Ink, columns: int, *, verbose: bool) -> list[str]:
    lines: list[str] = []
    if gaps := wording.not_seen_lines(report):
        lines += [ink.paint("Not examined", "bold")]
        lines += [line for paths, reason in gaps for line in wrapped(f"{paths}: {reason}", columns, "  ", "    ")]
    if report.undecided:
        lines += [*([""] if lines else []), ink.paint("Rules that cannot tell", "bold")]
        told = (f"{rule} {needs}" for rule, needs in wording.undecided_lines(report))
        texts = told if verbose else check_words.undecided_texts(report)
        lines += [line for text in texts for line in wrapped(text, columns, "  ", "    ")]
    return lines
