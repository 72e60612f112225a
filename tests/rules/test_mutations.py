"""Every part of a rule's condition matters to one of its examples: negated or left out, an example notices.

The parts are the sides of `and` and `or`, at any depth, in the condition of the rule; of a loop also its `if`.
"""

from __future__ import annotations

import ast
import copy
import json
import textwrap
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from msgspec.structs import replace

from buildDoctor.adapters.recorded import evidence_of
from buildDoctor.adapters.rule_files import load_rules
from buildDoctor.core.evidence import Evidence
from buildDoctor.core.judge import answer
from buildDoctor.core.language import LanguageError, Type, compile_expression
from buildDoctor.core.rules import Expectation, Rule

RULES = load_rules().rules
UNPROVEN: dict[str, list[str]] = json.loads(Path(__file__).with_name("unproven.json").read_text(encoding="utf-8"))
"""Parts of conditions whose change no example notices yet; `python tests/rules/test_mutations.py` writes them anew."""


def parts_of(tree: ast.expr) -> Iterator[ast.expr]:
    """Every side of an `and` or `or`, every `if` of a loop, and the whole."""
    yield tree
    for node in ast.walk(tree):
        if isinstance(node, ast.BoolOp):
            yield from node.values
        if isinstance(node, ast.comprehension):
            yield from node.ifs


def mutants_of(condition: str) -> Iterator[tuple[str, str]]:
    """What was done to the condition, and the changed condition."""
    tree = ast.parse(f"({textwrap.dedent(condition)})", mode="eval")
    for at, part in enumerate(parts_of(tree.body)):
        words = ast.unparse(part)
        negated = copy.deepcopy(tree)
        _replace(negated, at, lambda found: ast.UnaryOp(ast.Not(), found))
        yield f"negated: {words}", ast.unparse(negated)
        dropped = copy.deepcopy(tree)
        if _drop(dropped, at):
            yield f"left out: {words}", ast.unparse(dropped)


def _replace(tree: ast.Expression, at: int, change: object) -> None:
    target = list(parts_of(tree.body))[at]
    changed = change(target)  # type: ignore[operator]  # a function of an expression
    if target is tree.body:
        tree.body = changed
    for node in ast.walk(tree):
        for values in (getattr(node, "values", None), getattr(node, "ifs", None)):
            if isinstance(values, list):
                values[:] = [changed if value is target else value for value in values]


def _drop(tree: ast.Expression, at: int) -> bool:
    """Leave a part out; whether that is possible."""
    target = list(parts_of(tree.body))[at]
    for node in ast.walk(tree):
        for values in (getattr(node, "values", None), getattr(node, "ifs", None)):
            if isinstance(values, list) and any(value is target for value in values):
                values[:] = [value for value in values if value is not target]
                if isinstance(node, ast.BoolOp) and len(values) == 1:
                    _collapse(tree, node)
                return True
    return False


def _collapse(tree: ast.Expression, lonely: ast.BoolOp) -> None:
    """Put the only side of an `and` or `or` in its place."""

    class Collapse(ast.NodeTransformer):
        def visit_BoolOp(self, node: ast.BoolOp) -> ast.AST:
            self.generic_visit(node)
            return node.values[0] if node is lonely else node

    tree.body = Collapse().visit(tree.body)


@cache
def evidence_for(rule: str) -> tuple[tuple[Evidence, Expectation], ...]:
    """The evidence of a rule's examples, each with the answer."""
    found = next(one for one in RULES if one.id == rule)
    return tuple((evidence_of(example, Path(found.origin)), example.expect) for example in found.examples)


def names_of(rule: Rule) -> dict[str, Type]:
    """The names of a rule's loops, with their types."""
    return {loop.name: kind for loop in rule.loops if (kind := loop.over.element_type) is not None}


def survivors(rule: Rule) -> list[str]:
    """The changes of the condition that no example notices."""
    left = []
    for words, text in mutants_of(rule.when.text):
        try:
            changed = replace(rule, when=compile_expression(text, names_of(rule)))
        except LanguageError:
            continue
        if all(answer(changed, evidence) is expect for evidence, expect in evidence_for(rule.id)):
            left.append(words)
    return left


@pytest.mark.parametrize("rule", [pytest.param(rule, id=rule.id) for rule in RULES])
def test_every_part_of_a_condition_matters_to_an_example(rule: Rule) -> None:
    assert set(survivors(rule)) - set(UNPROVEN.get(rule.id, ())) == set()


def test_what_is_not_proven_is_of_rules_that_exist() -> None:
    assert set(UNPROVEN) <= {rule.id for rule in RULES}


@pytest.mark.parametrize("rule", [pytest.param(rule, id=rule.id) for rule in RULES if rule.family == "log"])
def test_every_part_of_a_rule_about_logs_is_proven(rule: Rule) -> None:
    assert survivors(rule) == []


def test_mutants_are_what_they_say() -> None:
    """The sides of `and` and `or`, nested, and the `if` of a loop."""
    assert dict(mutants_of("a and (b or c)")) == {
        "negated: a and (b or c)": "not (a and (b or c))",
        "negated: a": "not a and (b or c)",
        "left out: a": "b or c",
        "negated: b or c": "a and (not (b or c))",
        "left out: b or c": "a",
        "negated: b": "a and (not b or c)",
        "left out: b": "a and c",
        "negated: c": "a and (b or not c)",
        "left out: c": "a and b",
    }
    assert dict(mutants_of("any(x for x in y if z)"))["left out: z"] == "any((x for x in y))"


if __name__ == "__main__":
    left = {rule.id: found for rule in RULES if (found := survivors(rule))}
    text = json.dumps(dict(sorted(left.items())), indent=2, ensure_ascii=False)
    Path(__file__).with_name("unproven.json").write_text(f"{text}\n", encoding="utf-8")
