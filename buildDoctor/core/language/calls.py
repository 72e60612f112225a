"""Calls of functions: is it one, and do the arguments fit."""

from __future__ import annotations

import ast
from collections.abc import Callable

from msgspec.structs import replace

from buildDoctor.core.language.errors import nearest
from buildDoctor.core.language.functions import FUNCTIONS
from buildDoctor.core.language.loops import check_quantifier
from buildDoctor.core.language.schema import ANYTHING, TEXT, ListOf, Type, common
from buildDoctor.core.language.scope import Scope
from buildDoctor.core.language.signatures import ELEMENT, ELEMENTS, SIZED, Function
from buildDoctor.core.language.syntax import shown
from buildDoctor.core.language.tree import Call, Constant, Node


def check_call(part: ast.Call, scope: Scope) -> Node:
    """The result of a documented function."""
    function = _function(part, scope)
    if part.keywords:
        raise scope.error(part.keywords[0], f"{function.name} takes no named arguments: write {function.usage}")
    if len(part.args) != len(function.takes):
        count = f"{len(function.takes)} argument{'s' if len(function.takes) > 1 else ''}"
        raise scope.error(part, f"{function.name} takes {count}, not {len(part.args)}: write {function.usage}")
    if function.name in {"any", "all"}:
        return check_quantifier(function.name, part.args[0], scope)
    arguments = tuple(scope.node(argument) for argument in part.args)
    element = _element(function, part, arguments, scope)
    gives = ListOf(element) if function.gives == ELEMENTS else element if function.gives == ELEMENT else function.gives
    return _specialised(Call(type=gives, function=function, arguments=arguments), part, scope)


def _function(part: ast.Call, scope: Scope) -> Function:
    if not isinstance(part.func, ast.Name):
        raise scope.error(part.func, f"only functions can be called, not {shown(part.func)}")
    if part.func.id not in FUNCTIONS:
        near = nearest(part.func.id, FUNCTIONS)
        raise scope.error(part.func, f"{part.func.id!r} is not a function{near}")
    return FUNCTIONS[part.func.id]


def _element(function: Function, part: ast.Call, arguments: tuple[Node, ...], scope: Scope) -> Type:
    """What stands for `ELEMENT` in this call, once every argument fits."""
    element: Type = ANYTHING
    for (name, wanted), text, argument in zip(function.takes, part.args, arguments, strict=True):
        fits = _fitting(wanted, argument.type, element)
        if fits is None or (wanted == ELEMENTS and function.of and fits not in (*function.of, ANYTHING)):
            words = _wanted(function, wanted, element)
            place = f"the {name} of {function.usage}"
            raise scope.error(text, f"{place} must be {words}; {shown(text)} is {argument.type.words}")
        element = fits
    return element


def _fitting(wanted: Type, given: Type, element: Type) -> Type | None:
    """What `ELEMENT` stands for after this argument; `None` when the argument does not fit."""
    if wanted == ELEMENTS:
        return common(element, given.element) if isinstance(given, ListOf) else None
    if wanted == SIZED:
        return element if isinstance(given, ListOf) or given == TEXT else None
    return element if common(wanted, given) is not None else None


def _wanted(function: Function, wanted: Type, element: Type) -> str:
    if wanted != ELEMENTS:
        return wanted.words
    if element != ANYTHING:
        return ListOf(element).words
    return "a list" + (f" of {' or '.join(kind.plural for kind in function.of)}" if function.of else "")


def _specialised(call: Call, part: ast.Call, scope: Scope) -> Call:
    """The call with a last argument that stands in the text worked in, for functions that prepare it once."""
    function, last = call.function, call.arguments[-1]
    if function.prepare is None:
        return call
    if not isinstance(last, Constant):
        if function.literal:
            raise scope.error(
                part.args[-1], f"the {function.takes[-1][0]} of {function.usage} must stand there as text"
            )
        return call
    prepared = _prepare(function.prepare, str(last.value), part, scope)
    return Call(type=call.type, function=replace(function, run=prepared), arguments=call.arguments[:-1])


def _prepare(
    prepare: Callable[[str], Callable[[str], object]], text: str, part: ast.Call, scope: Scope
) -> Callable[[str], object]:
    try:
        return prepare(text)
    except ValueError as error:
        raise scope.error(part.args[-1], str(error)) from None
