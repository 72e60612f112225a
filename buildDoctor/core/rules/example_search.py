"""Finds evidence on which a new rule holds, does not hold, and cannot tell, by changing a healthy machine a little."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator, Mapping
from itertools import combinations, islice
from typing import Any

from buildDoctor.core.evidence import Evidence
from buildDoctor.core.language import ListOf, Record, Type, fields_of
from buildDoctor.core.rules.glossary import fields_read
from buildDoctor.core.rules.rule import Expectation, Rule

Data = dict[str, Any]
Ask = Callable[[Data], Expectation | None]
"""Gives the rule's answer on plain evidence; `None` when it is no evidence."""
Score = Callable[[Data], int]
"""Says how many parts of a rule's condition are true on plain evidence."""
Step = str | int
Change = tuple[tuple[Step, ...], object]
"""A place in the evidence, and another value for it."""

NOT_SEEN = "not seen"
_MOST_TRIES = 3_000
_MOST_CLIMBED = 400
_MOST_STEPS = 5
_MOST_NUMBERS = 8
_LONGEST_LIST = 20
_ARCHITECTURES = ["9.0", "7.5", "12.0a"]
_NAMING = frozenset({"name", "path"})
_TEXT = re.compile(r"'([^'\n]*)'|\"([^\"\n]*)\"")
_NUMBER = re.compile(r"(?<![\w.'])\d+(?![\w.'])")
_VERSION = re.compile(r"\d+(\.\d+)+")


def search_examples(rule: Rule, healthy: Data, ask: Ask, score: Score) -> dict[Expectation, Data]:
    """What differs from a healthy machine for each answer, as far as a few changes give it.

    Args:
        rule: The rule.
        healthy: A machine on which nothing is wrong, as plain data.
        ask: Gives the rule's answer.
        score: Says how near evidence is to what the rule looks for.
    """
    found: dict[Expectation, Data] = {}
    for changed in islice(_tries(rule, healthy, score), _MOST_TRIES):
        answer = ask(changed)
        if answer is not None:
            found.setdefault(answer, changed)
        if len(found) == len(Expectation):
            break
    return {
        answer: difference(healthy, _shrunk(healthy, changed, _answers(ask, answer)))
        for answer, changed in found.items()
    }


def _answers(ask: Ask, wanted: Expectation) -> Callable[[Data], bool]:
    return lambda data: ask(data) is wanted


def _tries(rule: Rule, healthy: Data, score: Score) -> Iterator[Data]:
    """The healthy machine, then with a part not seen, with one change, with the best of several, and with any two."""
    yield healthy
    reads = {(use.record, use.field) for use in fields_read(rule)}
    yield from _blinded(rule, healthy)
    changes = list(_changes(healthy, Record(Evidence), (), reads, _Values(rule)))
    yield from (_with(healthy, change) for change in changes)
    for climbed in _climb(healthy, changes[:_MOST_CLIMBED], score):
        yield climbed
        yield from _blinded(rule, climbed)
    yield from (_with(_with(healthy, one), other) for one, other in combinations(changes, 2) if one[0] != other[0])


def _blinded(rule: Rule, data: Data) -> Iterator[Data]:
    """The data with one part that the rule reads not seen."""
    for root in data:
        if _is_read(rule, root):
            yield {key: value for key, value in data.items() if key != root}


def _climb(data: Data, changes: list[Change], score: Score) -> Iterator[Data]:
    """The data with one change after the other, each the best at its time, as long as that leads nearer."""
    reached = score(data)
    for _ in range(_MOST_STEPS):
        best = max((_with(data, change) for change in changes), key=score, default=data)
        if score(best) <= reached:
            return
        data, reached = best, score(best)
        yield data


def _is_read(rule: Rule, root: str) -> bool:
    texts = (rule.when.text, *(loop.over.text for loop in rule.loops))
    return any(re.search(rf"\b{root}\b", text) for text in texts)


