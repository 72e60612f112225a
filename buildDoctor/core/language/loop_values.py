"""The values of loops."""

from __future__ import annotations

from collections.abc import Callable

from buildDoctor.core.language.remembering import remembered
from buildDoctor.core.language.steps import spend
from buildDoctor.core.language.tree import Exists, Forall, Frame, Gather, Node, Run, size

_PARTS_PER_STEP = 10


def exists(node: Exists) -> Run:
    """Whether the condition is true of some element."""
    return remembered(node, _quantified(node, decisive=True))


def forall(node: Forall) -> Run:
    """Whether the condition is true of every element."""
    return remembered(node, _quantified(node, decisive=False))


def _quantified(node: Exists | Forall, *, decisive: bool) -> Run:
    over, body, slot, cost = node.over.run, node.body.run, node.slot, _cost(node.body)

    def run(frame: Frame) -> object:
        elements = over(frame)
        if elements is None:
            return None
        spend(frame, cost * len(elements))
        names = frame.names
        answer: bool | None = not decisive
        for element in elements:
            names[slot] = element
            value = body(frame)
            if value is decisive:
                return decisive
            if value is None:
                answer = None
        return answer

    return run


def gather(node: Gather) -> Run:
    """The list that a loop makes; unknown when one of its elements is."""
    fill = _filler(node)

    def run(frame: Frame) -> object:
        elements: list[object] = []
        return tuple(elements) if fill(frame, elements) else None

    return remembered(node, run)


def _filler(node: Gather) -> Callable[[Frame, list[object]], bool]:
    """The function that adds a loop's elements to a list, and says whether all of them are known."""
    over, condition, slot = node.over.run, node.condition.run, node.slot
    add = _filler(node.inner) if node.nested and isinstance(node.inner, Gather) else _adder(node.inner.run)
    cost = _cost(node.condition) + _cost(node.inner)

    def fill(frame: Frame, elements: list[object]) -> bool:
        offered = over(frame)
        if offered is None:
            return False
        spend(frame, cost * len(offered))
        for element in offered:
            frame.names[slot] = element
            taken = condition(frame)
            if taken is None or (taken and not add(frame, elements)):
                return False
        return True

    return fill


def _adder(run: Run) -> Callable[[Frame, list[object]], bool]:
    def add(frame: Frame, elements: list[object]) -> bool:
        value = run(frame)
        elements.append(value)
        return value is not None

    return add


def _cost(body: Node) -> int:
    """The steps that one turn of a loop costs."""
    return 1 + size(body) // _PARTS_PER_STEP
