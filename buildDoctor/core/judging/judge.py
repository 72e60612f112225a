"""Evidence and rules in, what holds and what cannot be told out. Pure: the same evidence gives the same answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from buildDoctor.core.evidence import Evidence
from buildDoctor.core.language import Binding, BudgetError, Touched, name_of
from buildDoctor.core.rules.rule import Expectation, Loop, Rule

_MOST_COMBINATIONS = 20_000

Bindings = Mapping[str, Binding]


class Held(Struct, frozen=True):
    """A rule that holds for one combination of its loop names."""

    rule: Rule
    bindings: Bindings
    touched: tuple[Touched, ...]
    """The evidence that the answer rests on."""
    gathered: tuple[Held, ...] = ()
    """What it puts together, where its rule gathers names (`core/judging/gathering.py`)."""

    @property
    def parts(self) -> tuple[Held, ...]:
        """What it puts together, or itself alone."""
        return self.gathered or (self,)

    @property
    def subject(self) -> str:
        """What it is about, by name: `c=12.0 12.1, feature=NVFP4`; empty for the whole evidence.

        What was computed is no subject: it is not the same any more once a fix has helped.
        """
        computed = {loop.name for loop in self.rule.loops if loop.is_value}
        found: dict[str, dict[str, None]] = {}
        for name, binding in (pair for part in self.parts for pair in part.bindings.items()):
            if name not in computed and not isinstance(binding.value, tuple | list):
                found.setdefault(name, {})[name_of(binding.value)] = None
        return ", ".join(f"{name}={' '.join(values)}" for name, values in found.items())

    @property
    def keys(self) -> frozenset[tuple[str, str]]:
        """The rule and subject of each part: what is the same of it before and after a change."""
        return frozenset((part.rule.id, part.subject) for part in self.parts)


class Unclear(Struct, frozen=True):
    """A rule that cannot tell, and the paths that it misses."""

    rule: Rule
    missing: tuple[str, ...]


class Judgement(Struct, frozen=True):
    """What the rules answer."""

    held: tuple[Held, ...]
    unclear: tuple[Unclear, ...]


def judge(evidence: Evidence, rules: Iterable[Rule]) -> Judgement:
    """What holds, and what cannot be told, in the order of the rules."""
    held: list[Held] = []
    unclear: list[Unclear] = []
    for rule in rules:
        found, missing = _apply(rule, evidence)
        held += found
        if missing:
            unclear.append(Unclear(rule, missing))
    return Judgement(tuple(held), tuple(unclear))


def answer(rule: Rule, evidence: Evidence) -> Expectation:
    """The rule's one answer: it holds somewhere, it cannot tell, or it does not hold."""
    found, missing = _apply(rule, evidence)
    if found:
        return Expectation.HOLDS
    return Expectation.CANNOT_TELL if missing else Expectation.DOES_NOT_HOLD


def _apply(rule: Rule, evidence: Evidence) -> tuple[list[Held], tuple[str, ...]]:
    """Where a rule holds, and what it misses elsewhere."""
    held: list[Held] = []
    missing: dict[str, None] = {}
    try:
        for bindings in combinations(rule.loops, evidence, missing):
            evaluation = rule.when.evaluate(evidence, bindings)
            if not evaluation.known:
                missing.update(dict.fromkeys(evaluation.missing))
            elif evaluation.value:
                held.append(Held(rule, bindings, evaluation.touched))
    except BudgetError as error:
        # What was found before is true all the same.
        missing[f"an answer: {error}"] = None
    return held, tuple(missing)


def combinations(
    loops: tuple[Loop, ...], evidence: Evidence, missing: dict[str, None], outer: Bindings | None = None
) -> Iterator[Bindings]:
    """Each combination of the loop names.

    A list that was not seen is noted in `missing` and gives no combination.

    Raises:
        BudgetError: a list of a loop takes too many steps.
    """
    for count, bindings in enumerate(_nested(loops, evidence, missing, dict(outer or {}))):
        if count >= _MOST_COMBINATIONS:
            missing[f"more than {_MOST_COMBINATIONS} combinations"] = None
            return
        yield bindings


def _nested(
    loops: tuple[Loop, ...], evidence: Evidence, missing: dict[str, None], bound: dict[str, Binding]
) -> Iterator[Bindings]:
    if not loops:
        yield dict(bound)
        return
    first, *rest = loops
    elements = first.over.elements(evidence, bound)
    if elements is None:
        missing.update(dict.fromkeys(first.over.evaluate(evidence, bound).missing))
        return
    for element in elements:
        yield from _nested(tuple(rest), evidence, missing, {**bound, first.name: element})
