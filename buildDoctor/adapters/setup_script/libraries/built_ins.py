"""Python's own functions, as far as build scripts use them."""

from __future__ import annotations

import ast
import builtins
from pathlib import PurePosixPath

from packaging.version import Version

from buildDoctor.adapters.setup_script import attributes, comprehensions, operators
from buildDoctor.adapters.setup_script.assignments import set_attribute
from buildDoctor.adapters.setup_script.interpreter import Interpreter
from buildDoctor.adapters.setup_script.libraries.native import constant, pure
from buildDoctor.adapters.setup_script.libraries.paths import opened
from buildDoctor.adapters.setup_script.limits import MOST_ELEMENTS
from buildDoctor.adapters.setup_script.methods import in_order
from buildDoctor.adapters.setup_script.values import (
    HOLE,
    Bag,
    ExceptionValue,
    Items,
    Library,
    Native,
    Raised,
    Table,
    Unknown,
    Value,
    is_known,
)

_TYPES = {"str": str, "list": list, "tuple": tuple, "dict": dict, "int": int, "float": float, "bool": bool, "set": Bag}
_LONGEST_DIGITS = 400


def as_text(run: Interpreter, node: ast.AST, value: Value) -> Value:
    """`str(value)`."""
    if isinstance(value, str):
        return value
    if isinstance(value, Unknown):
        return run.unknown(node, value.reason.rpartition(" at ")[0], key=value.key, shape=value.shape or HOLE)
    if isinstance(value, ExceptionValue):
        return value.message
    if isinstance(value, bool | int | float | None | PurePosixPath | Version) or (
        isinstance(value, tuple) and is_known(value)
    ):
        return str(value)
    return run.unknown(node, shape=HOLE)


def _text(run: Interpreter, node: ast.Call, args: list[Value], _named: dict[str, Value]) -> Value:
    return as_text(run, node, args[0]) if args else ""


def _length(run: Interpreter, node: ast.Call, args: list[Value], _named: dict[str, Value]) -> Value:
    value = args[0] if args else None
    if isinstance(value, Items | Table) and value.rest is None:
        return len(value)
    return len(value) if isinstance(value, str | tuple) else run.unknown(node)


def _number(run: Interpreter, node: ast.Call, args: list[Value], _named: dict[str, Value]) -> Value:
    value = args[0] if args else 0
    if isinstance(value, str) and len(value) > _LONGEST_DIGITS:
        return run.unknown(node)
    if isinstance(value, str | int | float) and len(args) <= 1:
        return operators.guarded(run, node, lambda: int(value))
    return run.unknown(node)


def _truth(run: Interpreter, _node: ast.Call, args: list[Value], _named: dict[str, Value]) -> Value:
    del run
    return operators.truth(args[0]) if args else False


def _list(run: Interpreter, node: ast.Call, args: list[Value], _named: dict[str, Value]) -> Value:
    if not args:
        return Items()
    values, rest = comprehensions.elements(run, node, args[0])
    made = Items(values, rest)
    made.loose = Items(args[0]).loose if isinstance(args[0], Bag | Items) else False
    return made


def _frozen(kind: type[tuple[Value, ...] | Bag]) -> Native:
    def call(run: Interpreter, node: ast.Call, args: list[Value], _named: dict[str, Value]) -> Value:
        values, rest = comprehensions.elements(run, node, args[0]) if args else ([], None)
        if rest is None:
            return kind(values)
        return Bag([*values, rest]) if kind is Bag else rest

    return Native("set" if kind is Bag else "tuple", call)


def _dict(run: Interpreter, node: ast.Call, args: list[Value], named: dict[str, Value]) -> Value:
    table = Table()
    if args:
        pairs, table.rest = comprehensions.elements(run, node, args[0])
        if isinstance(args[0], Table):
            table.update(args[0])
        elif all(isinstance(pair, tuple) and len(pair) == 2 and isinstance(pair[0], str) for pair in pairs):
            table.update(pairs)
        else:
            table.rest = table.rest or run.unknown(node)
    table.update(named)
    return table


def _sorted(run: Interpreter, node: ast.Call, args: list[Value], named: dict[str, Value]) -> Value:
    values, rest = comprehensions.elements(run, node, args[0]) if args else ([], None)
    return in_order(run, node, Items(values, rest), named)


def _any_all(name: str) -> Native:
    decisive = name == "any"

    def call(run: Interpreter, node: ast.Call, args: list[Value], _named: dict[str, Value]) -> Value:
        values, doubt = comprehensions.elements(run, node, args[0]) if args else ([], None)
        for value in values:
            answer = operators.truth(value)
            if answer is decisive:
                return decisive
            if isinstance(answer, Unknown):
                doubt = doubt or answer
        return not decisive if doubt is None else doubt

    return Native(name, call)


