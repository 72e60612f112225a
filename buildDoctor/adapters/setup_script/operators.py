"""Operators over values of which some are unknown."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from pathlib import PurePosixPath

from packaging.version import Version

from buildDoctor.adapters.setup_script.interpreter import Interpreter
from buildDoctor.adapters.setup_script.limits import LARGEST_NUMBER, TooMuch
from buildDoctor.adapters.setup_script.values import (
    HOLE,
    Bag,
    Function,
    Items,
    Native,
    Raised,
    Table,
    Unknown,
    Value,
    first_unknown,
    is_known,
)

_PLAIN = (str, int, float, bool, type(None), tuple, Items, Table, Bag, PurePosixPath, Version, bytes)
_FAITHFUL = (KeyError, IndexError, ValueError, ZeroDivisionError, AssertionError)
_COMPARE: dict[type[ast.cmpop], Callable[[Value, Value], Value]] = {
    ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge,
}  # fmt: skip
_ARITHMETIC: dict[type[ast.operator], Callable[[Value, Value], Value]] = {
    ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv, ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod, ast.BitOr: operator.or_, ast.BitAnd: operator.and_, ast.BitXor: operator.xor,
}  # fmt: skip


def truth(value: Value) -> bool | Unknown:
    """Whether a value counts as true."""
    if isinstance(value, Unknown):
        return value
    if isinstance(value, Items | Table) and not value and value.rest is not None:
        return value.rest
    if isinstance(value, _PLAIN):
        return bool(value)
    return True


def opposite(value: bool | Unknown) -> bool | Unknown:  # noqa: FBT001  it is the condition itself
    """The opposite of a condition."""
    if not isinstance(value, Unknown):
        return not value
    return value.opposite or Unknown(value.reason, opposite=value)


def binary(run: Interpreter, node: ast.AST, kind: type[ast.operator], left: Value, right: Value) -> Value:
    """The result of a binary operator."""
    if kind is ast.Add:
        return _added(run, node, left, right)
    if kind is ast.Mod and isinstance(left, str):
        return _formatted(run, node, left, right)
    unknown = first_unknown((left, right))
    function = _ARITHMETIC.get(kind)
    if unknown is not None or function is None:
        return Unknown(unknown.reason) if unknown else run.unknown(node)
    if isinstance(left, Bag) or isinstance(right, Bag):
        return _of_bags(run, node, kind, left, right)
    if kind is ast.Mult:
        _bound_product(run, left, right)
    return guarded(run, node, lambda: _bounded_number(_kept(function(left, right))))


def guarded(run: Interpreter, node: ast.AST, compute: Callable[[], Value]) -> Value:
    """The result of a computation on known values; its errors are the script's where Python's own would be the same.

    Raises:
        Raised: the script's operation fails.
    """
    try:
        return compute()
    except _FAITHFUL as error:
        raise Raised(type(error).__name__, str(error), run.place(node)) from None
    except (TypeError, AttributeError, OverflowError, LookupError):
        # It may be a gap of the models in place of a fault of the script.
        return run.unknown(node)


def _added(run: Interpreter, node: ast.AST, left: Value, right: Value) -> Value:
    if isinstance(left, list) or isinstance(right, list):
        return _joined(run, node, left, right)
    if isinstance(left, str | Unknown) and isinstance(right, str | Unknown):
        return joined_text(run, node, [left, right])
    if not is_known((left, right)):
        return run.unknown(node)
    if isinstance(left, tuple) and isinstance(right, tuple):
        run.budget.elements(len(left) + len(right))
    return guarded(run, node, lambda: _bounded_number(left + right))


def _joined(run: Interpreter, node: ast.AST, left: Value, right: Value) -> Value:
    """Two lists after each other, of which one may be unknown."""
    if isinstance(left, Items) and isinstance(right, Items):
        run.budget.elements(len(left) + len(right))
        return Items([*left, *right], left.rest or right.rest)
    if isinstance(left, Items) and isinstance(right, Unknown):
        return Items(left, right)
    if isinstance(left, Unknown) and isinstance(right, Items):
        return Items(right, left)
    raise Raised("TypeError", "can only concatenate lists", run.place(node))


def joined_text(run: Interpreter, node: ast.AST, parts: list[Value]) -> Value:
    """Texts after each other; where one is unknown, the shape keeps what is known."""
    shapes = [part if isinstance(part, str) else (part.shape or HOLE) for part in parts]
    run.budget.text(sum(map(len, shapes)))
    whole = "".join(shapes)
    unknown = next((part for part in parts if isinstance(part, Unknown)), None)
    return whole if unknown is None else run.unknown(node, unknown.reason.rpartition(" at ")[0], shape=whole)


def _formatted(run: Interpreter, node: ast.AST, left: str, right: Value) -> Value:
    """`text % values`."""
    if not is_known(right) or len(left) > 10_000 or "*" in left or any(len(run_) > 3 for run_ in _digits(left)):
        return run.unknown(node)
    result = guarded(run, node, lambda: left % right)
    run.budget.text(len(result) if isinstance(result, str) else 0)
    return result


def _digits(text: str) -> list[str]:
    """The runs of digits of a text: one of them could be a width."""
    return "".join(letter if letter.isdigit() else " " for letter in text).split()


def _of_bags(run: Interpreter, node: ast.AST, kind: type[ast.operator], left: Value, right: Value) -> Value:
    if not isinstance(left, Bag) or not isinstance(right, Bag):
        return run.unknown(node)
    run.budget.elements(len(left) + len(right))
    if kind is ast.Sub:
        return Bag(item for item in left if item not in right)
    if kind is ast.BitAnd:
        return Bag(item for item in left if item in right)
    return Bag([*left, *right]) if kind is ast.BitOr else run.unknown(node)


def _bound_product(run: Interpreter, left: Value, right: Value) -> None:
    for value, times in ((left, right), (right, left)):
        if isinstance(value, str | list | tuple) and isinstance(times, int):
            count = len(value) * max(times, 0)
            run.budget.text(count) if isinstance(value, str) else run.budget.elements(count)


def _kept(value: Value) -> Value:
    """A plain list or dictionary as the script's own."""
    if type(value) is list:
        return Items(value)
    return Table(value) if type(value) is dict else value


