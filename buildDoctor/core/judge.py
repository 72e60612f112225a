"""Evidence and rules in, what holds and what cannot be told out. Pure: the same evidence gives the same answer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from buildDoctor.core.evidence import Evidence
from buildDoctor.core.language import Binding, Evaluation, Touched
from buildDoctor.core.rules import Expectation, Loop, Rule

_MOST_COMBINATIONS = 20_000
_NAMING_FIELDS = ("name", "path", "index", "kind")

Bindings = Mapping[str, Binding]


@dataclass(frozen=True, slots=True)
class Held:
    """A rule that holds for one combination of its loop names."""

    rule: Rule
    bindings: Bindings
    touched: tuple[Touched, ...]
    """The evidence that the answer rests on."""

    @property
    def subject(self) -> str:
        """What it is about, by name: `feature=NVFP4`; empty for the whole evidence.

        A computed list is no subject: it is not the same list any more once a fix has helped.
        """
        named = [(n, b.value) for n, b in self.bindings.items() if not isinstance(b.value, tuple | list)]
        return ", ".join(f"{name}={name_of(value)}" for name, value in named)


@dataclass(frozen=True, slots=True)
class Unclear:
    """A rule that cannot tell, and the paths that it misses."""

    rule: Rule
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the rules answer."""

    held: tuple[Held, ...]
    unclear: tuple[Unclear, ...]


def name_of(value: object) -> str:
    """How an element is told apart from its neighbours: its name, path or number."""
    for field in _NAMING_FIELDS:
        found = getattr(value, field, None)
        if found is not None and not callable(found):
            return str(found)
    return str(value)


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
    held: list[Held] = []
    missing: dict[str, None] = {}
    for bindings, computed in combinations(rule.loops, evidence, missing):
        evaluation = rule.when.evaluate(evidence, bindings)
        if not evaluation.known:
            missing.update(dict.fromkeys(evaluation.missing))
        elif evaluation.value:
            held.append(Held(rule, bindings, _evidence_paths((*computed, *evaluation.touched), bindings)))
    return held, tuple(missing)


def _evidence_paths(touched: Iterable[Touched], bindings: Bindings) -> tuple[Touched, ...]:
    """What was touched of the evidence itself, each path once; a computed value has no place in it."""
    names = {binding.path for name, binding in bindings.items() if binding.path == name}
    return tuple({t.path: t for t in touched if re.split(r"[.\[]", t.path)[0] not in names}.values())


def combinations(
    loops: tuple[Loop, ...], evidence: Evidence, missing: dict[str, None], outer: Bindings | None = None
) -> Iterator[tuple[Bindings, tuple[Touched, ...]]]:
    """Each combination of the loop names, with the evidence that computed lists were made from.

    A list that was not seen is noted in `missing` and gives no combination.
    """
    count = 0
    for combination in _nested(loops, evidence, missing, dict(outer or {}), ()):
        count += 1
        if count > _MOST_COMBINATIONS:
            missing[f"more than {_MOST_COMBINATIONS} combinations"] = None
            return
        yield combination


def _nested(
    loops: tuple[Loop, ...],
    evidence: Evidence,
    missing: dict[str, None],
    bound: dict[str, Binding],
    computed: tuple[Touched, ...],
) -> Iterator[tuple[Bindings, tuple[Touched, ...]]]:
    if not loops:
        yield dict(bound), computed
        return
    first, *rest = loops
    listed = first.over.evaluate(evidence, bound)
    if not listed.known:
        missing.update(dict.fromkeys(listed.missing))
        return
    for position, element in enumerate(_elements(listed.value)):
        path = _path_of(listed, position, element, first.name)
        seen = (*computed, *listed.touched) if path == first.name else computed
        yield from _nested(tuple(rest), evidence, missing, {**bound, first.name: Binding(element, path)}, seen)


def _elements(value: object) -> tuple[object, ...]:
    return tuple(value) if isinstance(value, tuple | list) else ()


def _path_of(listed: Evaluation, position: int, element: object, name: str) -> str:
    """The path of an element: in the list that it comes from when that can be told, else its loop name."""
    for touched in listed.touched:
        if touched.value is listed.value:
            return f"{touched.path}[{position}]"
        if not isinstance(element, str) and isinstance(touched.value, tuple):
            for index, candidate in enumerate(touched.value):
                if candidate is element:
                    return f"{touched.path}[{index}]"
    return name
