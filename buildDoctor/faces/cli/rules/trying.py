"""`build-doctor rules try`: why a rule holds on a saved report, does not hold, or cannot tell."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from msgspec.structs import replace

from buildDoctor.adapters.recorded import read_evidence
from buildDoctor.core.errors import RequestError
from buildDoctor.core.evidence import Evidence
from buildDoctor.core.judging.gathering import gathered
from buildDoctor.core.judging.judge import Held
from buildDoctor.core.judging.tracing import Trace, trace
from buildDoctor.core.language import glob_matcher
from buildDoctor.core.reporting.composing import reason_for
from buildDoctor.core.rules.rule import Expectation, Rule
from buildDoctor.examine.rule_choice import chosen_rules
from buildDoctor.faces.cli.exit_codes import ExitCode
from buildDoctor.faces.cli.main import options_of
from buildDoctor.faces.cli.output import put
from buildDoctor.faces.cli.screen import columns, ink_for
from buildDoctor.faces.reports.rule_trace import trace_lines
from buildDoctor.faces.reports.wrapping import wrapped
from buildDoctor.faces.wording import visible


def run(arguments: argparse.Namespace) -> int:
    """Say why, part by part.

    Raises:
        RequestError: there is no such rule or report.
    """
    rules = chosen_rules([arguments.rule], options_of(arguments))
    if len(rules) != 1:
        raise RequestError(f"{arguments.rule} holds {len(rules)} rules; name one of them")
    evidence = read_evidence(Path(arguments.report))
    traced = _narrowed(trace(rules[0], evidence), arguments.subject)
    ink, width = ink_for(arguments), columns()
    lines = [
        ink.paint(rules[0].id, "bold"),
        *trace_lines(traced, evidence, ink, width),
        *_unseen(traced, evidence, width),
        *_words(rules[0], traced, evidence, width),
    ]
    put("\n".join(lines) + "\n")
    return ExitCode.OK


def _narrowed(traced: Trace, subject: str | None) -> Trace:
    """The cases whose names fit a pattern alone.

    Raises:
        RequestError: none does.
    """
    if subject is None:
        return traced
    fits = glob_matcher(subject)
    cases = tuple(case for case in traced.cases if any(fits(name) for name in case.subjects))
    if not cases:
        raise RequestError(f"--subject {subject}: no combination of the rule's names fits this pattern")
    answers = {case.answer for case in cases}
    first = next(answer for answer in (Expectation.HOLDS, Expectation.CANNOT_TELL, *answers) if answer in answers)
    return replace(traced, cases=cases, answer=first)


def _unseen(traced: Trace, evidence: Evidence, width: int) -> Iterator[str]:
    """Why the evidence that the rule misses was not seen."""
    paths = dict.fromkeys((*traced.missing, *(path for case in traced.cases for path in case.missing)))
    reasons = dict.fromkeys(filter(None, (reason_for(path, evidence.not_seen) for path in paths)))
    if reasons:
        yield from ("", "Why it was not seen:")
    for reason in reasons:
        yield from wrapped(visible(reason), width, "  ", "  ")


def _words(rule: Rule, traced: Trace, evidence: Evidence, width: int) -> Iterator[str]:
    """What the report says of the first case that holds, and of those that it puts together with it."""
    for held in gathered(Held(rule, case.bindings, ()) for case in traced.of(Expectation.HOLDS))[:1]:
        yield from ("", "The report then says:")
        yield from wrapped(visible(" ".join(rule.title.render(evidence, held.bindings).split())), width, "  ", "  ")
