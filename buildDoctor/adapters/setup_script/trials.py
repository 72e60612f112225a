"""`raise` and `try` in a script."""

from __future__ import annotations

import ast
import builtins

from buildDoctor.adapters.setup_script.interpreter import Interpreter, words_of
from buildDoctor.adapters.setup_script.values import ClassValue, ExceptionValue, Native, Raised, Unknown, Value

_EVERYTHING = frozenset({"Exception", "BaseException"})


def raised(run: Interpreter, node: ast.Raise) -> None:
    """Follow `raise`.

    Raises:
        Raised: always, unless it is not known whether the script comes here.
    """
    if run.in_doubt:
        # Outside of any `try` it would end the build, and what is asked about is a build that goes through.
        run.perhaps_failed = run.perhaps_failed or bool(run.tries)
        return
    value = None if node.exc is None else run.evaluate(run, node.exc)
    if isinstance(value, ExceptionValue):
        raise Raised(value.kind, value.message, run.place(node))
    kind = value.name if isinstance(value, Native | ClassValue) else ""
    words = words_of(node.exc) if node.exc is not None else "an exception that was caught before"
    raise Raised(kind, words, run.place(node))


def tried(run: Interpreter, node: ast.Try) -> None:
    """Follow `try`: the handlers run where something certainly fails, and in doubt where something may have failed."""
    try:
        _guarded(run, node)
    finally:
        run.execute(run, node.finalbody)


def _guarded(run: Interpreter, node: ast.Try) -> None:
    before, run.perhaps_failed = run.perhaps_failed, False
    run.tries += bool(node.handlers)
    error: Raised | None = None
    try:
        run.execute(run, node.body)
    except Raised as caught:
        error = caught
    except Exception:
        # A `return`, `break` or `continue` of the script, perhaps after a failure.
        run.tries -= bool(node.handlers)
        _settle(run, node, before)
        raise
    run.tries -= bool(node.handlers)
    if error is not None:
        _settle(run, node, before)
        _handled(run, node, error)
    elif run.perhaps_failed:
        with run.vaguely():
            _perhaps(run, node.orelse)
        _settle(run, node, before)
    else:
        run.perhaps_failed = before
        run.execute(run, node.orelse)


def _settle(run: Interpreter, node: ast.Try, before: bool) -> None:  # noqa: FBT001  what a flag was before
    """Follow the handlers in doubt where something perhaps failed; a failure that none certainly takes goes further."""
    failed, run.perhaps_failed = run.perhaps_failed, before
    if not failed:
        return
    with run.vaguely():
        for handler in node.handlers:
            _perhaps(run, handler.body)
    if not any(_takes_all(run, handler) for handler in node.handlers):
        run.perhaps_failed = run.perhaps_failed or bool(run.tries)


def _perhaps(run: Interpreter, body: list[ast.stmt]) -> None:
    try:
        run.execute(run, body)
    except Raised:
        run.perhaps_failed = run.perhaps_failed or bool(run.tries)


def _handled(run: Interpreter, node: ast.Try, error: Raised) -> None:
    """Follow the handler of a failure; where it is not known whether one takes it, it is followed in doubt.

    Raises:
        Raised: no handler takes it.
    """
    perhaps = False
    for handler in node.handlers:
        kinds = [None] if handler.type is None else _kinds(run, handler.type)
        answers = [_catches(run, handler, kind, error) for kind in kinds]
        if True in answers:
            _enter(run, handler, error)
            return
        if None in answers:
            perhaps = True
            with run.vaguely():
                _perhaps(run, handler.body)
    if not perhaps:
        raise error
    run.perhaps_failed = run.perhaps_failed or bool(run.tries)


def _takes_all(run: Interpreter, handler: ast.ExceptHandler) -> bool:
    """Whether a handler takes every failure."""
    if handler.type is None:
        return True
    return any(getattr(kind, "name", None) in _EVERYTHING for kind in _kinds(run, handler.type))


def _enter(run: Interpreter, handler: ast.ExceptHandler, error: Raised) -> None:
    if handler.name is not None:
        run.scope.set(handler.name, ExceptionValue(error.kind, error.message))
    run.execute(run, handler.body)


def _kinds(run: Interpreter, node: ast.expr) -> list[Value]:
    value = run.evaluate(run, node)
    return list(value) if isinstance(value, tuple) else [value]


def _catches(run: Interpreter, handler: ast.ExceptHandler, kind: Value, error: Raised) -> bool | None:
    """Whether a handler takes a failure; nothing where that is not known and both ways are followed at once."""
    name = getattr(kind, "name", None)
    if kind is None or name in _EVERYTHING:
        return True
    if error.kind and isinstance(name, str) and not isinstance(kind, Unknown):
        return name in _ancestors(error.kind)
    return run.decide(Unknown(f"that {words_of(handler.type or handler)} takes the failure at {run.place(handler)}"))


def _ancestors(kind: str) -> set[str]:
    """The names of an exception's class and of those above it."""
    known = getattr(builtins, kind, None)
    return {one.__name__ for one in known.__mro__} if isinstance(known, type) else {kind}
