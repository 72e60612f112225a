"""`raise` and `try` in a script."""

from __future__ import annotations

import ast
import builtins

from buildDoctor.adapters.setup_script.interpreter import Interpreter, words_of
from buildDoctor.adapters.setup_script.values import ClassValue, ExceptionValue, Native, Raised, Unknown, Value


def raised(run: Interpreter, node: ast.Raise) -> None:
    """Follow `raise`.

    Raises:
        Raised: always, unless it is not known whether the script comes here.
    """
    if run.in_doubt:
        run.may_have_raised = True
        run.scope.perhaps_out = bool(run.tries)
        return
    value = None if node.exc is None else run.evaluate(run, node.exc)
    if isinstance(value, ExceptionValue):
        raise Raised(value.kind, value.message, run.place(node))
    kind = value.name if isinstance(value, Native | ClassValue) else ""
    raise Raised(
        kind, words_of(node.exc) if node.exc is not None else "an exception that was caught before", run.place(node)
    )


def tried(run: Interpreter, node: ast.Try) -> None:
    """Follow `try`: the handlers run where something certainly fails, and in doubt where something may have failed."""
    try:
        _guarded(run, node)
    finally:
        run.execute(run, node.finalbody)


def _guarded(run: Interpreter, node: ast.Try) -> None:
    out, doubted = run.scope.perhaps_out, run.may_have_raised
    run.may_have_raised = False
    run.tries += bool(node.handlers)
    try:
        run.execute(run, node.body)
    except Raised as error:
        run.tries -= bool(node.handlers)
        handler = _handler_for(run, node, error)
        if handler is None:
            raise
        _enter(run, handler, error)
        return
    except BaseException:
        run.tries -= bool(node.handlers)
        raise
    else:
        run.tries -= bool(node.handlers)
        failed, run.may_have_raised = run.may_have_raised, doubted
        run.scope.perhaps_out = out
        if failed:
            _perhaps_handled(run, node)
        else:
            run.execute(run, node.orelse)


def _perhaps_handled(run: Interpreter, node: ast.Try) -> None:
    with run.vaguely():
        for body in (node.orelse, *(handler.body for handler in node.handlers)):
            try:
                run.execute(run, body)
            except Raised:
                continue


def _enter(run: Interpreter, handler: ast.ExceptHandler, error: Raised) -> None:
    if handler.name is not None:
        run.scope.set(handler.name, ExceptionValue(error.kind, error.message))
    run.execute(run, handler.body)


def _handler_for(run: Interpreter, node: ast.Try, error: Raised) -> ast.ExceptHandler | None:
    for handler in node.handlers:
        kinds = [None] if handler.type is None else _kinds(run, handler.type)
        if any(_catches(run, handler, kind, error) for kind in kinds):
            return handler
    return None


def _kinds(run: Interpreter, node: ast.expr) -> list[Value]:
    value = run.evaluate(run, node)
    return list(value) if isinstance(value, tuple) else [value]


def _catches(run: Interpreter, handler: ast.ExceptHandler, kind: Value, error: Raised) -> bool:
    """Whether a handler takes an exception; where that is not known, both ways are followed."""
    name = getattr(kind, "name", None)
    if kind is None or name in {"Exception", "BaseException"}:
        return True
    if error.kind and isinstance(name, str) and not isinstance(kind, Unknown):
        return name in _ancestors(error.kind)
    answer = run.decide(Unknown(f"that {words_of(handler.type)} takes the failure at {run.place(handler)}"))
    return answer is not False


def _ancestors(kind: str) -> set[str]:
    """The names of an exception's class and of those above it."""
    known = getattr(builtins, kind, None)
    return {one.__name__ for one in known.__mro__} if isinstance(known, type) else {kind}