def _range(run: Interpreter, node: ast.Call, args: list[Value], _named: dict[str, Value]) -> Value:
    if not all(isinstance(arg, int) for arg in args):
        return run.unknown(node)
    found = operators.guarded(run, node, lambda: range(*args))
    return found if isinstance(found, range) and len(found) <= MOST_ELEMENTS else run.unknown(node)


def _zipped(name: str) -> Native:
    def call(run: Interpreter, node: ast.Call, args: list[Value], _named: dict[str, Value]) -> Value:
        columns = [comprehensions.elements(run, node, arg) for arg in (args[:1] if name != "zip" else args)]
        rest = next((rest for _, rest in columns if rest is not None), None)
        if name == "zip":
            return Items(zip(*(values for values, _ in columns), strict=False), rest)
        values = columns[0][0] if columns else []
        if name == "reversed":
            return Items(reversed(values), rest)
        start = args[1] if len(args) > 1 and isinstance(args[1], int) else 0
        return Items(enumerate(values, start), rest)

    return Native(name, call)


def _printed(run: Interpreter, _node: ast.Call, _args: list[Value], _named: dict[str, Value]) -> None:
    run.budget.spend()


def _is_instance(run: Interpreter, node: ast.Call, args: list[Value], _named: dict[str, Value]) -> Value:
    kinds = args[1] if len(args) == 2 and isinstance(args[1], tuple) else tuple(args[1:2])
    names = [getattr(kind, "name", None) for kind in kinds]
    if isinstance(args[0], Unknown) or not all(name in _TYPES for name in names):
        return run.unknown(node)
    return isinstance(args[0], tuple(_TYPES[str(name)] for name in names))


def _has(run: Interpreter, node: ast.Call, args: list[Value], _named: dict[str, Value]) -> Value:
    if len(args) == 2 and isinstance(args[0], Library) and isinstance(args[1], str) and args[1] in args[0].attributes:
        return True
    key = f"hasattr {args[0].key} {args[1]}" if len(args) == 2 and isinstance(args[0], Unknown) and args[0].key else ""
    return run.unknown(node, key=key)


def _get(run: Interpreter, node: ast.Call, args: list[Value], _named: dict[str, Value]) -> Value:
    if len(args) < 2 or not isinstance(args[1], str) or isinstance(args[0], Unknown):
        return run.unknown(node)
    try:
        return attributes.attribute_of(run, node, args[0], args[1])
    except Raised:
        if len(args) == 3:
            return args[2]
        raise


def _set(run: Interpreter, node: ast.Call, args: list[Value], _named: dict[str, Value]) -> Value:
    if len(args) == 3 and isinstance(args[1], str):
        set_attribute(run, node, args[0], args[1], run.unknown(node) if run.vague else args[2])
    return None


def _exits(run: Interpreter, node: ast.Call, args: list[Value], _named: dict[str, Value]) -> Value:
    if run.vague:
        return run.unknown(node)
    raise Raised("SystemExit", f"it exits with {args[0] if args and is_known(args[0]) else 'a code'}", run.place(node))


def _exception(name: str) -> Native:
    def call(_run: Interpreter, _node: ast.Call, args: list[Value], _named: dict[str, Value]) -> Value:
        first = args[0] if args else ""
        return ExceptionValue(
            name, first if isinstance(first, str) else (getattr(first, "shape", "") or "").replace(HOLE, "…")
        )

    return Native(name, call)


EXIT = Native("exit", _exits)
BUILT_INS: dict[str, Value] = {
    name: _exception(name) for name, one in vars(builtins).items() if isinstance(one, type) and issubclass(one, BaseException)
} | {
    "str": Native("str", _text), "len": Native("len", _length), "int": Native("int", _number), "bool": Native("bool", _truth),
    "list": Native("list", _list), "tuple": _frozen(tuple), "set": _frozen(Bag), "frozenset": _frozen(Bag),
    "dict": Native("dict", _dict), "sorted": Native("sorted", _sorted), "any": _any_all("any"), "all": _any_all("all"),
    "range": Native("range", _range), "zip": _zipped("zip"), "enumerate": _zipped("enumerate"),
    "reversed": _zipped("reversed"), "print": Native("print", _printed), "isinstance": Native("isinstance", _is_instance),
    "hasattr": Native("hasattr", _has), "getattr": Native("getattr", _get), "setattr": Native("setattr", _set), "open": Native("open", opened), "exit": EXIT,
    "quit": EXIT,
    "float": pure("float", lambda value=0.0: float(value)),
    "abs": pure("abs", abs), "min": pure("min", min), "max": pure("max", max), "sum": pure("sum", sum),
    "round": pure("round", round), "ord": pure("ord", ord), "chr": pure("chr", chr), "input": constant("input", ""),
}  # fmt: skip
