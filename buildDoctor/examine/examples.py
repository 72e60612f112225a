"""Whether a rule answers on its examples as they say."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from buildDoctor.adapters.recorded import EvidenceError, evidence_of
from buildDoctor.adapters.toml_files import BadFileError, FileProblem, placed, read_text
from buildDoctor.core.evidence import Evidence
from buildDoctor.core.judging.judge import answer
from buildDoctor.core.judging.tracing import trace
from buildDoctor.core.language import BudgetError, compile_expression
from buildDoctor.core.reporting.example_words import is_said
from buildDoctor.core.rules.rule import Example, Expectation, Rule
from buildDoctor.core.rules.table import Mistake

_MOST_MISSING = 3


class ExampleResult(Struct, frozen=True, kw_only=True):
    """What a rule answers on one of its examples."""

    example: Example
    evidence: Evidence | None
    """What the example says was seen; `None` when it is no evidence."""
    given: Expectation | None
    """The rule's answer."""
    mistakes: tuple[Mistake, ...]
    """What is wrong; none when the answer is as expected."""

    @property
    def passes(self) -> bool:
        """Whether the rule answers as the example says."""
        return not self.mistakes


def run_examples(rule: Rule) -> tuple[ExampleResult, ...]:
    """The rule's answer on each of its examples."""
    return tuple(_run(rule, example, at) for at, example in enumerate(rule.examples))


def _run(rule: Rule, example: Example, at: int) -> ExampleResult:
    try:
        evidence = evidence_of(example, Path(rule.origin))
    except EvidenceError as error:
        found = tuple(_moved(mistake, example, at) for mistake in error.mistakes)
        plain = Mistake(("example", at, "evidence"), f"the example {example.name!r} holds no evidence: {error}")
        return ExampleResult(example=example, evidence=None, given=None, mistakes=found or (plain,))
    given = answer(rule, evidence)
    mistakes: tuple[Mistake, ...] = ()
    if given is not example.expect:
        mistakes = (_wrong_answer(rule, example, evidence, given, at),)
    elif not is_said(example, rule, evidence):
        message = f"on the example {example.name!r} no finding says {example.says!r}"
        mistakes = (Mistake(("example", at, "says"), message),)
    return ExampleResult(example=example, evidence=evidence, given=given, mistakes=mistakes)


def _wrong_answer(rule: Rule, example: Example, evidence: Evidence, given: Expectation, at: int) -> Mistake:
    because = ""
    if given is Expectation.CANNOT_TELL:
        traced = trace(rule, evidence)
        missing = dict.fromkeys((*traced.missing, *(path for case in traced.cases for path in case.missing)))
        because = f" because {' and '.join([*missing][:_MOST_MISSING])} was not seen"
    message = f"the example {example.name!r} answers {given}{because}, and says {example.expect}"
    return Mistake(("example", at, "expect"), message)


def _moved(mistake: Mistake, example: Example, at: int) -> Mistake:
    """A mistake in an example's evidence, placed in the file of the rule."""
    inside = () if example.evidence_file else mistake.path
    return Mistake(("example", at, "evidence", *inside), f"the example {example.name!r}: {mistake.message}")


def example_problems(rule: Rule) -> list[FileProblem]:
    """Every example that does not answer as it says, and every edit that its examples show to point nowhere."""
    results = run_examples(rule)
    mistakes = [mistake for result in results for mistake in result.mistakes]
    mistakes += _edits_of_nothing(rule, results)
    if not mistakes:
        return []
    file = Path(rule.origin)
    try:
        return placed(file, read_text(file), mistakes)
    except BadFileError as bad:
        return list(bad.problems)


def _edits_of_nothing(rule: Rule, results: tuple[ExampleResult, ...]) -> Iterator[Mistake]:
    """A mistake for each fix that edits what no example on which the rule holds has."""
    held = [result.evidence for result in results if result.given is Expectation.HOLDS and result.evidence is not None]
    for at, fix in enumerate(rule.fixes):
        if fix.edit is not None and held and not any(_has_place(fix.edit.at, evidence) for evidence in held):
            message = f"the edit points nowhere: in no example on which the rule holds does {fix.edit.at} have a file and line"
            yield Mistake(("fix", at, "edit", "at"), message)


def _has_place(at: str, evidence: Evidence) -> bool:
    try:
        value = compile_expression(at).evaluate(evidence).value
    except BudgetError:
        return False
    return getattr(value, "file", None) is not None and getattr(value, "line", None) is not None
