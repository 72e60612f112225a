"""Where a value stands in the evidence."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from buildDoctor.core.language.tree import (
    Arithmetic,
    Binding,
    Choice,
    Constant,
    Field,
    Frame,
    Gather,
    Item,
    Listing,
    Name,
    Node,
    Root,
    children,
)


def locate(node: Node, frame: Frame) -> Binding | None:
    """The place in the evidence that a node reads; `None` for a node that computes.

    A place that cannot be reached is given as the first one on the way that was not seen.
    """
    find = _LOCATORS.get(type(node))
    return None if find is None else find(node, frame)


def elements(node: Node, frame: Frame) -> Iterator[Binding]:
    """The elements of a known list, each with its place where it has one. Records always have one."""
    place = locate(node, frame)
    if place is not None and (place.path or place.touched):
        values: Any = place.value
        path = place.path
        for index, value in enumerate(values):
            yield Binding(value, f"{path}[{index}]" if path else "", place.touched)
    else:
        yield from _ELEMENTS.get(type(node), _computed)(node, frame)


def known_elements(node: Node, value: Any, frame: Frame) -> Iterator[Binding]:  # noqa: ANN401 - a list of the evidence
    """The elements of a list whose value was computed already."""
    if not isinstance(node, Listing):
        return elements(node, frame)
    # Rules write `[[…]]` to give a whole list a name: computing it once is enough.
    return (locate(part, frame) or Binding(one) for part, one in zip(node.parts, value, strict=True))


def enter(slot: int, element: Binding, frame: Frame) -> None:
    """Let a loop's name stand for an element."""
    frame.names[slot] = element.value
    frame.bindings[slot] = element


def first_path(node: Node, frame: Frame) -> str:
    """Where a node reads, or where the first of its parts does; empty when none does."""
    place = locate(node, frame)
    if place is not None and (place.path or place.touched):
        return place.path or place.touched[0].path
    return next(filter(None, (first_path(part, frame) for part in children(node))), "")


def _root(node: Root, frame: Frame) -> Binding:
    return Binding(getattr(frame.evidence, node.name), node.name)


def _name(node: Name, frame: Frame) -> Binding:
    return frame.bindings[node.slot]


def _field(node: Field, frame: Frame) -> Binding | None:
    of = locate(node.of, frame)
    if of is None or of.value is None:
        return of
    return Binding(getattr(of.value, node.name), f"{of.path}.{node.name}" if of.path else "", of.touched)


def _item(node: Item, frame: Frame) -> Binding | None:
    of = locate(node.of, frame)
    if of is not None and of.value is None:
        return of
    values: Any = node.of.run(frame)
    if values is None:
        return None
    index = node.index + len(values) if node.index < 0 else node.index
    if not 0 <= index < len(values):
        return Binding(None, f"{first_path(node.of, frame)}[{node.index}]")
    return next(islice(elements(node.of, frame), index, None))


def _choice(node: Choice, frame: Frame) -> Binding | None:
    decided = node.test.run(frame)
    if decided is None:
        return None
    return locate(node.then if decided else node.otherwise, frame)


def _gathered(node: Gather, frame: Frame) -> Iterator[Binding]:
    for element in elements(node.over, frame):
        enter(node.slot, element, frame)
        if node.condition.run(frame):
            if node.nested:
                yield from elements(node.inner, frame)
            else:
                yield locate(node.inner, frame) or Binding(node.inner.run(frame))


def _listed(node: Listing, frame: Frame) -> Iterator[Binding]:
    for part in node.parts:
        yield locate(part, frame) or Binding(part.run(frame))


def _joined(node: Arithmetic, frame: Frame) -> Iterator[Binding]:
    yield from elements(node.left, frame)
    yield from elements(node.right, frame)


def _chosen(node: Choice, frame: Frame) -> Iterator[Binding]:
    return elements(node.then if node.test.run(frame) else node.otherwise, frame)


def _computed(node: Node, frame: Frame) -> Iterator[Binding]:
    return (Binding(value) for value in node.run(frame))


def _constant(node: Constant, _: Frame) -> Binding:
    return Binding(node.value)


_LOCATORS: dict[type[Node], Callable[[Any, Frame], Binding | None]] = {
    Root: _root,
    Name: _name,
    Field: _field,
    Item: _item,
    Choice: _choice,
    Constant: _constant,
}
_ELEMENTS: dict[type[Node], Callable[[Any, Frame], Iterator[Binding]]] = {
    Gather: _gathered,
    Listing: _listed,
    Arithmetic: _joined,
    Choice: _chosen,
}
