"""What a rule file says of logs and of its place is checked, with the place of each mistake."""

from __future__ import annotations

from typing import Any

import pytest

from buildDoctor.core.rules.format import RuleFormatError, read_rule
from buildDoctor.core.rules.layers import Layer, place_of
from buildDoctor.core.rules.rule import Rule


def read(**more: Any) -> Rule:
    """A rule about a log, with further keys."""
    data: dict[str, Any] = {
        "schema": 1, "id": "x", "title": "T", "severity": "error", "confidence": "certain", "family": "log",
        "symptoms": ["bad thing '*'"], "when": "any('x' in l.rules for l in log.lines)", "why": "W", "limits": "L",
        "example": [
            {"name": "a", "expect": "holds", "log": "1\nerror: bad thing 'b'\n"},
            {"name": "b", "expect": "does-not-hold", "log": "fine\n"},
            {"name": "c", "expect": "cannot-tell", "evidence": {"log": "not seen"}},
        ],
    }  # fmt: skip
    return read_rule(data | more)


def test_the_log_of_an_example_is_read_with_the_rules_own_symptoms() -> None:
    log = read().examples[0].log

    assert log is not None
    assert [(line.number, line.rules, line.values) for line in log.lines or ()] == [(2, ("x",), ("b",))]
    assert log.line_count == 2


@pytest.mark.parametrize(
    ("more", "path", "words"),
    [
        ({"symptoms": ["*a text"]}, ("symptoms", 0), "none is the first character"),
        ({"symptoms": ["long enough", "short"]}, ("symptoms", 1), "6 characters in a row"),
        ({"symptoms": "text"}, ("symptoms",), "expected a list"),
        ({"symptoms": [], "benign": True}, ("benign",), "this rule has none"),
        ({"benign": "yes"}, ("benign",), "expected true or false"),
        ({"layer": "tourch"}, ("layer",), "did you mean 'torch'"),
        ({"example": [{"name": "a", "expect": "holds", "log": 3}]}, ("example", 0, "log"), "expected text"),
    ],
)
def test_a_mistake_is_told_with_its_place(more: dict[str, Any], path: tuple[object, ...], words: str) -> None:
    with pytest.raises(RuleFormatError) as caught:
        read(**more)

    assert any(mistake.path == path and words in mistake.message for mistake in caught.value.mistakes)


def test_a_stated_layer_counts_before_the_family() -> None:
    assert place_of("log", Layer.TORCH) == place_of("torch", None) < place_of("loader", None) < place_of("log", None)
