"""Every rule proves itself on its own examples, and is silent on a machine on which nothing is wrong."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from buildDoctor.adapters.recorded import evidence_from, evidence_of, healthy
from buildDoctor.adapters.rule_files import load_rules
from buildDoctor.core.judging import judge
from buildDoctor.core.reporting.example_words import words_of
from buildDoctor.core.rules.rule import Example, Expectation, Rule

LOADED = load_rules()
EXAMPLES = [
    pytest.param(rule, example, id=f"{rule.id}: {example.name}") for rule in LOADED.rules for example in rule.examples
]


def test_the_built_in_rules_have_no_mistakes() -> None:
    """Every rule file in the checkout loads."""
    assert [str(problem) for problem in LOADED.problems] == []


def test_what_is_read_later_is_what_is_read_with_care() -> None:
    """Of a built-in rule, the texts are checked and the examples parsed when they are used, and say the same then."""

    def whole(rule: Rule) -> dict[str, object]:
        told = {"title": rule.title.text, "why": rule.why.text, "when": rule.when.text}
        loops = [(loop.name, loop.over.text, loop.over.type) for loop in rule.loops]
        fixes = [
            (fix.title.text, [loop.over.text for loop in fix.loops], fix.verify and fix.verify.text)
            for fix in rule.fixes
        ]
        fields = {name: getattr(rule, name) for name in ("id", "severity", "family", "together", "symptoms", "limits")}
        return {**told, **fields, "loops": loops, "fixes": fixes, "examples": list(rule.examples)}

    careful = load_rules(thorough=True)

    assert careful.problems == ()
    assert list(map(whole, LOADED.rules)) == list(map(whole, careful.rules))


@pytest.mark.parametrize("rule", [pytest.param(rule, id=rule.id) for rule in LOADED.rules])
def test_no_rule_holds_on_a_healthy_machine(rule: Rule) -> None:
    """Where nothing is wrong and everything was seen, every rule says so."""
    assert judge.answer(rule, evidence_from(healthy())) == Expectation.DOES_NOT_HOLD


@pytest.mark.parametrize("rule", [pytest.param(rule, id=rule.id) for rule in LOADED.rules])
def test_what_a_finding_is_about_has_a_name(rule: Rule) -> None:
    """Baselines and suppressions know a finding by it: no record may stand there with all its fields."""
    evidences = [evidence_of(one, Path(rule.origin)) for one in rule.examples if one.expect is Expectation.HOLDS]
    subjects = {held.subject for evidence in evidences for held in judge.judge(evidence, [rule]).held}

    assert [one for one in subjects if re.search(r"[A-Z]\w+\(\w+=", one)] == []


@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_a_rule_answers_its_examples_as_it_says(rule: Rule, example: Example) -> None:
    """What an example expects is what the rule answers on its evidence."""
    evidence = evidence_of(example, Path(rule.origin))

    assert judge.answer(rule, evidence) == example.expect
    assert example.says in words_of(rule, evidence)


def test_a_title_that_is_filled_in_has_a_summary_in_plain_words() -> None:
    """Lists of rules and SARIF show it where there is nothing to fill in."""
    filled = {rule.id: rule.summary for rule in LOADED.rules if "{" in rule.title.text}

    assert [name for name, summary in filled.items() if not summary] == []
