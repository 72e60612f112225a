"""Why a rule holds, does not, or cannot tell: its answer for each combination of its names, part by part."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from buildDoctor.core.evidence import Evidence
from buildDoctor.core.judging.judge import Bindings, combinations
from buildDoctor.core.language import BudgetError, Part, in_short
from buildDoctor.core.rules.rule import Expectation, Rule


class Case(Struct, frozen=True, kw_only=True):
    """The answer for one combination of a rule's names."""

    rule: Rule
    bindings: Bindings
    answer: Expectation
    missing: tuple[str, ...] = ()
    """The evidence without which it cannot tell."""
    touched: tuple[str, ...] = ()
    """Where the evidence that it rests on stands."""

    @property
    def subjects(self) -> tuple[str, ...]:
        """What each name stands for: `feature = the feature NVFP4, plan.features[2]`."""
        return tuple(
            f"{name} = {in_short(binding.value)}{f', {binding.path}' if binding.path else ''}"
            for name, binding in self.bindings.items()
        )

    def names(self, evidence: Evidence) -> Iterator[tuple[str, Part | None]]:
        """What each name stands for, and for one that was computed how.

        Raises:
            BudgetError: that takes too many steps.
        """
        for loop, subject in zip(self.rule.loops, self.subjects, strict=True):
            computed = not self.bindings[loop.name].path
            yield subject, _unwrapped(loop.over.parts(evidence, self.bindings)) if computed else None

    def parts(self, evidence: Evidence) -> Part:
        """The condition with the value of each part.

        Raises:
            BudgetError: it takes too many steps.
        """
        return self.rule.when.parts(evidence, self.bindings)


def _unwrapped(part: Part) -> Part:
    """The list in a list of one list: rules write `[[…]]` to give a whole list a name."""
    return part.parts[0] if part.text.startswith("[[") and len(part.parts) == 1 else part


class Trace(Struct, frozen=True, kw_only=True):
    """A rule's answer, and how it came about."""

    answer: Expectation
    cases: tuple[Case, ...]
    """One for each combination of the rule's names, in their order."""
    missing: tuple[str, ...]
    """The lists of `for_each` that were not seen, or why not all combinations were looked at."""

    def of(self, answer: Expectation) -> tuple[Case, ...]:
        """The cases with an answer."""
        return tuple(case for case in self.cases if case.answer is answer)


def trace(rule: Rule, evidence: Evidence) -> Trace:
    """A rule's answer on evidence, case by case."""
    missing: dict[str, None] = {}
    cases: list[Case] = []
    try:
        for bindings in combinations(rule.loops, evidence, missing):
            cases.append(_case(rule, bindings, evidence))  # noqa: PERF401 - what was found before the budget ended counts
    except BudgetError as error:
        missing[f"an answer: {error}"] = None
    return Trace(answer=_answer(cases, missing), cases=tuple(cases), missing=tuple(missing))


def _case(rule: Rule, bindings: Bindings, evidence: Evidence) -> Case:
    evaluation = rule.when.evaluate(evidence, bindings)
    if not evaluation.known:
        return Case(rule=rule, bindings=bindings, answer=Expectation.CANNOT_TELL, missing=evaluation.missing)
    if not evaluation.value:
        return Case(rule=rule, bindings=bindings, answer=Expectation.DOES_NOT_HOLD)
    touched = tuple(item.path for item in evaluation.touched)
    return Case(rule=rule, bindings=bindings, answer=Expectation.HOLDS, touched=touched)


def _answer(cases: Iterable[Case], missing: dict[str, None]) -> Expectation:
    answers = {case.answer for case in cases}
    if Expectation.HOLDS in answers:
        return Expectation.HOLDS
    return Expectation.CANNOT_TELL if missing or Expectation.CANNOT_TELL in answers else Expectation.DOES_NOT_HOLD
