"""Calls: of the script's functions, of modelled libraries, of methods, and of what is not known."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import PurePosixPath

from buildDoctor.adapters.setup_script import comprehensions, functions, methods
from buildDoctor.adapters.setup_script.doubts import reach, touch
from buildDoctor.adapters.setup_script.interpreter import Interpreter, words_of
from buildDoctor.adapters.setup_script.libraries import extensions, matching, paths
from buildDoctor.adapters.setup_script.values import (
    Bag,
    ClassValue,
    Function,
    Items,
    Method,
    Native,
    OpenFile,
    Table,
    Unknown,
    Value,
    is_known,
)

MORE = "*"
"""Under this name stand arguments of which it is not known what they are."""


def call(run: Interpreter, node: ast.Call) -> Value:
    """The result of a call."""
    target = run.evaluate(run, node.func)
    args, named = _arguments(run, node)
    run.budget.spend()
    if isinstance(target, Function):
        return functions.invoke(run, node, target, args, named)
    if isinstance(target, Native | Method):
        return _modelled(run, node, target, args, named)
    if isinstance(target, ClassValue):
        return extensions.of_class(run, node, target, args, named)
    return unknown_call(run, node, target, args, named)


def _modelled(
    run: Interpreter, node: ast.Call, target: Native | Method, args: list[Value], named: dict[str, Value]
) -> Value:
    """The result of a modelled function; one that is not known may be anything that it was given."""
    of = target.of if isinstance(target, Method) else None
    before = reach(of)
    try:
        found = (
            target.call(run, node, args, named)
            if isinstance(target, Native)
            else _method(run, node, target, args, named)
        )
    except (TypeError, ValueError, AttributeError, LookupError, ArithmeticError):
        # The models expect what scripts usually pass.
        found = run.unknown(node)
    if isinstance(found, Unknown):
        behind = reach(found, *before, *args, *named.values())
        found = Unknown(found.reason, found.key, found.shape, found.opposite, behind)
        if not (isinstance(target, Native) and target.harmless):
            run.may_fail(node)
    return found


def call_value(run: Interpreter, node: ast.Call, target: Value, args: list[Value]) -> Value:
    """Call a value that was given as an argument, such as the first of `map`."""
    if isinstance(target, Native):
        return target.call(run, node, args, {})
    return functions.invoke(run, node, target, args, {}) if isinstance(target, Function) else run.unknown(node)


def _arguments(run: Interpreter, node: ast.Call) -> tuple[list[Value], dict[str, Value]]:
    args: list[Value] = []
    named: dict[str, Value] = {}
    for argument in node.args:
        if not isinstance(argument, ast.Starred):
            args.append(run.evaluate(run, argument))
            continue
        values, rest = comprehensions.elements(run, argument, run.evaluate(run, argument.value))
        args.extend(values)
        if rest is not None:
            named[MORE] = rest
    for keyword in node.keywords:
        value = run.evaluate(run, keyword.value)
        if keyword.arg is not None:
            named[keyword.arg] = value
        elif isinstance(value, Table):
            named.update((key, one) for key, one in value.items() if isinstance(key, str))
            named.update({MORE: value.rest} if value.rest is not None else {})
        else:
            named[MORE] = value if isinstance(value, Unknown) else run.unknown(keyword.value)
    return args, named


def _method(run: Interpreter, node: ast.Call, method: Method, args: list[Value], named: dict[str, Value]) -> Value:  # noqa: PLR0911  one answer for each kind of value
    of, name = method.of, method.name
    if MORE in named:
        return unknown_call(run, node, run.unknown(node), [*args, of], named)
    if isinstance(of, str):
        return methods.of_text(run, node, of, name, args, named)
    if isinstance(of, Items):
        return methods.of_list(run, node, of, name, args, named)
    if isinstance(of, Table):
        return methods.of_table(run, node, of, name, args, named)
    if isinstance(of, Bag):
        return methods.of_set(run, node, of, name, args)
    if isinstance(of, OpenFile):
        return methods.of_file(run, node, of, name, args)
    if isinstance(of, PurePosixPath):
        return paths.of_path(run, node, of, name, args, named)
    if isinstance(of, re.Pattern | re.Match):
        return matching.of_result(run, node, of, name, args)
    return run.unknown(node)


def unknown_call(
    run: Interpreter, node: ast.Call, target: Value, args: list[Value], named: dict[str, Value]
) -> Unknown:
    """A call of something that is not known: it may give anything, fail, and change the lists that it is given.

    Raises:
        Raised: on the way where it fails.
    """
    key = target.key if isinstance(target, Unknown) else ""
    fact = (
        f"{key}({', '.join(map(repr, args))})"
        if key.startswith("torch.") and is_known(tuple(args)) and not named
        else ""
    )
    given = (*args, *named.values())
    result = run.unknown(node, key=fact, behind=(target, *given))
    why = f"what {words_of(node.func)} does to it at {run.place(node)}"
    touch(why, target)
    if key.partition(".")[0] not in sys.stdlib_module_names:
        touch(why, *given)
    if any(isinstance(one, Function) and isinstance(one.node, ast.FunctionDef) for one in given):
        run.patched = run.patched or f"what {words_of(node)} at {run.place(node)} does with a function is not followed"
    run.may_fail(node, fact)
    return result
