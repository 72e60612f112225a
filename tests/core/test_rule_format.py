"""From parsed TOML to a rule, and everything that can be wrong on the way."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from buildDoctor.core.findings import Confidence, Safety, Severity
from buildDoctor.core.rules.format import RuleFormatError, read_rule
from buildDoctor.core.rules.rule import Expectation
from buildDoctor.core.rules.table import Mistake

RULE: dict[str, Any] = {
    "schema": 1,
    "id": "feature-gets-nothing",
    "title": "{feature.name} gets nothing",
    "severity": "error",
    "confidence": "certain",
    "family": "plan",
    "references": ["vllm-project/vllm#56548", "https://example.org/page"],
    "for_each": {"feature": "plan.features", "wanted": "feature.wants"},
    "when": "feature.gets == [] and wanted != ''",
    "why": "It wants {wanted}.",
    "limits": "None known.\n",
    "explains": ["stub-only-kernel"],
    "fix": [
        {
            "title": "Drop {a}",
            "for_each": {"a": "plan.supported.architectures"},
            "when": "has_suffix(a)",
            "edit": {"at": "plan.supported", "remove": "{a}", "add": ["{base(a)}", "{wanted}"]},
            "safety": "safe",
            "verify": "look",
        },
        {"title": "Ask for it", "set_environment": {"TORCH_CUDA_ARCH_LIST": "{wanted}"}},
    ],
    "example": [
        {"name": "nothing left", "expect": "holds", "evidence": {"plan": {"features": []}}},
        {"name": "all is well", "expect": "does-not-hold"},
        {"name": "no plan", "expect": "cannot-tell", "evidence": "no-plan.json"},
    ],
}


def changed(**differences: object) -> dict[str, Any]:
    """The rule with keys replaced; `None` takes one away."""
    rule = copy.deepcopy(RULE) | differences
    return {key: value for key, value in rule.items() if value is not None}


def mistakes(data: dict[str, Any], stem: str | None = None) -> list[Mistake]:
    with pytest.raises(RuleFormatError) as caught:
        read_rule(data, stem=stem)
    return list(caught.value.mistakes)


def test_a_rule_is_read_whole() -> None:
    """Every key finds its place."""
    rule = read_rule(RULE, stem="feature-gets-nothing", origin="rules/plan/feature-gets-nothing.toml")
    assert (rule.id, rule.severity, rule.confidence, rule.family) == (
        "feature-gets-nothing",
        Severity.ERROR,
        Confidence.CERTAIN,
        "plan",
    )
    assert [(loop.name, loop.over.text) for loop in rule.loops] == [
        ("feature", "plan.features"),
        ("wanted", "feature.wants"),
    ]
    assert (rule.limits, rule.explains, rule.origin) == (
        "None known.",
        ("stub-only-kernel",),
        "rules/plan/feature-gets-nothing.toml",
    )
    assert [example.expect for example in rule.examples] == list(Expectation)
    assert [example.evidence_file for example in rule.examples] == [None, None, "no-plan.json"]


def test_a_fix_is_read_whole() -> None:
    """Its loops see the rule's names, and its action is kept."""
    drop, ask = read_rule(RULE).fixes
    assert drop.edit is not None
    assert drop.when is not None
    assert (drop.edit.at, drop.safety) == ("plan.supported", Safety.SAFE)
    assert [template.text for template in (*drop.edit.remove, *drop.edit.add)] == ["{a}", "{base(a)}", "{wanted}"]
    assert [(name, value.text) for name, value in ask.set_environment] == [("TORCH_CUDA_ARCH_LIST", "{wanted}")]
    assert (ask.edit, ask.safety) == (None, Safety.DISPLAY)


