"""Every rule proves itself on its own examples, and is silent on a machine on which nothing is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from buildDoctor.adapters.recorded import evidence_from, evidence_of, healthy
from buildDoctor.adapters.rule_files import load_rules
from buildDoctor.core import judge
from buildDoctor.core.rules import Example, Expectation, Rule

LOADED = load_rules()
EXAMPLES = [
    pytest.param(rule, example, id=f"{rule.id}: {example.name}") for rule in LOADED.rules for example in rule.examples
]


def test_the_built_in_rules_have_no_mistakes() -> None:
    """Every rule file in the checkout loads."""
    assert [str(problem) for problem in LOADED.problems] == []


@pytest.mark.parametrize("rule", [pytest.param(rule, id=rule.id) for rule in LOADED.rules])
def test_no_rule_holds_on_a_healthy_machine(rule: Rule) -> None:
    """Where nothing is wrong and everything was seen, every rule says so."""
    assert judge.answer(rule, evidence_from(healthy())) == Expectation.DOES_NOT_HOLD


@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_a_rule_answers_its_examples_as_it_says(rule: Rule, example: Example) -> None:
    """What an example expects is what the rule answers on its evidence."""
    assert judge.answer(rule, evidence_of(example, Path(rule.origin))) == example.expect
