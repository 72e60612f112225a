"""Checks a parsed expression against the types of the evidence, before anything runs."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import Any

from buildDoctor.core.language.calls import check_call
from buildDoctor.core.language.comparisons import check_arithmetic, check_comparison
from buildDoctor.core.language.errors import nearest
from buildDoctor.core.language.functions import FUNCTIONS
from buildDoctor.core.language.loops import check_list_loop
from buildDoctor.core.language.schema import (
    ANYTHING,
    NUMBER,
    TEXT,
    TRUTH,
    ListOf,
    Record,
    Type,
    common,
    evidence_names,
    fields_of,
)
from buildDoctor.core.language.scope import Scope
from buildDoctor.core.language.syntax import Source, shown
from buildDoctor.core.language.tree import (
    Both,
    Choice,
    Constant,
    Either,
    Field,
    Item,
    Listing,
    Name,
    Node,
    Not,
    Root,
)

_CONSTANTS: Mapping[type, Type] = {str: TEXT, int: NUMBER, bool: TRUTH}

_REFUSED = {
    ast.Lambda: "a lambda",
    ast.JoinedStr: "an f-string",
    ast.NamedExpr: "an assignment",
    ast.Starred: "a starred element",
    ast.Dict: "a dictionary",
    ast.DictComp: "a dictionary",
    ast.Set: "a set",
    ast.SetComp: "a set",
    ast.Await: "await",
    ast.Yield: "yield",
    ast.YieldFrom: "yield",
}


def check(source: Source, names: Mapping[str, Type]) -> tuple[Node, int]:
    """The checked expression, and how many names it gives.

    Args:
        source: The text.
        names: Names from outside, in the order of their places, with their types.

    Raises:
        LanguageError: it is not part of the language or does not fit the evidence.
    """
    scope = Scope(source=source, check=_check, names={})
    for name, kind in names.items():
        _, scope = scope.with_name(name, kind)
    node = scope.node(source.parse())
    return node, len(scope.given)


def _check(part: ast.expr, scope: Scope) -> Node:
    checker = _CHECKERS.get(type(part))
    if checker is None:
        what = _REFUSED.get(type(part), shown(part))
        raise scope.error(part, f"{what} is not part of the language of rules")
    return checker(part, scope)


def _constant(part: ast.Constant, scope: Scope) -> Node:
    if part.value is None:
        raise scope.error(part, "None is no value: what was not seen makes the answer 'cannot tell' by itself")
    kind = _CONSTANTS.get(type(part.value))
    if kind is None:
        raise scope.error(part, f"{shown(part)} is not part of the language of rules")
    return Constant(type=kind, value=part.value)


def _name(part: ast.Name, scope: Scope) -> Node:
    if part.id in scope.names:
        slot, kind = scope.names[part.id]
        return Name(type=kind, slot=slot)
    known = evidence_names()
    if part.id in known:
        return Root(type=known[part.id], name=part.id)
    if part.id in FUNCTIONS:
        raise scope.error(part, f"{part.id!r} is a function: write {FUNCTIONS[part.id].usage}")
    raise scope.error(part, f"{part.id!r} is not known{nearest(part.id, [*scope.names, *known])}")


def _field(part: ast.Attribute, scope: Scope) -> Node:
    of = scope.node(part.value)
    if isinstance(of.type, ListOf):
        hint = "loop over it, as in any(… for x in …)"
        raise scope.error(part, f"{shown(part.value)} is {of.type.words} and has no fields; {hint}")
    if not isinstance(of.type, Record):
        raise scope.error(part, f"{shown(part.value)} is {of.type.words} and has no fields")
    known = fields_of(of.type.of)
    if part.attr not in known:
        near = nearest(part.attr, known)
        raise scope.error(part, f"{shown(part)} is not a field of {of.type.words}{near}")
    return Field(type=known[part.attr], of=of, name=part.attr)


def _item(part: ast.Subscript, scope: Scope) -> Node:
    of = scope.node(part.value)
    if not isinstance(of.type, ListOf):
        raise scope.error(part, f"{shown(part.value)} is {of.type.words} and has no elements")
    try:
        index = ast.literal_eval(part.slice)
    except ValueError:
        index = None
    if type(index) is not int:
        raise scope.error(part.slice, f"an element is chosen by a number that stands there, not by {shown(part.slice)}")
    return Item(type=of.type.element, of=of, index=index)


def _logic(part: ast.BoolOp, scope: Scope) -> Node:
    word = "and" if isinstance(part.op, ast.And) else "or"
    parts = tuple(scope.node_of(value, TRUTH, f"each side of {word!r}") for value in part.values)
    return Both(type=TRUTH, parts=parts) if word == "and" else Either(type=TRUTH, parts=parts)


def _unary(part: ast.UnaryOp, scope: Scope) -> Node:
    if isinstance(part.op, ast.Not):
        return Not(type=TRUTH, of=scope.node_of(part.operand, TRUTH, "what follows 'not'"))
    if isinstance(part.op, ast.USub) and isinstance(part.operand, ast.Constant) and type(part.operand.value) is int:
        return Constant(type=NUMBER, value=-part.operand.value)
    raise scope.error(part, f"{shown(part)} is not part of the language of rules")


def _choice(part: ast.IfExp, scope: Scope) -> Node:
    test = scope.node_of(part.test, TRUTH, "what follows 'if'")
    then, otherwise = scope.node(part.body), scope.node(part.orelse)
    kind = common(then.type, otherwise.type)
    if kind is None:
        words = f"{shown(part.body)} is {then.type.words} and {shown(part.orelse)} is {otherwise.type.words}"
        raise scope.error(part, f"both results must be of one kind: {words}")
    return Choice(type=kind, test=test, then=then, otherwise=otherwise)


def _listing(part: ast.List | ast.Tuple, scope: Scope) -> Node:
    kind: Type = ANYTHING
    parts = tuple(scope.node(element) for element in part.elts)
    for element, node in zip(part.elts, parts, strict=True):
        fitting = common(kind, node.type)
        if fitting is None:
            raise scope.error(element, f"a list has elements of one kind: {shown(element)} is {node.type.words}")
        kind = fitting
    if all(isinstance(node, Constant) for node in parts):
        values = tuple(node.value for node in parts if isinstance(node, Constant))
        return Constant(type=ListOf(kind), value=values)
    return Listing(type=ListOf(kind), parts=parts)


_CHECKERS: dict[type[ast.expr], Callable[[Any, Scope], Node]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.Attribute: _field,
    ast.Subscript: _item,
    ast.BoolOp: _logic,
    ast.UnaryOp: _unary,
    ast.Compare: check_comparison,
    ast.BinOp: check_arithmetic,
    ast.IfExp: _choice,
    ast.List: _listing,
    ast.Tuple: _listing,
    ast.Call: check_call,
    ast.ListComp: check_list_loop,
    ast.GeneratorExp: check_list_loop,
}
