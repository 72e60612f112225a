"""Loops: `… for name in list if condition`."""

from __future__ import annotations

import ast

from buildDoctor.core.language.functions import FUNCTIONS
from buildDoctor.core.language.schema import TRUTH, ListOf, evidence_names
from buildDoctor.core.language.scope import Scope
from buildDoctor.core.language.syntax import shown
from buildDoctor.core.language.tree import Both, Constant, Either, Exists, Forall, Gather, Name, Node, Not

Loop = ast.GeneratorExp | ast.ListComp


def check_list_loop(part: Loop, scope: Scope) -> Node:
    """The list that a loop makes."""
    return _gather(part, scope, part.generators)


def check_quantifier(name: str, argument: ast.expr, scope: Scope) -> Node:
    """`any` or `all` of a loop or of a list of conditions."""
    if isinstance(argument, Loop):
        return _quantify(name, argument, scope, argument.generators)
    over = scope.node(argument)
    if not isinstance(over.type, ListOf) or over.type.element != TRUTH:
        raise scope.error(argument, f"{name} takes conditions; {shown(argument)} is {over.type.words}")
    slot, _ = scope.with_name("", TRUTH)
    kind = Exists if name == "any" else Forall
    return kind(type=TRUTH, name="", slot=slot, over=over, body=Name(type=TRUTH, slot=slot))


def _quantify(name: str, loop: Loop, scope: Scope, clauses: list[ast.comprehension]) -> Node:
    """`any(e for x in a if c)` is: for some x of a, c and e. `all` is: for every x of a, not c or e."""
    clause, *rest = clauses
    slot, over, inner = _enter(clause, scope)
    conditions = [inner.node_of(condition, TRUTH, "what follows 'if'") for condition in clause.ifs]
    role = f"what {name} looks at"
    body = _quantify(name, loop, inner, rest) if rest else inner.node_of(loop.elt, TRUTH, role)
    word = inner.given[slot]
    if name == "any":
        return Exists(type=TRUTH, name=word, slot=slot, over=over, body=_all_of([*conditions, body]))
    kept = [Not(type=TRUTH, of=_all_of(conditions))] if conditions else []
    whole = Either(type=TRUTH, parts=(*kept, body)) if kept else body
    return Forall(type=TRUTH, name=word, slot=slot, over=over, body=whole)


def _gather(loop: Loop, scope: Scope, clauses: list[ast.comprehension]) -> Gather:
    clause, *rest = clauses
    slot, over, inner = _enter(clause, scope)
    conditions = [inner.node_of(condition, TRUTH, "what follows 'if'") for condition in clause.ifs]
    condition = _all_of(conditions) if conditions else Constant(type=TRUTH, value=True)
    taken: Node = _gather(loop, inner, rest) if rest else inner.node(loop.elt)
    kind = taken.type if rest else ListOf(taken.type)
    name = inner.given[slot]
    return Gather(type=kind, name=name, slot=slot, over=over, condition=condition, inner=taken, nested=bool(rest))


def _all_of(conditions: list[Node]) -> Node:
    return conditions[0] if len(conditions) == 1 else Both(type=TRUTH, parts=tuple(conditions))


def _enter(clause: ast.comprehension, scope: Scope) -> tuple[int, Node, Scope]:
    """The place of a loop's name, the list that it runs over, and the scope inside."""
    target = clause.target
    if clause.is_async or not isinstance(target, ast.Name):
        raise scope.error(target, f"a loop gives one name, not {shown(target)}")
    over = scope.node(clause.iter)
    if not isinstance(over.type, ListOf):
        raise scope.error(clause.iter, f"a loop runs over a list; {shown(clause.iter)} is {over.type.words}")
    refusal = name_refusal(target.id)
    if refusal is None and target.id in scope.names:
        refusal = f"{target.id!r} is already the name of another loop"
    if refusal is not None:
        raise scope.error(target, refusal)
    slot, inner = scope.with_name(target.id, over.type.element)
    return slot, over, inner


def name_refusal(name: str) -> str | None:
    """Why a loop may not give a name; `None` when it may."""
    if name in evidence_names():
        return f"{name!r} is already a part of the evidence; choose another name"
    if name in FUNCTIONS:
        return f"{name!r} is already a function; choose another name"
    return None
