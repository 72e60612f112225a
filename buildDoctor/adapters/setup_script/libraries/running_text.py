"""`exec`, `eval` and `compile`: a known text is followed like the script itself, nothing is run."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from buildDoctor.adapters.setup_script.interpreter import Interpreter, words_of
from buildDoctor.adapters.setup_script.libraries.built_ins import BUILT_INS
from buildDoctor.adapters.setup_script.libraries.native import first_argument
from buildDoctor.adapters.setup_script.limits import DEEPEST_CALL, TooMuch
from buildDoctor.adapters.setup_script.scope import Scope
from buildDoctor.adapters.setup_script.values import Native, Table, Value


def _executed(run: Interpreter, node: ast.Call, args: list[Value], _named: dict[str, Value]) -> Value:
    """`exec(text)` here, or `exec(text, table)` with names of its own."""
    body = _parsed(args[0]) if args else None
    names = args[1] if len(args) > 1 else None
    if body is None or run.in_doubt or not (names is None or isinstance(names, Table)):
        return _anything(run, node)
    if names is None:
        _follow(run, body)
        return None
    outer, run.scope = run.scope, Scope(run.scope.file, vague_at=run.vague)
    run.scope.names.update({name: value for name, value in names.items() if isinstance(name, str)})
    try:
        _follow(run, body)
        names.update(run.scope.names)
    finally:
        run.scope = outer
    return None


def _follow(run: Interpreter, body: Sequence[ast.stmt]) -> None:
    if run.depth >= DEEPEST_CALL:
        raise TooMuch(f"it runs texts inside of texts more than {DEEPEST_CALL} times deep")
    run.depth += 1
    try:
        run.execute(run, body)
    finally:
        run.depth -= 1


def _evaluated(run: Interpreter, node: ast.Call, args: list[Value], _named: dict[str, Value]) -> Value:
    """`eval(text)` of a known text in the script's own names."""
    body = _parsed(args[0]) if len(args) == 1 else None
    if body is None or len(body) != 1 or not isinstance(body[0], ast.Expr):
        return _anything(run, node)
    return run.evaluate(run, body[0].value)


def _parsed(text: Value) -> list[ast.stmt] | None:
    if not isinstance(text, str):
        return None
    try:
        return ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _anything(run: Interpreter, node: ast.Call) -> Value:
    """A text that is not known may do anything to everything."""
    run.patched = run.patched or f"{words_of(node)} at {run.place(node)} may change anything"
    return run.unknown(node)


BUILT_INS |= {
    "exec": Native("exec", _executed),
    "eval": Native("eval", _evaluated),
    "compile": first_argument("compile"),
    "__import__": Native("__import__", lambda run, node, _args, _named: _anything(run, node)),
}
