"""Which evidence an answer rests on, and which is missing for one.

Values are computed without any book-keeping, because most rules do not hold. When a reason is wanted, the parts that
decided are walked through once more, and only these are recorded.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from msgspec import Struct, field

from buildDoctor.core.language.errors import BudgetError, Unsure
from buildDoctor.core.language.places import elements, enter, first_path, locate
from buildDoctor.core.language.tree import (
    Binding,
    Both,
    Call,
    Choice,
    Either,
    Exists,
    Field,
    Forall,
    Frame,
    Gather,
    Item,
    Name,
    Node,
    Root,
    children,
)

MAX_WITNESSES = 100
"""How many elements of one loop are named as those that decided."""


class Reasons(Struct):
    """What was recorded so far, each path once, in the order of the first touch."""

    touched: dict[str, object] = field(default_factory=dict)
    missing: dict[str, None] = field(default_factory=dict)

    def add(self, place: Binding) -> None:
        """Record the reading of a place."""
        if place.value is None:
            self.missing.setdefault(place.path)
        elif place.path:
            self.touched.setdefault(place.path, place.value)
        for item in place.touched:
            self.touched.setdefault(item.path, item.value)


def explain(node: Node, frame: Frame) -> Reasons:
    """Why a node has its value. When the reasons take too many steps, those found until then."""
    reasons = Reasons()
    with suppress(BudgetError):
        _explain(node, frame, reasons)
    return reasons


def _explain(node: Node, frame: Frame, reasons: Reasons) -> None:
    explain_kind = _EXPLAINERS.get(type(node))
    place = locate(node, frame) if explain_kind is None else None
    if explain_kind is not None:
        explain_kind(node, frame, reasons)
    elif place is not None and (place.path or place.touched):
        reasons.add(place)
    else:
        _explain_parts(node, frame, reasons)


def _explain_parts(node: Node, frame: Frame, reasons: Reasons) -> None:
    for part in children(node):
        _explain(part, frame, reasons)


def _explain_logic(node: Both | Either, frame: Frame, reasons: Reasons) -> None:
    """The parts that have the value of the whole are those that decided it."""
    answer = node.run(frame)
    for part in node.parts:
        if part.run(frame) is answer:
            _explain(part, frame, reasons)


def _explain_choice(node: Choice, frame: Frame, reasons: Reasons) -> None:
    _explain(node.test, frame, reasons)
    decided = node.test.run(frame)
    if decided is not None:
        _explain(node.then if decided else node.otherwise, frame, reasons)


def _explain_call(node: Call, frame: Frame, reasons: Reasons) -> None:
    values = [argument.run(frame) for argument in node.arguments]
    if None not in values:
        try:
            node.function.run(*values)
        except Unsure as unsure:
            place = next(filter(None, (first_path(argument, frame) for argument in node.arguments)), "")
            reasons.missing.setdefault(f"{place}: {unsure}" if place else str(unsure))
            return
    _explain_parts(node, frame, reasons)


def _explain_quantifier(node: Exists | Forall, frame: Frame, reasons: Reasons) -> None:
    """The elements that decided; when none did, the list as a whole and what else the condition reads."""
    answer = node.run(frame)
    known = node.over.run(frame) is not None
    if not known or not _has_place(node.over) or answer is isinstance(node, Forall):
        _explain(node.over, frame, reasons)
    if answer is isinstance(node, Forall):
        _explain_outside(node.body, frame, reasons, {node.slot})
    elif known:
        _explain_deciders(node, answer, frame, reasons)


def _has_place(node: Node) -> bool:
    """Whether a list stands in the evidence as it is, so that naming its elements says where they come from."""
    return isinstance(node, Root | Name | Field | Item)


def _explain_deciders(node: Exists | Forall, answer: object, frame: Frame, reasons: Reasons) -> None:
    named = 0
    for element in elements(node.over, frame):
        enter(node.slot, element, frame)
        if node.body.run(frame) is answer:
            _explain(node.body, frame, reasons)
            named += 1
        if named == MAX_WITNESSES:
            return


def _explain_gather(node: Gather, frame: Frame, reasons: Reasons) -> None:
    if node.run(frame) is None:
        _explain_unknown_gather(node, frame, reasons)
        return
    _explain(node.over, frame, reasons)
    _explain_outside(node.condition, frame, reasons, {node.slot})
    _explain_outside(node.inner, frame, reasons, {node.slot})


def _explain_unknown_gather(node: Gather, frame: Frame, reasons: Reasons) -> None:
    if node.over.run(frame) is None:
        _explain(node.over, frame, reasons)
        return
    named = 0
    for element in elements(node.over, frame):
        enter(node.slot, element, frame)
        taken = node.condition.run(frame)
        unknown = node.condition if taken is None else node.inner
        if taken is not False and unknown.run(frame) is None:
            _explain(unknown, frame, reasons)
            named += 1
        if named == MAX_WITNESSES:
            return


def _explain_outside(node: Node, frame: Frame, reasons: Reasons, inside: set[int]) -> None:
    """What a loop's body reads apart from the loop's elements."""
    if _slot_read(node) in inside:
        return
    if isinstance(node, Root | Name | Field | Item):
        place = locate(node, frame)
        if place is not None and place.value is not None:
            reasons.add(place)
        return
    if isinstance(node, Exists | Forall | Gather):
        inside = {*inside, node.slot}
    for part in children(node):
        _explain_outside(part, frame, reasons, inside)


def _slot_read(node: Node) -> int | None:
    """The loop whose element a node reads; `None` when it reads from elsewhere."""
    while isinstance(node, Field | Item):
        node = node.of
    return node.slot if isinstance(node, Name) else None


_EXPLAINERS: dict[type[Node], Callable[[Any, Frame, Reasons], None]] = {
    Both: _explain_logic,
    Either: _explain_logic,
    Choice: _explain_choice,
    Call: _explain_call,
    Exists: _explain_quantifier,
    Forall: _explain_quantifier,
    Gather: _explain_gather,
}
