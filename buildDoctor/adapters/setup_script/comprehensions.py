"""Comprehensions and generator expressions: made at once, as lists."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from buildDoctor.adapters.setup_script import assignments, operators
from buildDoctor.adapters.setup_script.doubts import open_up
from buildDoctor.adapters.setup_script.interpreter import Interpreter
from buildDoctor.adapters.setup_script.scope import Scope
from buildDoctor.adapters.setup_script.values import Bag, Items, OpenFile, Table, Unknown, Value


def listed(run: Interpreter, node: ast.ListComp | ast.SetComp | ast.GeneratorExp) -> Value:
    """`[element for …]` and its relatives."""
    result = Items()
    outer, run.scope = run.scope, Scope(run.scope.file, around=run.scope, vague_at=run.scope.vague_at)
    try:
        for sure in _rounds(run, node.generators, result):
            value = run.evaluate(run, node.elt)
            if sure:
                result.append(value)
            run.budget.elements(len(result))
    finally:
        run.scope = outer
    if isinstance(node, ast.SetComp):
        return Bag(result) if result.rest is None else result.rest
    return result


def table(run: Interpreter, node: ast.DictComp) -> Value:
    """`{key: value for …}`."""
    result, doubts = Table(), Items()
    outer, run.scope = run.scope, Scope(run.scope.file, around=run.scope, vague_at=run.scope.vague_at)
    try:
        for sure in _rounds(run, node.generators, doubts):
            key, value = run.evaluate(run, node.key), run.evaluate(run, node.value)
            if sure and isinstance(key, str | int | bool | None | tuple):
                result[key] = value
            else:
                doubts.rest = doubts.rest or run.unknown(node)
            run.budget.elements(len(result))
    finally:
        run.scope = outer
    result.rest = doubts.rest
    return result


def _rounds(run: Interpreter, generators: list[ast.comprehension], result: Items) -> Iterator[bool]:
    """Each round of the loops: whether its element is certainly in. What may be in is noted as the list's rest."""
    first, *others = generators
    source = run.evaluate(run, first.iter)
    values, rest = elements(run, first.iter, source)
    result.loose |= isinstance(source, Bag | Items) and Items(source).loose
    if rest is not None:
        open_up(result, rest)
    for value in values:
        run.budget.spend()
        assignments.bind(run, first.target, value)
        answer: bool | Unknown = True
        for condition in first.ifs:
            answer = operators.truth(run.evaluate(run, condition))
            if answer is not True:
                break
        if isinstance(answer, Unknown):
            open_up(result, answer, value)
        elif answer and others:
            yield from _rounds(run, others, result)
        elif answer:
            yield True


def elements(run: Interpreter, node: ast.AST, value: Value) -> tuple[list[Value], Unknown | None]:
    """The elements of a value, and why it may have more than these."""
    if isinstance(value, Items | Table):
        run.budget.elements(len(value))
        return list(value), value.rest
    if isinstance(value, Bag):
        run.budget.elements(len(value))
        return list(value), next((one for one in value if isinstance(one, Unknown)), None)
    if isinstance(value, str | tuple | range):
        run.budget.elements(len(value))
        return list(value), None
    if isinstance(value, OpenFile):
        lines = value.text[value.at :].splitlines(keepends=True)
        run.budget.elements(len(lines))
        return list(lines), None
    return [], value if isinstance(value, Unknown) else run.unknown(node)
