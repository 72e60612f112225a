"""`build-doctor rules`, as its user sees it: what is printed at 80 columns, and the code."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
GOLDEN = Path(__file__).parent / "golden"

RULE = '''\
schema = 1
id = "too-few-features"
title = "{feature.name} gets {feature.gets}"
severity = "warning"
confidence = "likely"
family = "plan"
references = ["vllm-project/vllm#56548"]
for_each = { feature = "plan.features", asked = "[[a for a in feature.wants if has_suffix(a)]]" }
when = """
asked != []
and not any(g in asked for g in feature.gets)
"""
why = "{feature.name} asks for {asked} ({feature.file}:{feature.line})."
limits = "None known."

[[fix]]
title = "Add {a} to {plan.supported.variable}"
for_each = { a = "asked" }
edit = { at = "plan.supported", add = "{base(a)}" }
verify = "build-doctor plan"

[[example]]
name = "nothing is left"
expect = "holds"
[example.evidence.plan]
features = [{ name = "FP4", wants = ["12.0a"], gets = [], file = "CMakeLists.txt", line = 3 }]

[[example]]
name = "all is well"
expect = "does-not-hold"

[[example]]
name = "no tree"
expect = "cannot-tell"
evidence = { plan = "not seen" }
'''
REPORT = {
    "plan": {
        "supported": {"variable": "SUPPORTED", "architectures": ["9.0"], "file": "CMakeLists.txt", "line": 1},
        "features": [
            {"name": "FP4", "wants": ["12.0a", "10.0"], "gets": ["10.0"]},
            {"name": "MLA", "wants": ["9.0"], "gets": ["9.0"]},
            {"name": "MoE", "wants": ["9.0a"]},
        ],
    },
    "not_seen": [{"path": "plan.features[2].gets", "reason": "the script ended too early"}],
}


@pytest.fixture
def rule(folder: Path) -> Path:
    """A rule file in the current folder."""
    file = folder / "too-few-features.toml"
    file.write_text(RULE)
    return file


@pytest.fixture
def report(folder: Path) -> str:
    """Saved evidence in the current folder."""
    (folder / "report.json").write_text(json.dumps(REPORT))
    return "report.json"


def golden(name: str) -> str:
    return (GOLDEN / f"{name}.txt").read_text(encoding="utf-8")


def test_a_rule_that_is_right_has_no_mistakes(rule: Path, run: Run) -> None:
    ended = run("rules", "check", rule.name)

    assert (ended.code, ended.output, ended.errors) == (0, "", "1 rule checked, no mistakes\n")


NEWCOMERS = {
    "a typo in a field": (
        "feature.wants if",
        "feature.wnats if",
        """\
too-few-features.toml:8:63: 'feature.wnats' is not a field of the feature; did you mean 'wants'?
    for_each = { feature = "plan.features", asked = "[[a for a in feature.wnats if has_suffix(a)]]" }
                                                                  ^
""",
    ),
    "a wrong type": (
        "asked != []\nand",
        "feature.line > '3'\nand",
        """\
too-few-features.toml:10:1: 'feature.line' is a number and '3' is text: they cannot be compared with '>'
    feature.line > '3'
    ^
""",
    ),
    "a quotation mark that is missing": (
        'family = "plan"',
        'family = "plan',
        """\
too-few-features.toml:6:15: it is not TOML: Illegal character '\\n'; the text is not closed: a quotation mark is missing \
at its end, or write three for several lines
    family = "plan
                  ^
""",
    ),
    "an example that was forgotten": (
        '[[example]]\nname = "no tree"\nexpect = "cannot-tell"\nevidence = { plan = "not seen" }\n',
        "",
        """\
too-few-features.toml:22:1: a rule proves itself by examples of each answer; none expects cannot-tell
    [[example]]
    ^
""",
    ),
    "a condition that is always unknown": (
        "asked != []\nand",
        "feature.messages[7] == '' and asked != []\nand",
        """\
too-few-features.toml:24:1: the example 'nothing is left' answers cannot-tell because \
plan.features[0].messages was not seen, and says holds
    expect = "holds"
    ^