class _Values:
    """The values that a rule's texts make worth trying.

    Args:
        rule: The rule.
    """

    def __init__(self, rule: Rule) -> None:
        texts = " ".join((rule.when.text, *(loop.over.text for loop in rule.loops)))
        quoted = [one or other for one, other in _TEXT.findall(texts)]
        versions = ["0.1", "99.0"] if any(map(_VERSION.fullmatch, quoted)) else []
        self.texts = list(dict.fromkeys(["", *(text.replace("*", "") for text in quoted), *versions, "something"]))
        numbers = [int(number) for number in _NUMBER.findall(texts)][:_MOST_NUMBERS]
        elements = [*(text for text in self.texts[:-1] if text), *_ARCHITECTURES]
        sizes = {number + 1 for number in numbers if number < _LONGEST_LIST}
        self.lists = [[], *([element] for element in elements), *(_ARCHITECTURES[:1] * size for size in sorted(sizes))]
        self.numbers = list(dict.fromkeys([0, *(number + step for number in numbers for step in (-1, 0, 1))]))

    def other_than(self, value: object, kind: Type) -> Iterator[object]:
        """Values of a type, apart from one."""
        candidates: list[object]
        if isinstance(kind, ListOf):
            candidates = [[]] if isinstance(kind.element, Record) else list(self.lists)
        elif isinstance(value, bool):
            candidates = [not value]
        else:
            candidates = [*(self.numbers if isinstance(value, int) else self.texts)]
        return (candidate for candidate in candidates if candidate != value)


def _changes(
    data: object, kind: Type, path: tuple[Step, ...], reads: set[tuple[str, str]], values: _Values
) -> Iterator[Change]:
    """Another value for each place that the rule reads."""
    if isinstance(kind, ListOf) and isinstance(data, list) and isinstance(kind.element, Record):
        for index, element in enumerate(data):
            yield from _changes(element, kind.element, (*path, index), reads, values)
    elif isinstance(kind, Record) and isinstance(data, Mapping):
        for name, inner in fields_of(kind.of).items():
            if name in data:
                if (kind.of.__name__, name) in reads or isinstance(inner, ListOf):
                    yield from (((*path, name), value) for value in values.other_than(data[name], inner))
                yield from _changes(data[name], inner, (*path, name), reads, values)


def _with(data: Data, change: Change) -> Data:
    """The data with one change."""
    path, value = change
    changed = copy.deepcopy(data)
    place: Any = changed
    try:
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = value
    except (KeyError, IndexError):
        # An earlier change took the place away.
        return data
    return changed


def _shrunk(healthy: Data, changed: Data, same: Callable[[Data], bool]) -> Data:
    """The data without what its changed lists say beside the point: a list is replaced whole, so it is written whole."""
    for root in [name for name, value in changed.items() if value != healthy.get(name)]:
        for path in sorted(_removable(changed[root], healthy.get(root), (root,), inside=False), key=len):
            smaller = _without(changed, path)
            if smaller is not None and same(smaller):
                changed = smaller
    return changed


def _removable(data: object, below: object, path: tuple[Step, ...], *, inside: bool) -> Iterator[tuple[Step, ...]]:
    """The keys of the tables in lists that differ from those below; what names a table stays."""
    if data == below and not inside:
        return
    if isinstance(data, dict):
        for key, value in data.items():
            if inside and key not in _NAMING:
                yield (*path, key)
            yield from _removable(
                value, below.get(key) if isinstance(below, dict) else None, (*path, key), inside=inside
            )
    elif isinstance(data, list):
        for index, element in enumerate(data):
            yield from _removable(element, None, (*path, index), inside=True)


def _without(data: Data, path: tuple[Step, ...]) -> Data | None:
    smaller = copy.deepcopy(data)
    place: Any = smaller
    try:
        for step in path[:-1]:
            place = place[step]
        del place[path[-1]]
    except (KeyError, IndexError):
        return None
    return smaller


def difference(base: Mapping[str, Any], changed: Mapping[str, Any]) -> Data:
    """What an example says to make the changed data from the base: tables in part, everything else whole."""
    found: Data = {key: NOT_SEEN for key in base if key not in changed}
    for key, value in changed.items():
        below = base.get(key)
        if isinstance(below, dict) and isinstance(value, dict):
            inner = difference(below, value)
            found |= {key: inner} if inner else {}
        elif below != value:
            found[key] = value
    return found
