"""What each part of an expression came to: for someone who asks why a condition holds, does not, or cannot tell."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import islice
from typing import Any

from msgspec import Struct

from buildDoctor.core.language.errors import BudgetError, Unsure
from buildDoctor.core.language.places import elements, enter, locate
from buildDoctor.core.language.schema import TRUTH
from buildDoctor.core.language.tree import (
    Binding,
    Both,
    Call,
    Choice,
    Compare,
    Constant,
    Either,
    Exists,
    Field,
    Forall,
    Frame,
    Gather,
    Item,
    Name,
    Node,
    Not,
    Root,
    children,
)
from buildDoctor.core.language.values import in_short

MOST_ELEMENTS = 3
"""How many elements of a loop are shown."""
_MOST_PARTS = 300

Loop = Exists | Forall | Gather


class Part(Struct, frozen=True, kw_only=True):
    """One part of an expression and its value."""

    text: str
    """As it is written, on one line."""
    value: str
    """In words; `unknown` for what was not seen."""
    is_condition: bool = False
    """Whether it is true or false."""
    note: str = ""
    """Where an element stands, or why a value is unknown."""
    parts: tuple[Part, ...] = ()
    """The parts that it is made of; constants are left out."""


class _Walk:
    """One walk through an expression; it ends early where there is too much to tell.

    Args:
        frame: The evaluation to ask.
    """

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self.left = _MOST_PARTS

    def part(self, node: Node) -> Part:
        """A node with its value and parts."""
        self.left -= 1
        value = node.run(self.frame)
        return Part(
            text=text_of(node),
            value=in_short(value),
            is_condition=node.type == TRUTH,
            note=self._note(node, value),
            parts=self._inside(node),
        )

    def _inside(self, node: Node) -> tuple[Part, ...]:
        if self.left <= 0 or isinstance(node, Constant):
            return ()
        found: list[Part] = []
        # What was told until the budget ended is true all the same.
        with suppress(BudgetError):
            found.extend(_INSIDE.get(type(node), _plain)(self, node))
        return tuple(found)

    def _note(self, node: Node, value: object) -> str:
        if value is not None:
            return ""
        place = locate(node, self.frame)
        if place is not None and place.path:
            return f"{place.path} was not seen"
        return self._unsure(node) if isinstance(node, Call) else ""

    def _unsure(self, node: Call) -> str:
        """Why a function cannot say."""
        values = [argument.run(self.frame) for argument in node.arguments]
        if None not in values:
            try:
                node.function.run(*values)
            except Unsure as unsure:
                return str(unsure)
        return ""


def parts_of(node: Node, frame: Frame) -> Part:
    """An expression with the value of each of its parts.

    Raises:
        BudgetError: the whole takes too many steps.
    """
    return _Walk(frame).part(node)


def text_of(node: Node) -> str:
    """A node as it is written, on one line."""
    if node.part is not None and node.source is not None:
        return node.source.segment(node.part)
    if isinstance(node, Compare):
        return f"{text_of(node.left)} {node.operator} {text_of(node.right)}"
    if isinstance(node, Both | Either):
        return f" {'and' if isinstance(node, Both) else 'or'} ".join(map(_bracketed, node.parts))
    if isinstance(node, Not):
        return f"not {_bracketed(node.of)}"
    if isinstance(node, Exists | Forall):
        word = "any" if isinstance(node, Exists) else "all"
        return f"{word}({text_of(node.body)} for {node.name} in {text_of(node.over)})"
    return "…"


def _bracketed(node: Node) -> str:
    """A node as it stands beside `and`, `or` and `not`."""
    return f"({text_of(node)})" if isinstance(node, Both | Either | Choice) else text_of(node)


def _plain(walk: _Walk, node: Node) -> Iterator[Part]:
    if isinstance(node, Root | Name | Field | Item) and locate(node, walk.frame) is not None:
        return
    for part in children(node):
        # What a name stands for is said where it is given.
        if not isinstance(part, Constant | Name):
            yield walk.part(part)


def _chosen(walk: _Walk, node: Choice) -> Iterator[Part]:
    yield walk.part(node.test)
    decided = node.test.run(walk.frame)
    if decided is not None:
        yield walk.part(node.then if decided else node.otherwise)


def _looped(walk: _Walk, node: Loop) -> Iterator[Part]:
    yield walk.part(node.over)
    if node.over.run(walk.frame) is None:
        return
    for element in islice(_telling(walk, node), MOST_ELEMENTS):
        enter(node.slot, element, walk.frame)
        yield Part(
            text=node.name or "an element",
            value=in_short(element.value),
            note=element.path,
            parts=tuple(map(walk.part, _bodies(walk, node))),
        )


def _telling(walk: _Walk, node: Loop) -> Iterator[Binding]:
    """The elements that decided; where none did alone, the first ones."""
    answer = node.run(walk.frame)
    if isinstance(node, Gather):
        return _gathered(walk, node) if answer is not None else _unknown(walk, node)
    if answer is isinstance(node, Forall):
        return elements(node.over, walk.frame)
    return _where(walk, node, answer)


def _where(walk: _Walk, node: Exists | Forall, answer: object) -> Iterator[Binding]:
    for element in elements(node.over, walk.frame):
        enter(node.slot, element, walk.frame)
        if node.body.run(walk.frame) is answer:
            yield element


def _gathered(walk: _Walk, node: Gather) -> Iterator[Binding]:
    """The elements that were taken, or that were not when there are no others; none where all are."""
    if isinstance(node.condition, Constant):
        return
    wanted = node.run(walk.frame) != ()
    for element in elements(node.over, walk.frame):
        enter(node.slot, element, walk.frame)
        if node.nested or node.condition.run(walk.frame) is wanted:
            yield element


def _unknown(walk: _Walk, node: Gather) -> Iterator[Binding]:
    for element in elements(node.over, walk.frame):
        enter(node.slot, element, walk.frame)
        taken = node.condition.run(walk.frame)
        if taken is None or (taken and node.inner.run(walk.frame) is None):
            yield element


def _bodies(walk: _Walk, node: Loop) -> Iterator[Node]:
    """What a loop asks of one element."""
    if not isinstance(node, Gather):
        if node.name:
            yield node.body
        return
    if not isinstance(node.condition, Constant):
        yield node.condition
    if not isinstance(node.inner, Name) and node.condition.run(walk.frame):
        yield node.inner


def _logic(walk: _Walk, node: Both | Either) -> Iterator[Part]:
    return map(walk.part, node.parts)


_INSIDE: dict[type[Node], Callable[[_Walk, Any], Iterator[Part]]] = {
    Both: _logic,
    Either: _logic,
    Choice: _chosen,
    Exists: _looped,
    Forall: _looped,
    Gather: _looped,
}
