"""The symptoms that rules name, put together."""

from __future__ import annotations

from collections.abc import Iterable

from buildDoctor.core.logs.symptoms import Symptom
from buildDoctor.core.rules.rule import Rule


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
