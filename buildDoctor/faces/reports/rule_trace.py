"""Why a rule answers as it does, as text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from buildDoctor.core.evidence import Evidence
from buildDoctor.core.judging.tracing import Case, Trace
from buildDoctor.core.language import BudgetError, Part
from buildDoctor.core.rules.rule import Expectation
from buildDoctor.faces.reports.ink import Ink
from buildDoctor.faces.reports.wrapping import wrapped
from buildDoctor.faces.wording import counted, visible

ANSWERS = {
    Expectation.HOLDS: "holds",
    Expectation.DOES_NOT_HOLD: "does not hold",
    Expectation.CANNOT_TELL: "cannot tell",
}
SIGNS = {"true": "✓", "false": "✗", "unknown": "?"}
_INKS = {"true": "green", "false": "red", "unknown": "yellow"}
_MOST_CASES = 3
_DEEPEST = 24
_ORDER = (Expectation.HOLDS, Expectation.CANNOT_TELL, Expectation.DOES_NOT_HOLD)


def trace_lines(traced: Trace, evidence: Evidence, ink: Ink, columns: int) -> Iterator[str]:
    """A rule's answer, its cases, and the value of each part in the cases that tell most."""
    yield from _summary(traced, columns)
    for path in traced.missing:
        yield from wrapped(f"It needs {visible(path)}, which was not seen.", columns, "  ", "  ")
    for case in _telling(traced):
        yield ""
        yield from case_lines(case, evidence, ink, columns)


def _summary(traced: Trace, columns: int) -> Iterator[str]:
    counts = [(len(traced.of(answer)), ANSWERS[answer]) for answer in _ORDER]
    several = len(traced.cases) > 1
    shares = ", ".join(f"{words} for {number}" for number, words in counts if number)
    whole = f"It {ANSWERS[traced.answer]}"
    tail = f": of {counted(len(traced.cases), 'combination')} it {shares}." if several else "."
    yield from wrapped(whole + tail, columns, "", "  ")


def _telling(traced: Trace) -> Iterable[Case]:
    """The cases with the rule's answer; where it only misses a list, those that it could judge."""
    return (traced.of(traced.answer) or traced.cases)[:_MOST_CASES]


def case_lines(case: Case, evidence: Evidence, ink: Ink, columns: int) -> Iterator[str]:
    """One combination, with the value of each part of the condition."""
    try:
        for name, computed in case.names(evidence):
            yield from wrapped(f"with {visible(name)}", columns, "  ", "    ")
            yield from part_lines(computed, ink, columns, 6) if computed else ()
        yield from part_lines(case.parts(evidence), ink, columns, 2)
    except BudgetError as error:
        yield from wrapped(f"the condition cannot be followed: {error.message}", columns, "  ", "  ")


def part_lines(part: Part, ink: Ink, columns: int, depth: int) -> Iterator[str]:
    """A part with its value, and its parts beneath it."""
    indent = " " * min(depth, _DEEPEST)
    note = f"  ({visible(part.note)})" if part.note else ""
    if part.is_condition:
        lines = wrapped(f"{SIGNS[part.value]} {visible(part.text)}{note}", columns, indent, f"{indent}  ")
        sign = ink.paint(SIGNS[part.value], _INKS[part.value])
        lines[0] = lines[0].replace(SIGNS[part.value], sign, 1)
        yield from lines
    else:
        yield from wrapped(f"{visible(part.text)} = {visible(part.value)}{note}", columns, indent, f"{indent}    ")
    for inner in part.parts:
        yield from part_lines(inner, ink, columns, depth + 2)
