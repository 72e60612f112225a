"""Loops over plain lists inside of other loops: their answers are kept, because most of the lists are equal.

A wheel has tens of thousands of kernels and a handful of different lists of architectures.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from buildDoctor.core.language.schema import ListOf, Scalar
from buildDoctor.core.language.tree import Exists, Field, Forall, Frame, Gather, Name, Node, Run, children

Loop = Exists | Forall | Gather


def remembered(node: Loop, run: Run) -> Run:
    """The loop, computed once for each list and each value of the outer names, where keeping answers pays."""
    if not _pays(node):
        return run
    slots = tuple(dict.fromkeys(name.slot for name in _outer_names(node)))
    over, key_of = node.over.run, _key_maker(slots)

    def ask(frame: Frame) -> object:
        elements: Any = over(frame)
        if elements is None:
            return None
        answers = frame.remembered.get(node)
        if answers is None:
            answers = frame.remembered[node] = {}
        # The outer loop has counted a step for asking.
        key = key_of(elements, frame.names)
        answer = answers.get(key, answers)
        if answer is answers:
            answer = answers[key] = run(frame)
        return answer

    return ask


def _key_maker(slots: tuple[int, ...]) -> Callable[[object, list[Any]], object]:
    """Makes the key of an answer: the list, and the outer values; most loops read one."""
    if not slots:
        return lambda elements, _: elements
    if len(slots) == 1:
        (slot,) = slots
        return lambda elements, names: (elements, names[slot])
    return lambda elements, names: (elements, *(names[slot] for slot in slots))


def _pays(node: Loop) -> bool:
    """Whether a loop runs over a list of plain values that is a field of an outer loop's element.

    The outer names that it reads have to be plain too: a record would be compared field by field.
    """
    plain = isinstance(node.over.type, ListOf) and isinstance(node.over.type.element, Scalar)
    inside = isinstance(node.over, Field) and isinstance(node.over.of, Name)
    return plain and inside and all(isinstance(name.type, Scalar) for name in _outer_names(node))


def _outer_names(node: Loop) -> Iterator[Name]:
    """The names that a loop's body reads and that other loops give."""
    parts = (node.condition, node.inner) if isinstance(node, Gather) else (node.body,)
    given = {node.slot}
    for part in parts:
        yield from _names_read(part, given)


def _names_read(node: Node, given: set[int]) -> Iterator[Name]:
    if isinstance(node, Name) and node.slot not in given:
        yield node
    if isinstance(node, Exists | Forall | Gather):
        given = {*given, node.slot}
    for part in children(node):
        yield from _names_read(part, given)
