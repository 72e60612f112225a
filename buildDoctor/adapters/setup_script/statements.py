"""The statements of a script, one after the other."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import Any

from buildDoctor.adapters.setup_script import assignments, comprehensions, modules, operators, trials
from buildDoctor.adapters.setup_script.doubts import forget, touch
from buildDoctor.adapters.setup_script.expressions import default_values
from buildDoctor.adapters.setup_script.functions import MORE, Returned
from buildDoctor.adapters.setup_script.interpreter import Interpreter, words_of
from buildDoctor.adapters.setup_script.limits import MOST_ELEMENTS
from buildDoctor.adapters.setup_script.methods import of_list, of_table
from buildDoctor.adapters.setup_script.scope import Scope
from buildDoctor.adapters.setup_script.tracing import note_lists
from buildDoctor.adapters.setup_script.values import (
    ClassValue,
    Function,
    Items,
    Raised,
    Table,
    Unknown,
)

_KEEPING = frozenset({"lru_cache", "cache", "wraps", "staticmethod", "contextmanager"})
"""Decorators after which a function gives what it gave before."""


_ROUNDS_IN_DOUBT = 3
"""As many as it takes until what one name was is behind every other one, also where it goes through a list or a table."""


class _Break(Exception):  # noqa: N818  it is a way out, not a mistake
    pass


class _Continue(Exception):  # noqa: N818  as above
    pass


def execute(run: Interpreter, body: Sequence[ast.stmt]) -> None:
    """Follow statements."""
    for place, statement in enumerate(body):
        run.budget.spend()
        run.statement += 1
        handler = _HANDLERS.get(type(statement))
        if handler is None:
            run.notes[f"{type(statement).__name__.lower()} at {run.place(statement)}"] = None
            continue
        handler(run, statement)
        note_lists(run, statement)
        if (run.scope.perhaps_left or run.scope.perhaps_out or run.perhaps_failed) and not run.in_doubt:
            with run.vaguely():
                execute(run, body[place + 1 :])
            return


def _assign(run: Interpreter, node: ast.Assign) -> None:
    value = run.evaluate(run, node.value)
    for target in node.targets:
        assignments.assign(run, target, value)


def _annotated(run: Interpreter, node: ast.AnnAssign) -> None:
    if node.value is not None:
        assignments.assign(run, node.target, run.evaluate(run, node.value))


def _augmented(run: Interpreter, node: ast.AugAssign) -> None:
    """`target += value`; a list keeps being the same list."""
    old = run.evaluate(run, node.target)
    value = run.evaluate(run, node.value)
    if isinstance(old, Unknown):
        touch(f"{words_of(node)} at {run.place(node)}", old, stored=(value,))
    if isinstance(old, Items) and isinstance(node.op, ast.Add):
        of_list(run, node, old, "__iadd__", [value], {})
        if run.vague:
            return
        assignments.bind(run, node.target, old)
        return
    assignments.assign(run, node.target, operators.binary(run, node, type(node.op), old, value))


def _expression(run: Interpreter, node: ast.Expr) -> None:
    run.evaluate(run, node.value)


def _if(run: Interpreter, node: ast.If) -> None:
    condition = operators.truth(run.evaluate(run, node.test))
    answer = _way_on(run, node, condition) if isinstance(condition, Unknown) else condition
    if answer is not None:
        execute(run, node.body if answer else node.orelse)
        return
    with run.vaguely():
        for branch in (node.body, node.orelse):
            _perhaps(run, branch)


def _way_on(run: Interpreter, node: ast.If, condition: Unknown) -> bool | None:
    """The way to take: not the one that ends the build, for what is asked is what a build makes that goes through."""
    if not run.tries:
        if _ends(node.body):
            return False
        if node.orelse and _ends(node.orelse):
            return True
    return run.decide(condition)


def _ends(body: list[ast.stmt]) -> bool:
    """Whether a block does nothing but stop the script."""
    last = body[-1]
    leaves = isinstance(last, ast.Raise) or (
        isinstance(last, ast.Expr)
        and isinstance(last.value, ast.Call)
        and words_of(last.value.func) in {"sys.exit", "exit"}
    )
    return leaves and all(isinstance(statement, ast.Expr | ast.Assign) for statement in body[:-1])


def _perhaps(run: Interpreter, body: Sequence[ast.stmt]) -> None:
    """Follow statements of which it is not known whether they are reached."""
    try:
        execute(run, body)
    except Raised:
        run.perhaps_failed = bool(run.tries)


def _for(run: Interpreter, node: ast.For) -> None:
    values, rest = comprehensions.elements(run, node.iter, run.evaluate(run, node.iter))
    before, run.scope.perhaps_out = run.scope.perhaps_out, False
    try:
        for value in values:
            run.budget.spend()
            assignments.bind(run, node.target, value)
            _round(run, node.body)
        if rest is not None:
            _any_number_of_rounds(run, node, rest)
    except _Break:
        return
    finally:
        run.scope.perhaps_out = before
    execute(run, node.orelse)


def _round(run: Interpreter, body: list[ast.stmt]) -> None:
    """One round of a loop; where it was perhaps left before, it is in doubt."""
    try:
        if (run.scope.perhaps_out or run.perhaps_failed) and not run.in_doubt:
            with run.vaguely():
                _perhaps(run, body)
        else:
            execute(run, body)
    except _Continue:
        return


def _any_number_of_rounds(run: Interpreter, node: ast.For | ast.While, element: Unknown | None) -> None:
    """Follow a loop of which it is not known how often it goes round.

    What a name is in one round another name may be in the next: after each round all names that the loop sets may be any of
    their values.
    """
    stored = [one for one in ast.walk(node) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)]
    for _ in range(_ROUNDS_IN_DOUBT):
        with run.vaguely():
            if isinstance(node, ast.For):
                assignments.assign(run, node.target, element)
            _perhaps(run, node.body)
            mixed = tuple(run.scope.get(one.id) for one in stored)
            for one in stored:
                assignments.assign(run, one, mixed)


def _while(run: Interpreter, node: ast.While) -> None:
    for _ in range(MOST_ELEMENTS):
        answer = operators.truth(run.evaluate(run, node.test))
        if isinstance(answer, Unknown):
            _any_number_of_rounds(run, node, None)
            return
        if not answer:
            execute(run, node.orelse)
            return
        try:
            _round(run, node.body)
        except _Break:
            return
        if run.in_doubt or run.scope.perhaps_out or run.perhaps_failed:
            # What the loop sets is not kept there, so that it might never end.
            run.scope.perhaps_out = False
            return
    run.notes[f"the loop at {run.place(node)}, which does not end within {MOST_ELEMENTS:,} rounds"] = None


def _function(run: Interpreter, node: ast.FunctionDef) -> None:
    value = Function(node, run.scope, run.scope.file, *default_values(run, node.args))
    for decorator in node.decorator_list:
        words = words_of(decorator.func if isinstance(decorator, ast.Call) else decorator)
        if words.rpartition(".")[2] not in _KEEPING:
            value.vague = True
    run.scope.set(node.name, value)


def _class(run: Interpreter, node: ast.ClassDef) -> None:
    """A class: what its body does beside defining methods is followed, the methods are not."""
    bases = tuple(run.evaluate(run, base) for base in node.bases)
    outer, run.scope = run.scope, Scope(run.scope.file, around=run.scope, vague_at=run.scope.vague_at)
    try:
        execute(run, [statement for statement in node.body if not isinstance(statement, ast.FunctionDef)])
    finally:
        run.scope = outer
    run.scope.set(node.name, ClassValue(node.name, bases, node, run.place(node)))


def _return(run: Interpreter, node: ast.Return) -> None:
    value = None if node.value is None else run.evaluate(run, node.value)
    if run.in_doubt:
        words = f"a result that hangs on an unknown condition ({words_of(node)})"
        run.scope.names[MORE] = run.unknown(node, words, behind=(run.scope.names.get(MORE), value))
        run.scope.perhaps_left = True
        return
    raise Returned(value)


def _assert(run: Interpreter, node: ast.Assert) -> None:
    if operators.truth(run.evaluate(run, node.test)) is False:
        message = words_of(node.msg) if node.msg is not None else words_of(node.test)
        raise Raised("AssertionError", message, run.place(node))


def _delete(run: Interpreter, node: ast.Delete) -> None:
    for target in node.targets:
        if isinstance(target, ast.Name):
            run.scope.set(target.id, run.unknown(target, behind=(run.scope.get(target.id),)))
        elif isinstance(target, ast.Subscript):
            container = run.evaluate(run, target.value)
            key = None if isinstance(target.slice, ast.Slice) else run.evaluate(run, target.slice)
            if isinstance(container, Table) and isinstance(key, str) and container.rest is None and not run.vague:
                of_table(run, node, container, "pop", [key], {})
            elif isinstance(container, Items | Table):
                run.may_fail(target)
                forget(container, run.unknown(target))
            else:
                touch(f"{words_of(target)} at {run.place(target)}", container)


def _with(run: Interpreter, node: ast.With) -> None:
    for item in node.items:
        value = run.evaluate(run, item.context_expr)
        if item.optional_vars is not None:
            assignments.assign(run, item.optional_vars, value)
    forgiving = any("suppress" in words_of(item.context_expr) for item in node.items)
    try:
        execute(run, node.body)
    except Raised:
        if not forgiving:
            raise


def _elsewhere(run: Interpreter, node: ast.Global | ast.Nonlocal) -> None:
    for name in node.names:
        run.scope.elsewhere[name] = run.scope.module if isinstance(node, ast.Global) else run.scope.holder(name)


def _leave_round(run: Interpreter, node: ast.Break | ast.Continue) -> None:
    if run.in_doubt:
        run.scope.perhaps_out = True
        return
    raise _Break if isinstance(node, ast.Break) else _Continue


def _pass(_run: Interpreter, _node: ast.Pass) -> None:
    """Nothing happens."""


_HANDLERS: dict[type[ast.stmt], Callable[[Interpreter, Any], None]] = {
    ast.Assign: _assign, ast.AnnAssign: _annotated, ast.AugAssign: _augmented, ast.Expr: _expression, ast.If: _if,
    ast.For: _for, ast.While: _while, ast.FunctionDef: _function, ast.ClassDef: _class, ast.Return: _return,
    ast.Assert: _assert, ast.Delete: _delete, ast.With: _with, ast.Global: _elsewhere, ast.Nonlocal: _elsewhere,
    ast.Break: _leave_round, ast.Continue: _leave_round, ast.Pass: _pass, ast.Raise: trials.raised, ast.Try: trials.tried,
    ast.Import: modules.imported, ast.ImportFrom: modules.imported_names,
}  # fmt: skip
