"""The page about the language says what the language does."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from buildDoctor.core.evidence import Evidence
from buildDoctor.core.language import DEFAULT_BUDGET, FUNCTIONS, Function, compile_expression
from buildDoctor.core.language.globs import MAX_PATTERN as LONGEST_GLOB
from buildDoctor.core.language.regexes import MAX_PATTERN as LONGEST_REGEX
from buildDoctor.core.language.syntax import MAX_DEPTH, MAX_LENGTH, MAX_NODES
from buildDoctor.core.language.witnesses import MAX_WITNESSES

PAGE = (Path(__file__).parents[3] / "docs" / "rule-language.md").read_text(encoding="utf-8")
ROW = re.compile(
    r"^\| `(?P<usage>\w+\([^`]*\))` \| (?P<about>[^|]*) \| `(?P<example>[^`]*)` \| `(?P<answer>[^`]*)` \|$",
    re.MULTILINE,
)
ROWS = {row["usage"].split("(")[0]: row for row in ROW.finditer(PAGE)}


def test_the_page_lists_every_function() -> None:
    """All of them, and no other."""
    assert list(ROWS) == list(FUNCTIONS)


@pytest.mark.parametrize("function", [pytest.param(function, id=name) for name, function in FUNCTIONS.items()])
def test_the_page_shows_what_a_function_does(function: Function) -> None:
    """Usage, words and example are the function's own, and the example gives what the page says."""
    row = ROWS[function.name]
    assert (row["usage"], row["about"], row["example"]) == (function.usage, function.about, function.example)
    value = compile_expression(function.example).evaluate(Evidence()).value
    assert value == function.answer
    assert (list(value) if isinstance(value, tuple) else value) == ast.literal_eval(row["answer"])


def test_the_page_states_the_limits() -> None:
    """The numbers are those that hold."""
    assert f"| an expression | {MAX_LENGTH:,} characters, {MAX_NODES:,} parts, {MAX_DEPTH} levels |" in PAGE
    assert LONGEST_GLOB == LONGEST_REGEX
    assert f"| a pattern | {LONGEST_REGEX} characters |" in PAGE
    assert f"| one evaluation | {DEFAULT_BUDGET:,} steps |" in PAGE
    assert f"at most {MAX_WITNESSES}." in PAGE