@pytest.mark.parametrize(
    ("differences", "expected"),
    [
        pytest.param(
            {"sevrity": "error"},
            Mistake(("sevrity",), "'sevrity' is not a key of a rule; did you mean 'severity'?"),
            id="an unknown key",
        ),
        pytest.param({"why": None}, Mistake((), "a rule needs the key 'why'"), id="a missing key"),
        pytest.param(
            {"schema": None},
            Mistake((), "a rule needs the key 'schema': write schema = 1"),
            id="no version, of which there is one",
        ),
        pytest.param({"title": 3}, Mistake(("title",), "expected text, found a whole number"), id="a wrong type"),
        pytest.param(
            {"schema": True},
            Mistake(("schema",), "this build-doctor reads rules of schema 1, not true or false"),
            id="true is not one",
        ),
        pytest.param(
            {"schema": 2}, Mistake(("schema",), "this build-doctor reads rules of schema 1, not 2"), id="a newer schema"
        ),
        pytest.param(
            {"severity": "eror"},
            Mistake(("severity",), "'eror' is not one of error, warning, note; did you mean 'error'?"),
            id="a value that is none of several",
        ),
        pytest.param(
            {"id": "Feature_gets"},
            Mistake(("id",), "'Feature_gets' is not in kebab-case: small letters and digits, joined by '-'"),
            id="an id that is not in kebab-case",
        ),
        pytest.param(
            {"references": ["vllm 56548"]},
            Mistake(
                ("references", 0),
                "'vllm 56548' is no reference: write owner/repo#number or an https:// address",
            ),
            id="a reference that is none",
        ),
        pytest.param(
            {"references": [3]},
            Mistake(("references", 0), "expected text, found a whole number"),
            id="a wrong type in a list",
        ),
        pytest.param(
            {"when": "feature.gets == []\nand feature.wnats == []"},
            Mistake(("when",), "'feature.wnats' is not a field of the feature; did you mean 'wants'?", 2, 5),
            id="an expression that does not fit the evidence",
        ),
        pytest.param(
            {"when": "feature.gets"},
            Mistake(("when",), "expected a condition, which is true or false; this is a list of text"),
            id="a condition that is none",
        ),
        pytest.param(
            {"title": "For {feature.nme}"},
            Mistake(("title",), "'feature.nme' is not a field of the feature; did you mean 'name'?", 1, 6),
            id="a template",
        ),
        pytest.param(
            {"for_each": {"feature": "plan.featurs"}},
            Mistake(
                ("for_each", "feature"), "'plan.featurs' is not a field of the plan; did you mean 'features'?", 1, 1
            ),
            id="a loop, and only that: what uses its name cannot be checked",
        ),
        pytest.param(
            {"for_each": {"feature": "torch.version"}},
            Mistake(("for_each", "feature"), "a loop runs over a list; this is text"),
            id="a loop over what is no list",
        ),
        pytest.param(
            {"for_each": {"plan": "plan.features"}},
            Mistake(("for_each", "plan"), "'plan' is already a part of the evidence; choose another name"),
            id="a loop that takes a name of the evidence",
        ),
        pytest.param(
            {"explains": ["feature-gets-nothing"]},
            Mistake(("explains",), "a rule cannot explain itself"),
            id="a rule that explains itself",
        ),
        pytest.param(
            {"fix": [{"title": "x"}]},
            Mistake(
                ("fix", 0),
                "a fix has exactly one of edit, set_request, set_toolkit, set_environment, command, text; it has none",
            ),
            id="a fix that does nothing",
        ),
        pytest.param(
            {"fix": [{"title": "x", "text": "y", "command": "z"}]},
            Mistake(
                ("fix", 0),
                "a fix has exactly one of edit, set_request, set_toolkit, set_environment, command, text; "
                "it has command and text",
            ),
            id="a fix that does two things",
        ),
        pytest.param(
            {"fix": [{"title": "x", "edit": {"at": "plan", "add": "y"}}]},
            Mistake(
                ("fix", 0, "edit", "at"),
                "expected evidence that has a file and a line, such as plan.supported; this is the plan",
            ),
            id="an edit of nothing that stands in a file",
        ),
        pytest.param(
            {"fix": [{"title": "x", "edit": {"at": "plan.supported"}}]},
            Mistake(("fix", 0, "edit"), "an edit needs 'remove' or 'add'"),
            id="an edit that changes nothing",
        ),
        pytest.param(
            {"fix": {"title": "x"}},
            Mistake(("fix",), "expected tables, written [[fix]]; found a table"),
            id="one table where several may stand",
        ),
        pytest.param(
            {"fix": [{"title": "x", "set_environment": {"A B": "y"}}]},
            Mistake(("fix", 0, "set_environment", "A B"), "'A B' cannot be the name of an environment variable"),
            id="a name that no variable has",
        ),
        pytest.param(
            {"example": RULE["example"][:2]},
            Mistake(("example",), "a rule proves itself by examples of each answer; none expects cannot-tell"),
            id="a kind of example that is missing",
        ),
        pytest.param(
            {"example": None},
            Mistake(
                (),
                "a rule proves itself by examples of each answer; none expects holds or does-not-hold or cannot-tell",
            ),
            id="no examples",
        ),
        pytest.param(
            {"example": [*RULE["example"], RULE["example"][0]]},
            Mistake(("example",), "two examples are named 'nothing left'"),
            id="two examples of one name",
        ),
        pytest.param(
            {"example": [*RULE["example"][:2], {"name": "x", "expect": "cannot-tell", "evidence": "x.toml"}]},
            Mistake(("example", 2, "evidence"), "expected a file that ends in .json, found 'x.toml'"),
            id="evidence in a file of another kind",
        ),
        pytest.param(
            {"example": [*RULE["example"], {"name": "x", "expect": "cannot-tell", "says": "a word"}]},
            Mistake(("example", 3, "says"), "a rule says something only where it holds"),
            id="words where a rule does not hold",
        ),
        pytest.param(
            {"together": {"every": "featur"}},
            Mistake(("together", "every"), "there is no loop 'featur' in for_each; did you mean 'feature'?"),
            id="a name for what is no loop",
        ),
    ],
)
def test_a_mistake_names_its_key_and_what_was_expected(differences: dict[str, Any], expected: Mistake) -> None:
    """One mistake gives one message, at the right key."""
    assert mistakes(changed(**differences)) == [expected]


def test_every_mistake_is_found_at_once() -> None:
    """An author mends a file in one go."""
    data = changed(titel="x", severity="bad", when="plan.x == 1", fix=[{"title": 1, "text": "{nme}"}])
    assert [mistake.path for mistake in mistakes(data)] == [
        ("titel",),
        ("severity",),
        ("when",),
        ("fix", 0, "title"),
        ("fix", 0, "text"),
    ]


def test_the_id_is_the_name_of_the_file() -> None:
    """One name finds the rule everywhere."""
    expected = "the id is 'feature-gets-nothing' but the file is other.toml; both must be the same"
    assert mistakes(RULE, stem="other") == [Mistake(("id",), expected)]


def test_a_summary_is_words_alone() -> None:
    """It stands where nothing is filled in."""
    assert read_rule(changed(summary="A feature gets nothing")).summary == "A feature gets nothing"
    for text in ("{feature.name} gets nothing", "A feature\ngets nothing"):
        with pytest.raises(RuleFormatError, match="a summary is one line in plain words"):
            read_rule(changed(summary=text))


def test_the_features_of_a_rule_are_patterns() -> None:
    """Of a bounded length, as every pattern."""
    assert read_rule(changed(features=["*FP4*", "FP4_ARCHS"])).features == ("*FP4*", "FP4_ARCHS")
    with pytest.raises(RuleFormatError, match="the pattern has 201 characters; 200 are allowed"):
        read_rule(changed(features=["*" * 201]))
