"""Symptoms: the texts by which a log shows what a rule is about."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from buildDoctor.core.rule_symptoms import STAR
from buildDoctor.core.rules import Rule


class Symptom(Struct, frozen=True, kw_only=True):
    """A text that stands in a line of a log; each star in it is any text, also none."""

    text: str
    """As the rules write it."""
    rules: tuple[str, ...]
    """The rules that say so."""
    benign: bool
    """Whether the line is harmless."""

    @property
    def pieces(self) -> tuple[str, ...]:
        """The texts between its stars, in their order."""
        return tuple(piece for piece in self.text.split(STAR) if piece)

    def values_in(self, line: str) -> tuple[str, ...] | None:
        """What stands in the places of the stars; `None` when the line does not show the symptom."""
        first, *rest = self.text.split(STAR)
        start = line.find(first)
        if start < 0:
            return None
        values, position = [], start + len(first)
        for piece in rest:
            found = line.find(piece, position) if piece else len(line)
            if found < 0:
                return None
            values.append(line[position:found].strip())
            position = found + len(piece)
        return tuple(values)


def symptoms_of(rules: Iterable[Rule]) -> tuple[Symptom, ...]:
    """The symptoms of rules, each once, in the order in which they are first met."""
    named: dict[str, list[Rule]] = {}
    for rule in rules:
        for text in rule.symptoms:
            named.setdefault(text, []).append(rule)
    return tuple(
        Symptom(
            text=text,
            rules=tuple(dict.fromkeys(rule.id for rule in owners)),
            benign=all(rule.benign for rule in owners),
        )
        for text, owners in named.items()
    )