def _bounded_number(value: Value) -> Value:
    if isinstance(value, int) and abs(value) > LARGEST_NUMBER:
        raise TooMuch("it makes a number of more than 256 bits")
    return value


def compared(run: Interpreter, node: ast.AST, kind: type[ast.cmpop], left: Value, right: Value) -> bool | Unknown:
    """The result of one comparison."""
    if kind in {ast.In, ast.NotIn}:
        found = contains(run, node, right, left)
        return found if kind is ast.In else opposite(found)
    if kind in {ast.Is, ast.IsNot}:
        same = _is(run, node, left, right)
        return same if kind is ast.Is else opposite(same)
    unknown = first_unknown((left, right))
    if unknown is not None:
        return _unknown_comparison(run, node, kind, left, right)
    if kind in {ast.Eq, ast.NotEq}:
        return bool(left == right) is (kind is ast.Eq)
    answer = guarded(run, node, lambda: bool(_COMPARE[kind](left, right)))
    return answer if isinstance(answer, bool) else run.unknown(node)


def _is(run: Interpreter, node: ast.AST, left: Value, right: Value) -> bool | Unknown:
    """Identity; of an unknown value with None it is not known."""
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        if left is right:
            return True
        return _unknown_comparison(run, node, ast.Is, left, right)
    return left is right


def _unknown_comparison(run: Interpreter, node: ast.AST, kind: type[ast.cmpop], left: Value, right: Value) -> Unknown:
    """A comparison that is the same fact wherever the same things are compared."""
    names = [_fact(side) for side in (left, right)]
    key = f"{kind.__name__} {names[0]} {names[1]}" if all(names) else ""
    positive = {ast.NotEq: ast.Eq, ast.IsNot: ast.Is}.get(kind)
    if positive is not None:
        same = run.unknown(node, key=key.replace(kind.__name__, positive.__name__, 1))
        return Unknown(same.reason, opposite=same)
    return run.unknown(node, key=key)


def _fact(value: Value) -> str:
    if isinstance(value, Unknown):
        return value.key
    return repr(value) if isinstance(value, str | int | float | bool | tuple | None) and is_known(value) else ""


def contains(run: Interpreter, node: ast.AST, container: Value, item: Value) -> bool | Unknown:
    """Whether a container holds an item."""
    if isinstance(container, Unknown) or isinstance(item, Unknown):
        return _unknown_comparison(run, node, ast.In, item, container)
    if isinstance(container, str):
        run.budget.text(len(container))
        return guarded_bool(run, node, lambda: item in container)
    doubt = first_unknown(item)
    if doubt is not None or not isinstance(container, tuple | list | dict):
        return run.unknown(node)
    run.budget.elements(len(container))
    for one in container:
        if isinstance(one, Unknown) or first_unknown(one) is not None:
            doubt = run.unknown(node)
        elif not isinstance(one, Function | Native) and one == item:
            return True
    if isinstance(container, Items | Table) and container.rest is not None:
        return run.unknown(node)
    return False if doubt is None else doubt


def guarded_bool(run: Interpreter, node: ast.AST, compute: Callable[[], bool]) -> bool | Unknown:
    """As `guarded`, for a condition."""
    answer = guarded(run, node, compute)
    return answer if isinstance(answer, bool | Unknown) else run.unknown(node)
