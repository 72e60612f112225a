"""Every part of a rule's condition and loops matters to one of its examples: changed, an example notices.

The parts are the sides of `and` and `or`, at any depth, and each `if` of a loop; they are negated and left out. Of two
names that a rule's loops give to elements of one kind, each takes the place of the other in the condition. A list that
only the texts of a rule use is proven by what an example says.
"""

from __future__ import annotations

import ast
import copy
import json
import textwrap
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from itertools import combinations
from pathlib import Path

import pytest
from msgspec.structs import replace

from buildDoctor.adapters.recorded import evidence_of
from buildDoctor.adapters.rule_files import load_rules
from buildDoctor.core.evidence import Evidence
from buildDoctor.core.judging.judge import answer
from buildDoctor.core.language import Expression, LanguageError, Type, compile_expression
from buildDoctor.core.reporting.example_words import is_said
from buildDoctor.core.rules.rule import Example, Loop, Rule

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
    """What was done to an expression, and the changed expression."""
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


def swapped(condition: str, one: str, other: str) -> str:
    """The condition with each of two names in the place of the other."""

    class Swap(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.Name:
            return ast.Name({one: other, other: one}.get(node.id, node.id))

    return ast.unparse(Swap().visit(ast.parse(f"({textwrap.dedent(condition)})", mode="eval")))


@cache
def evidence_for(rule: str) -> tuple[tuple[Example, Evidence], ...]:
    """A rule's examples, each with its evidence."""
    found = next(one for one in RULES if one.id == rule)
    return tuple((example, evidence_of(example, Path(found.origin))) for example in found.examples)


def names_of(loops: tuple[Loop, ...]) -> dict[str, Type]:
    """The names that loops give, with their types."""
    return {loop.name: kind for loop in loops if (kind := loop.over.element_type) is not None}


def changed_rules(rule: Rule) -> Iterator[tuple[str, Rule]]:
    """What was done to a rule, and the changed rule; without those that are no rules any more."""
    for words, text in mutants_of(rule.when.text):
        with suppress(LanguageError):
            yield words, replace(rule, when=compile_expression(text, names_of(rule.loops)))
    for at, loop in enumerate(rule.loops):
        for words, text in mutants_of(loop.over.text):
            with suppress(LanguageError):
                over = replace_list(loop, compile_expression(text, names_of(rule.loops[:at])))
                yield f"{loop.name}: {words}", replace(rule, loops=(*rule.loops[:at], over, *rule.loops[at + 1 :]))
    taken = [(loop.name, loop.over.element_type) for loop in rule.loops if not loop.is_value]
    for (one, kind), (other, its_kind) in combinations(taken, 2):
        if kind == its_kind and (text := swapped(rule.when.text, one, other)) != swapped(rule.when.text, one, one):
            yield f"swapped: {one}, {other}", replace(rule, when=compile_expression(text, names_of(rule.loops)))


def replace_list(loop: Loop, over: Expression) -> Loop:
    """The loop over another list.

    Raises:
        LanguageError: it is no list.
    """
    if over.element_type is None:
        raise LanguageError("it is no list")
    return replace(loop, over=over)


def is_noticed(changed: Rule) -> bool:
    """Whether a rule answers or speaks otherwise on an example than the example says."""
    return any(
        answer(changed, evidence) is not example.expect or not is_said(example, changed, evidence)
        for example, evidence in evidence_for(changed.id)
    )


def survivors(rule: Rule) -> list[str]:
    """The changes that no example notices."""
    return [words for words, changed in changed_rules(rule) if not is_noticed(changed)]


@pytest.mark.parametrize("rule", [pytest.param(rule, id=rule.id) for rule in RULES])
def test_every_part_of_a_rule_matters_to_an_example(rule: Rule) -> None:
    assert set(survivors(rule)) - set(UNPROVEN.get(rule.id, ())) == set()


def test_what_is_not_proven_is_of_rules_that_exist() -> None:
    assert set(UNPROVEN) <= {rule.id for rule in RULES}


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
    assert swapped("a.x == b.x and any(a for c in b)", "a", "b") == "b.x == a.x and any((b for c in a))"


if __name__ == "__main__":
    left = {rule.id: found for rule in RULES if (found := survivors(rule))}
    text = json.dumps(dict(sorted(left.items())), indent=2, ensure_ascii=False)
    Path(__file__).with_name("unproven.json").write_text(f"{text}\n", encoding="utf-8")
