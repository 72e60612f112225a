"""A new rule gets examples that are found by trying, and TOML that says them."""

from __future__ import annotations

from typing import Any

import pytest
import tomli
from hypothesis import given
from hypothesis import strategies as st

from buildDoctor.adapters.recorded import evidence_from, healthy, overlay
from buildDoctor.core.findings import Severity
from buildDoctor.core.judging.judge import answer
from buildDoctor.core.rules.example_search import difference
from buildDoctor.core.rules.format import read_rule
from buildDoctor.core.rules.new_rule import STARTS, Draft
from buildDoctor.core.rules.rule import Expectation
from buildDoctor.core.rules.toml_writing import toml_tables, toml_value
from buildDoctor.examine.new_rule import make_rule


def draft(when: str, *loops: tuple[str, str]) -> Draft:
    return Draft(
        id="new-rule",
        title="A title",
        when=when,
        loops=loops,
        family="plan",
        severity=Severity.NOTE,
        why="w",
        limits="l",
    )


CONDITIONS = {
    "a text": draft("torch.version == '1.0'"),
    "a pattern": draft("matches(driver.version, '470*')"),
    "a number in a loop": draft("f.line > 900", ("f", "plan.features")),
    "a list that is long": draft("len(f.gets) > 2 and f.built", ("f", "plan.features")),
    "a list that is empty": draft("plan.features == []"),
    "four things at once": draft(
        "torch.cuda == '12.7' and driver.version == '1' and torch.version == '3' and python.version == '5'"
    ),
    "a quotation mark and a backslash": draft(r"like(torch.path, r'\d') and torch.version != '\"'"),
    **{
        f"the start {name}": draft(start.when, *start.loops)
        for name, start in STARTS.items()
    },
}  # fmt: skip


@pytest.mark.parametrize("wanted", [pytest.param(wanted, id=name) for name, wanted in CONDITIONS.items()])
def test_each_answer_gets_an_example_that_gives_it(wanted: Draft) -> None:
    made = make_rule(wanted, None)

    rule = read_rule(tomli.loads(made.text))
    assert [example.expect for example in rule.examples] == list(Expectation)
    assert made.absent == ()
    for example in rule.examples:
        assert answer(rule, evidence_from(overlay(healthy(), example.evidence or {}))) is example.expect


def test_an_answer_that_no_small_change_gives_is_left_to_the_author() -> None:
    """Its example stands there as a comment, so that the file says what is missing and claims nothing."""
    made = make_rule(draft("plan.request == [] and plan.request != []"), None)

    assert made.absent == (Expectation.HOLDS,)
    assert [example["expect"] for example in tomli.loads(made.text)["example"]] == ["does-not-hold", "cannot-tell"]
    assert '# expect = "holds"' in made.text


def test_an_example_says_nothing_beside_the_point() -> None:
    made = make_rule(draft("b.size_bytes == 7", ("b", "binaries")), None)

    evidence = tomli.loads(made.text)["example"][0]["evidence"]
    assert [sorted(binary) for binary in evidence["binaries"]] == [["path", "size_bytes"]]


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.one_of(st.booleans(), st.integers(-(2**60), 2**60), TEXT),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXT, inner, max_size=3)),
    max_leaves=8,
)


@given(VALUES)
def test_a_value_is_read_as_it_was_written(value: object) -> None:
    assert tomli.loads(f"key = {toml_value(value)}") == {"key": value}


@given(st.dictionaries(TEXT.filter(bool), VALUES, max_size=4))
def test_tables_are_read_as_they_were_written(table: dict[str, Any]) -> None:
    read = tomli.loads("\n".join(toml_tables(("a", "b"), table)))

    assert read.get("a", {}).get("b", {}) == table


DATA: st.SearchStrategy[dict[str, Any]] = st.dictionaries(
    st.sampled_from("abc"),
    st.recursive(st.integers(0, 3), lambda inner: st.dictionaries(st.sampled_from("xyz"), inner, max_size=3)),
    max_size=3,
)


@given(DATA, DATA)
def test_a_difference_leads_from_one_to_the_other(base: dict[str, Any], changed: dict[str, Any]) -> None:
    """An example says only what differs; laid over the base it gives the changed data again."""
    assert overlay(base, difference(base, changed)) == changed