""",
    ),
    "an example that hears something else": (
        'expect = "holds"\n',
        'expect = "holds"\nsays = "nothing of the kind"\n',
        """\
too-few-features.toml:25:1: on the example 'nothing is left' no finding says 'nothing of the kind'
    says = "nothing of the kind"
    ^
""",
    ),
}


@pytest.mark.parametrize(("old", "new", "expected"), [pytest.param(*case, id=name) for name, case in NEWCOMERS.items()])
def test_what_newcomers_get_wrong_is_told_at_its_place(old: str, new: str, expected: str, rule: Path, run: Run) -> None:
    assert old in RULE
    rule.write_text(RULE.replace(old, new))

    ended = run("rules", "check", rule.name)

    assert (ended.code, ended.output) == (2, expected)


def test_every_mistake_is_told_at_once(rule: Path, run: Run) -> None:
    text = RULE.replace('severity = "warning"', 'severity = "bad"').replace("verify =", "verfy =")
    rule.write_text(
        text.replace('name = "FP4", wants', 'nmae = "FP4", wants').replace('at = "plan.supported"', 'at = "torch"')
    )

    ended = run("rules", "check", rule.name)

    assert [line.split(":")[1] for line in ended.output.splitlines() if line.startswith("too-few")] == ["4", "19", "20"]


def test_an_edit_that_points_nowhere_is_a_mistake(rule: Path, run: Run) -> None:
    """The evidence of every example on which the rule holds lacks the place."""
    rule.write_text(RULE.replace("[example.evidence.plan]\n", '[example.evidence.plan]\nsupported = "not seen"\n'))

    ended = run("rules", "check", rule.name)

    assert "too-few-features.toml:19:10: the edit points nowhere: in no example" in ended.output
    assert ended.code == 2


def test_a_failing_example_shows_the_value_of_each_part(rule: Path, run: Run) -> None:
    rule.write_text(RULE.replace("gets = [], file", 'gets = ["12.0a"], file'))

    ended = run("rules", "test", rule.name)

    assert ended.output == golden("rules-test")
    assert (ended.code, ended.errors) == (1, "3 examples of 1 rule run, 1 failed\n")


def test_a_rule_is_tried_on_a_report_part_by_part(rule: Path, report: str, run: Run) -> None:
    ended = run("rules", "try", rule.name, report)

    assert (ended.code, ended.output) == (0, golden("rules-try"))


def test_a_rule_that_cannot_tell_says_what_was_not_seen_and_why(rule: Path, report: str, run: Run) -> None:
    ended = run("rules", "try", rule.name, report, "--subject", "feature = *MoE*")

    assert (ended.code, ended.output) == (0, golden("rules-try-cannot-tell"))


def test_a_rule_page_explains_the_names_in_its_braces(rule: Path, run: Run) -> None:
    ended = run("rules", "show", "too-few-features", "--rules", rule.name)

    assert (ended.code, ended.output) == (0, golden("rules-show"))
    assert run("explain", "too-few-features", "--rules", rule.name).output == ended.output


@pytest.mark.parametrize("name", sorted(path.name for path in GOLDEN.glob("rules-*.txt")))
def test_no_line_is_wider_than_80_columns(name: str) -> None:
    wide = [line for line in (GOLDEN / name).read_text(encoding="utf-8").splitlines() if len(line) > 80]

    # A rule file has comments; everything else is wrapped.
    assert name == "rules-new.txt" or wide == []


def test_a_new_rule_passes_its_own_check(folder: Path, run: Run) -> None:
    ended = run("rules", "new", "old-torch", "--about", "torch", "--output", ".build-doctor/rules")

    file = folder / ".build-doctor" / "rules" / "old-torch.toml"
    assert file.read_text(encoding="utf-8") == golden("rules-new")
    assert ended.errors.startswith(".build-doctor/rules/old-torch.toml is written and has no mistakes")
    assert run("rules", "check", file).code == 0
    assert [path.name for path in folder.rglob("*") if path.is_file()] == ["old-torch.toml"]


def test_a_new_rule_without_a_place_is_printed_and_written_nowhere(folder: Path, run: Run) -> None:
    ended = run("rules", "new", "old-torch", "--about", "torch")

    assert ended.output == golden("rules-new")
    assert list(folder.iterdir()) == []


def test_a_file_that_is_there_is_not_written_over(rule: Path, run: Run) -> None:
    ended = run("rules", "new", "too-few-features", "--about", "torch", "--output", ".")

    assert (ended.code, rule.read_text()) == (2, RULE)
    assert "is there already; --force writes over it" in ended.errors


REFUSED = {
    "no id": ([], "a rule needs an id\nwrite for example: build-doctor rules new old-torch"),
    "an id in capitals": (["Old"], "'Old' is not in kebab-case"),
    "a condition with a typo": (["a", "--when", "torch.versoin == ''"], "when: 'torch.versoin' is not a field"),
    "a loop without a list": (["a", "--for-each", "f"], "--for-each f: write a name, = and a list"),
    "a beginning that is none": (["a", "--about", "torhc"], "did you mean 'torch'?"),
    "a file of another name": (["a", "--output", "b.toml"], "the file of a rule has the rule's name: a.toml"),
}


@pytest.mark.parametrize(("words", "expected"), [pytest.param(*case, id=name) for name, case in REFUSED.items()])
def test_a_new_rule_that_cannot_be_is_refused(words: list[str], expected: str, folder: Path, run: Run) -> None:
    ended = run("rules", "new", *words)

    assert ended.code == 2
    assert expected in ended.errors
    assert list(folder.iterdir()) == []


def test_the_schema_is_the_shipped_one(run: Run) -> None:
    shipped = Path(__file__).parents[3] / "rules" / "rule-v1.schema.json"

    assert run("rules", "schema").output == shipped.read_text(encoding="utf-8")


def test_the_list_says_where_rules_come_from_and_whether_they_run(rule: Path, folder: Path, run: Run) -> None:
    (folder / ".build-doctor" / "rules").mkdir(parents=True)
    rule.rename(folder / ".build-doctor" / "rules" / rule.name)
    (folder / "build-doctor.toml").write_text('ignore = ["suffix-lost"]\n[severity]\ntoo-few-features = "note"\n')

    rows = [re.split(r"  +", line) for line in run("rules", "list").output.splitlines()]

    assert rows[0] == ["rule", "severity", "origin", "state"]
    assert ["suffix-lost", "warning", "built-in", "ignored by build-doctor.toml:1"] in rows
    changed = "on, severity changed from warning by build-doctor.toml:3"
    assert ["too-few-features", "note", "project", changed] in rows


def test_the_list_of_origins_says_which_file_won(folder: Path, run: Run) -> None:
    place = folder / ".build-doctor" / "rules"
    place.mkdir(parents=True)
    text = RULE.replace("too-few-features", "suffix-lost").replace("schema = 1\n", "schema = 1\nreplaces = true\n")
    (place / "suffix-lost.toml").write_text(text)

    (row,) = [line for line in run("rules", "list", "--origin").output.splitlines() if line.startswith("suffix-lost ")]

    assert re.split(r"  +", row)[1] == "project"
    assert ".build-doctor/rules/suffix-lost.toml in place of " in row
    assert row.endswith("rules/plan/suffix-lost.toml")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        pytest.param(["rules", "chek"], "there is no 'rules chek'; did you mean check?", id="an action with a typo"),
        pytest.param(["rules", "try", "suffix-lots", "r.json"], "did you mean suffix-lost?", id="a rule with a typo"),
        pytest.param(["rules", "try", "suffix-lost", "r.json"], "r.json: it cannot be read", id="no report"),
        pytest.param(["rules", "check", "none.toml"], "1 mistake", id="no file"),
        pytest.param(["rules", "test", "none.toml"], "there is no such rule file or folder", id="no file to test"),
    ],
)
def test_a_request_that_cannot_be_met_ends_with_2(words: list[str], expected: str, run: Run) -> None:
    ended = run(*words)

    assert ended.code == 2
    assert expected in ended.errors
