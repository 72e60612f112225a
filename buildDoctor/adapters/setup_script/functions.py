"""Functions that the script defines."""

from __future__ import annotations

import ast

from buildDoctor.adapters.setup_script.doubts import reach
from buildDoctor.adapters.setup_script.interpreter import Interpreter
from buildDoctor.adapters.setup_script.limits import DEEPEST_CALL, TooMuch
from buildDoctor.adapters.setup_script.scope import Scope
from buildDoctor.adapters.setup_script.values import Function, Items, Raised, Table, Unknown, Value

MORE = "*"


class Returned(Exception):  # noqa: N818  it is a way out, not a mistake
    """A `return` of the script."""

    def __init__(self, value: Value) -> None:
        super().__init__()
        self.value = value


def invoke(run: Interpreter, node: ast.Call, function: Function, args: list[Value], named: dict[str, Value]) -> Value:
    """The result of a call of one of the script's functions.

    Raises:
        Raised: the function raises an exception, or the arguments do not fit.
        TooMuch: the calls are nested too deeply.
    """
    if run.depth >= DEEPEST_CALL:
        raise TooMuch(f"its functions call one another more than {DEEPEST_CALL} times deep")
    inner = Scope(function.file, around=function.scope, vague_at=run.vague)
    _bind(run, node, function, inner, (list(args), dict(named)))
    outer, run.scope = run.scope, inner
    run.depth += 1
    try:
        return _result(run, function)
    finally:
        run.scope = outer
        run.depth -= 1


def _result(run: Interpreter, function: Function) -> Value:
    if isinstance(function.node, ast.Lambda):
        return run.evaluate(run, function.node.body)
    if function.vague or _is_generator(function.node):
        return _in_doubt(run, function)
    try:
        run.execute(run, function.node.body)
    except Returned as returned:
        value = returned.value
    else:
        value = None
    doubt = run.scope.names.get(MORE)
    # A return that is perhaps reached makes the result unknown: it may be the value of either.
    return Unknown(doubt.reason, maybe=reach(doubt, value)) if isinstance(doubt, Unknown) else value


def _in_doubt(run: Interpreter, function: Function) -> Unknown:
    """A generator, or a function behind a decorator that is not known: it may be run, to its end or not."""
    with run.vaguely():
        try:
            run.execute(run, function.node.body)  # type: ignore[arg-type]  # a lambda was met before
        except Raised:
            run.perhaps_failed = bool(run.tries)
    names = [value for name, value in run.scope.names.items() if name != MORE]
    return Unknown(f"what {function.name} of {function.file} gives", maybe=reach(*names, run.scope.names.get(MORE)))


def _is_generator(node: ast.FunctionDef) -> bool:
    return any(isinstance(inner, ast.Yield | ast.YieldFrom) for inner in ast.walk(node))


def _bind(
    run: Interpreter, node: ast.Call, function: Function, scope: Scope, given: tuple[list[Value], dict[str, Value]]
) -> None:
    """Give the parameters their values."""
    args, named = given
    doubt = named.pop(MORE, None)
    parameters = function.node.args
    names = [parameter.arg for parameter in (*parameters.posonlyargs, *parameters.args)]
    for name in names:
        if args:
            scope.names[name] = args.pop(0)
        elif name in named:
            scope.names[name] = named.pop(name)
    _fill(scope, names, function.defaults, doubt)
    _bind_named(scope, parameters, function, named, doubt)
    if parameters.vararg is not None:
        scope.names[parameters.vararg.arg] = tuple(args) if doubt is None else Items(args, doubt)
    if parameters.kwarg is not None:
        scope.names[parameters.kwarg.arg] = Table(named, doubt)
    missing = [name for name in names if name not in scope.names]
    if missing:
        raise Raised("TypeError", f"{function.name} misses its argument {missing[0]}", run.place(node))


def _fill(scope: Scope, names: list[str], defaults: tuple[Value, ...], doubt: Value) -> None:
    """Take the default values for what was not given."""
    for name, default in zip(names[len(names) - len(defaults) :], defaults, strict=True):
        scope.names.setdefault(name, default if doubt is None else doubt)
    if doubt is not None:
        for name in names:
            scope.names.setdefault(name, doubt)


def _bind_named(
    scope: Scope, parameters: ast.arguments, function: Function, named: dict[str, Value], doubt: Value
) -> None:
    """Give the parameters that are passed by name alone their values."""
    for parameter, default in zip(parameters.kwonlyargs, function.named_defaults, strict=True):
        fallback = default if doubt is None else doubt
        scope.names[parameter.arg] = named.pop(parameter.arg, fallback)
