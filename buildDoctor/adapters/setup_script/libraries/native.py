"""How a library's function is modelled."""

from __future__ import annotations

import ast
from collections.abc import Callable

from buildDoctor.adapters.setup_script import operators
from buildDoctor.adapters.setup_script.interpreter import Interpreter
from buildDoctor.adapters.setup_script.values import Items, Library, Native, Table, Value, is_known

Model = Callable[[Interpreter, ast.Call, list[Value], dict[str, Value]], Value]


def pure(name: str, function: Callable[..., Value]) -> Native:
    """A function that needs nothing but its arguments: of known ones its result is known."""

    def call(run: Interpreter, node: ast.Call, args: list[Value], named: dict[str, Value]) -> Value:
        if not is_known((tuple(args), Table(named))):
            return run.unknown(node)
        found = operators.guarded(run, node, lambda: function(*args, **named))
        if isinstance(found, str):
            run.budget.text(len(found))
        if type(found) is list:
            run.budget.elements(len(found))
            return Items(found)
        return found

    return Native(name, call)


def constant(name: str, value: Value) -> Native:
    """A function whose result does not hang on its arguments."""
    return Native(name, lambda _run, _node, _args, _named: value)


def unknown(name: str) -> Native:
    """A function that does something harmless and whose result is not known."""
    return Native(name, lambda run, node, _args, _named: run.unknown(node), harmless=True)


def first_argument(name: str) -> Native:
    """A function that gives its first argument back."""

    def call(run: Interpreter, node: ast.Call, args: list[Value], _named: dict[str, Value]) -> Value:
        return args[0] if args else run.unknown(node)

    return Native(name, call)


def library(name: str, /, **attributes: Value) -> Library:
    """A module with attributes."""
    return Library(name, attributes)
