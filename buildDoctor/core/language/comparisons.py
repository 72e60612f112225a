"""Which values may be compared and added."""

from __future__ import annotations

import ast

from buildDoctor.core.language.schema import ANYTHING, NUMBER, TEXT, TRUTH, VERSION, ListOf, Record, Type, common
from buildDoctor.core.language.scope import Scope
from buildDoctor.core.language.syntax import shown
from buildDoctor.core.language.tree import Arithmetic, Both, Compare, Node

_OPERATORS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.In: "in",
    ast.NotIn: "not in",
}


def check_comparison(part: ast.Compare, scope: Scope) -> Node:
    """One comparison, or several in a chain."""
    texts = [part.left, *part.comparators]
    nodes = [scope.node(text) for text in texts]
    links = tuple(
        _comparison(part, scope, _operator(operator, part, scope), texts[at : at + 2], nodes[at : at + 2])
        for at, operator in enumerate(part.ops)
    )
    return links[0] if len(links) == 1 else Both(type=TRUTH, parts=links)


def _operator(operator: ast.cmpop, part: ast.Compare, scope: Scope) -> str:
    if type(operator) not in _OPERATORS:
        raise scope.error(part, "'is' is not part of the language of rules; write == or !=")
    return _OPERATORS[type(operator)]


def _comparison(part: ast.Compare, scope: Scope, operator: str, texts: list[ast.expr], nodes: list[Node]) -> Node:
    left, right = nodes
    if not _comparable(operator, left.type, right.type):
        words = " and ".join(f"{shown(text)} is {node.type.words}" for text, node in zip(texts, nodes, strict=True))
        raise scope.error(part, f"{words}: they cannot be compared with {operator!r}{_hint(operator, left, right)}")
    return Compare(type=TRUTH, operator=operator, left=left, right=right)


def _comparable(operator: str, left: Type, right: Type) -> bool:
    if operator in {"in", "not in"}:
        return _contains(right, left)
    kind = common(left, right)
    if operator in {"==", "!="}:
        return kind is not None and (_is_plain(kind) or ListOf(ANYTHING) in (left, right))
    return kind in {NUMBER, VERSION}


def _contains(whole: Type, element: Type) -> bool:
    if isinstance(whole, ListOf):
        return common(whole.element, element) is not None and _is_plain(element)
    return whole == element == TEXT


def _is_plain(kind: Type) -> bool:
    """Whether a value is compared by what it is; records are compared by a field of theirs."""
    if isinstance(kind, ListOf):
        return _is_plain(kind.element)
    return not isinstance(kind, Record)


def _hint(operator: str, left: Node, right: Node) -> str:
    if operator.startswith(("<", ">")) and left.type == right.type == TEXT:
        return "; as text '9.0' comes after '12.0', so write version(…)"
    if isinstance(left.type, Record) and isinstance(right.type, Record):
        return "; compare a field of theirs"
    return ""


def check_arithmetic(part: ast.BinOp, scope: Scope) -> Node:
    """A sum or difference."""
    sign = {ast.Add: "+", ast.Sub: "-"}.get(type(part.op))
    if sign is None:
        raise scope.error(part, f"{shown(part)} is not part of the language of rules: there are + and - only")
    left, right = scope.node(part.left), scope.node(part.right)
    kind = common(left.type, right.type)
    if kind is None or not (kind == NUMBER or (sign == "+" and (kind == TEXT or isinstance(kind, ListOf)))):
        words = f"{shown(part.left)} is {left.type.words} and {shown(part.right)} is {right.type.words}"
        raise scope.error(part, f"{words}: {sign!r} does not fit them")
    return Arithmetic(type=kind, operator=sign, left=left, right=right)
