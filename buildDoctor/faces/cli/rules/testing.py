"""`build-doctor rules test`: runs the examples of rules and shows why one fails."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from buildDoctor.core.judging.tracing import trace
from buildDoctor.core.rules.rule import Expectation, Rule
from buildDoctor.examine.examples import ExampleResult, run_examples
from buildDoctor.examine.rule_choice import chosen_rules
from buildDoctor.faces.cli.exit_codes import ExitCode
from buildDoctor.faces.cli.main import options_of
from buildDoctor.faces.cli.output import put, tell
from buildDoctor.faces.cli.screen import columns, ink_for
from buildDoctor.faces.reports.ink import Ink
from buildDoctor.faces.reports.rule_trace import ANSWERS, trace_lines
from buildDoctor.faces.reports.wrapping import wrapped
from buildDoctor.faces.wording import counted, visible


def run(arguments: argparse.Namespace) -> int:
    """Run the examples; of a failing one show the value of each part of the condition.

    Raises:
        RequestError: there is no such rule, or a file has mistakes.
    """
    ink, width = ink_for(arguments), columns()
    rules = chosen_rules(arguments.paths, options_of(arguments))
    failed = run_count = 0
    for rule in rules:
        results = run_examples(rule)
        run_count += len(results)
        failed += sum(not result.passes for result in results)
        if arguments.verbose or len(rules) == 1 or not all(result.passes for result in results):
            put("\n".join(_lines(rule, results, ink, width, verbose=arguments.verbose)) + "\n")
    tell(f"{counted(run_count, 'example')} of {counted(len(rules), 'rule')} run, {failed or 'none'} failed")
    return ExitCode.FOUND if failed else ExitCode.OK


def _lines(rule: Rule, results: tuple[ExampleResult, ...], ink: Ink, width: int, *, verbose: bool) -> Iterator[str]:
    yield ink.paint(rule.id, "bold")
    for result in results:
        sign = ink.paint("✓", "green") if result.passes else ink.paint("✗", "red")
        words = f"{ANSWERS[result.example.expect]}: {visible(result.example.name)}"
        first, *others = wrapped(words, width, "    ", "    ")
        yield f"  {sign} {first.lstrip()}"
        yield from others
        if not result.passes or verbose:
            yield from _why(rule, result, ink, width)
    yield ""


def _why(rule: Rule, result: ExampleResult, ink: Ink, width: int) -> Iterator[str]:
    """What the rule answers in place of what the example says, part by part."""
    if result.evidence is None:
        for mistake in result.mistakes:
            yield from wrapped(visible(mistake.message), width, "    ", "    ")
        return
    traced = trace(rule, result.evidence)
    for line in trace_lines(traced, result.evidence, ink, width - 4):
        yield f"    {line}" if line else ""
    if not traced.cases and traced.answer is Expectation.DOES_NOT_HOLD:
        yield "    A list of for_each is empty, so there is nothing that it could hold for:"
        for loop in rule.loops:
            yield from wrapped(f"{loop.name} in {visible(loop.over.text.strip())}", width, "      ", "        ")
