"""The value of an expression of the script."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from buildDoctor.adapters.setup_script import attributes, calls, comprehensions, operators
from buildDoctor.adapters.setup_script.doubts import reach
from buildDoctor.adapters.setup_script.interpreter import Interpreter
from buildDoctor.adapters.setup_script.libraries.built_ins import BUILT_INS, as_text
from buildDoctor.adapters.setup_script.limits import DEEPEST_EXPRESSION, TooMuch
from buildDoctor.adapters.setup_script.scope import ABSENT
from buildDoctor.adapters.setup_script.values import HOLE, Bag, Function, Items, Raised, Table, Unknown, Value, is_known


def evaluate(run: Interpreter, node: ast.expr) -> Value:
    """The value of an expression.

    Raises:
        Raised: the script raises an exception there.
        TooMuch: a bound is reached.
    """
    run.budget.spend()
    run.nesting += 1
    try:
        if run.nesting > DEEPEST_EXPRESSION:
            raise TooMuch(f"its expressions and calls are nested deeper than {DEEPEST_EXPRESSION} levels")
        handler = _HANDLERS.get(type(node))
        return handler(run, node) if handler else run.unknown(node)
    finally:
        run.nesting -= 1


def _constant(run: Interpreter, node: ast.Constant) -> Value:
    return run.unknown(node) if isinstance(node.value, complex) or node.value is ... else node.value


def _name(run: Interpreter, node: ast.Name) -> Value:
    value = run.scope.get(node.id)
    if value is not ABSENT:
        return value
    built_in = BUILT_INS.get(node.id, ABSENT)
    return run.unknown(node, f"the name {node.id}", key="") if built_in is ABSENT else built_in


def _sequence(run: Interpreter, node: ast.List | ast.Tuple | ast.Set) -> Value:
    items = Items()
    for element in node.elts:
        if not isinstance(element, ast.Starred):
            items.append(evaluate(run, element))
            continue
        inner = evaluate(run, element.value)
        if isinstance(inner, list | tuple | dict):
            items.extend(inner)
            items.rest = items.rest or getattr(inner, "rest", None)
        else:
            items.rest = items.rest or (inner if isinstance(inner, Unknown) else run.unknown(element))
    run.budget.elements(len(items))
    if isinstance(node, ast.List):
        return items
    if items.rest is not None:
        return items.rest
    return tuple(items) if isinstance(node, ast.Tuple) else Bag(items)


def _dict(run: Interpreter, node: ast.Dict) -> Value:
    table = Table()
    for key, value in zip(node.keys, node.values, strict=True):
        content = evaluate(run, value)
        if key is None:
            if isinstance(content, Table):
                table.update(content)
                table.rest = table.rest or content.rest
            else:
                table.rest = table.rest or run.unknown(value)
            continue
        name = evaluate(run, key)
        if isinstance(name, str | int | float | bool | None | tuple) and is_known(name):
            table[name] = content
        else:
            table.rest = table.rest or run.unknown(key)
    return table


def _binary(run: Interpreter, node: ast.BinOp) -> Value:
    left = evaluate(run, node.left)
    return operators.binary(run, node, type(node.op), left, evaluate(run, node.right))


def _unary(run: Interpreter, node: ast.UnaryOp) -> Value:
    value = evaluate(run, node.operand)
    if isinstance(node.op, ast.Not):
        return operators.opposite(operators.truth(value))
    if isinstance(node.op, ast.USub) and isinstance(value, int | float):
        return -value
    return value if isinstance(node.op, ast.UAdd) and isinstance(value, int | float) else run.unknown(node)


def _boolean(run: Interpreter, node: ast.BoolOp) -> Value:
    """`and`, `or`: what is known decides where it can, whatever the rest is."""
    ends_with = isinstance(node.op, ast.Or)
    doubts: list[Unknown] = []
    met: list[Value] = []
    value: Value = not ends_with
    for operand in node.values:
        value = _operand(run, operand, doubtful=bool(doubts))
        met.append(value)
        answer = operators.truth(value)
        if isinstance(answer, Unknown):
            doubts.append(value if isinstance(value, Unknown) else answer)
        elif answer is ends_with:
            return value if not doubts or isinstance(value, bool) else run.unknown(node, behind=tuple(met))
    if not doubts:
        return value
    if len(doubts) == 1 and len(met) == 1:
        return met[0]
    key = doubts[0].key if len(doubts) == 1 else _joint_key(node, doubts)
    return Unknown(
        doubts[0].reason, key or "", opposite=doubts[0].opposite if len(doubts) == 1 else None, maybe=reach(*met)
    )


def _joint_key(node: ast.BoolOp, doubts: list[Unknown]) -> str:
    """The same doubts under the same operator are the same fact."""
    keys = [doubt.key for doubt in doubts]
    return f"{type(node.op).__name__} {' '.join(keys)}" if all(keys) else ""


def _operand(run: Interpreter, node: ast.expr, *, doubtful: bool) -> Value:
    """A side of `and` or `or`, of which it may be unknown whether it is looked at."""
    if not doubtful:
        return evaluate(run, node)
    try:
        with run.vaguely():
            return evaluate(run, node)
    except Raised:
        return run.unknown(node)


def _comparison(run: Interpreter, node: ast.Compare) -> Value:
    left = evaluate(run, node.left)
    doubt: Unknown | None = None
    for kind, operand in zip(node.ops, node.comparators, strict=True):
        right = evaluate(run, operand)
        answer = operators.compared(run, node, type(kind), left, right)
        if answer is False:
            return False
        if isinstance(answer, Unknown):
            doubt = doubt or answer
        left = right
    return True if doubt is None else doubt


def _choice(run: Interpreter, node: ast.IfExp) -> Value:
    answer = operators.truth(evaluate(run, node.test))
    if isinstance(answer, Unknown):
        decided = run.decide(answer)
        if decided is None:
            with run.vaguely():
                ways = [evaluate(run, node.body), evaluate(run, node.orelse)]
            same = is_known(ways) and ways[0] == ways[1] and not isinstance(ways[0], list | dict)
            return ways[0] if same else run.unknown(node, behind=tuple(ways))
        answer = decided
    return evaluate(run, node.body if answer else node.orelse)


def _text(run: Interpreter, node: ast.JoinedStr) -> Value:
    parts = []
    for part in node.values:
        value = evaluate(run, part.value if isinstance(part, ast.FormattedValue) else part)
        if isinstance(part, ast.FormattedValue) and (part.format_spec is not None or part.conversion not in {-1, 115}):
            value = run.unknown(part, shape=HOLE)
        parts.append(value if isinstance(value, str | Unknown) else as_text(run, part, value))
    return operators.joined_text(run, node, parts)


def _lambda(run: Interpreter, node: ast.Lambda) -> Value:
    return Function(node, run.scope, run.scope.file, *default_values(run, node.args))


def default_values(run: Interpreter, arguments: ast.arguments) -> tuple[tuple[Value, ...], tuple[Value, ...]]:
    """The default values of a function's parameters, and of those that are given by name alone."""
    named = [None if default is None else evaluate(run, default) for default in arguments.kw_defaults]
    return tuple(evaluate(run, default) for default in arguments.defaults), tuple(named)


def _walrus(run: Interpreter, node: ast.NamedExpr) -> Value:
    value = evaluate(run, node.value)
    run.scope.set(node.target.id, run.unknown(node) if run.in_doubt else value)
    return value


_HANDLERS: dict[type[ast.expr], Callable[[Interpreter, Any], Value]] = {
    ast.Constant: _constant, ast.Name: _name, ast.List: _sequence, ast.Tuple: _sequence, ast.Set: _sequence,
    ast.Dict: _dict, ast.BinOp: _binary, ast.UnaryOp: _unary, ast.BoolOp: _boolean, ast.Compare: _comparison,
    ast.IfExp: _choice, ast.JoinedStr: _text, ast.Lambda: _lambda, ast.NamedExpr: _walrus,
    ast.Attribute: attributes.attribute, ast.Subscript: attributes.subscript, ast.Call: calls.call,
    ast.ListComp: comprehensions.listed, ast.GeneratorExp: comprehensions.listed,
    ast.SetComp: comprehensions.listed, ast.DictComp: comprehensions.table,
}  # fmt: skip
