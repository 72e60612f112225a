"""From a checked expression to functions that compute its value.

`None` is the unknown value: evidence that was not seen. Conditions follow Kleene: what is known decides where it can.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from operator import attrgetter
from typing import Any

from buildDoctor.core.language.errors import Unsure
from buildDoctor.core.language.loop_values import exists, forall, gather
from buildDoctor.core.language.schema import NUMBER, TEXT, TRUTH, ListOf
from buildDoctor.core.language.steps import CHARACTERS_PER_STEP, cost_of, spend
from buildDoctor.core.language.tree import (
    Arithmetic,
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
    Listing,
    Name,
    Node,
    Not,
    Root,
    Run,
    children,
)

OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "in": lambda element, whole: element in whole,
    "not in": lambda element, whole: element not in whole,
}


def compile_tree(node: Node) -> None:
    """Give every node of a tree the function that computes its value."""
    for part in children(node):
        compile_tree(part)
    node.run = _COMPILERS[type(node)](node)


def _constant(node: Constant) -> Run:
    value = node.value
    return lambda _: value


def _root(node: Root) -> Run:
    get = attrgetter(node.name)
    return lambda frame: get(frame.evidence)


def _name(node: Name) -> Run:
    slot = node.slot
    return lambda frame: frame.names[slot]


def _field(node: Field) -> Run:
    get = attrgetter(node.name)
    if isinstance(node.of, Name):
        # The commonest read, in one call: it decides how fast a loop over many kernels is.
        slot = node.of.slot

        def of_name(frame: Frame) -> object:
            record = frame.names[slot]
            return None if record is None else get(record)

        return of_name
    of = node.of.run

    def run(frame: Frame) -> object:
        record = of(frame)
        return None if record is None else get(record)

    return run


def _item(node: Item) -> Run:
    of, index = node.of.run, node.index

    def run(frame: Frame) -> object:
        elements = of(frame)
        if elements is None or not -len(elements) <= index < len(elements):
            return None
        return elements[index]

    return run


def _compare(node: Compare) -> Run:
    test, left = OPERATORS[node.operator], node.left.run
    if isinstance(node.right, Constant):
        return _compare_constant(test, left, node.right.value)
    right, counted = node.right.run, isinstance(node.right.type, ListOf)

    def run(frame: Frame) -> object:
        one, other = left(frame), right(frame)
        if one is None or other is None:
            return None
        if counted:
            spend(frame, len(other))
        return test(one, other)

    return run


def _compare_constant(test: Callable[[Any, Any], bool], left: Run, constant: object) -> Run:
    def run(frame: Frame) -> object:
        value = left(frame)
        return None if value is None else test(value, constant)

    return run


def _arithmetic(node: Arithmetic) -> Run:
    combine: Callable[[Any, Any], Any] = operator.add if node.operator == "+" else operator.sub
    left, right = node.left.run, node.right.run

    def run(frame: Frame) -> object:
        one, other = left(frame), right(frame)
        if one is None or other is None:
            return None
        result = combine(one, other)
        spend(frame, cost_of(result))
        return result

    return run


def _not(node: Not) -> Run:
    of = node.of.run

    def run(frame: Frame) -> object:
        value = of(frame)
        return None if value is None else not value

    return run


def _both(node: Both) -> Run:
    return _decided_by(node.parts, decisive=False)


def _either(node: Either) -> Run:
    return _decided_by(node.parts, decisive=True)


def _decided_by(parts: tuple[Node, ...], *, decisive: bool) -> Run:
    """The decisive value if some part has it, else unknown if some part is unknown, else the other value."""
    runs = tuple(part.run for part in parts)
    if len(runs) == 2:
        return _decided_by_two(*runs, decisive=decisive)

    def run(frame: Frame) -> object:
        answer: bool | None = not decisive
        for part in runs:
            value = part(frame)
            if value is decisive:
                return decisive
            if value is None:
                answer = None
        return answer

    return run


def _decided_by_two(first: Run, second: Run, *, decisive: bool) -> Run:
    """The same for two parts, the commonest number."""

    def run(frame: Frame) -> object:
        one = first(frame)
        if one is decisive:
            return decisive
        other = second(frame)
        return other if other is decisive or one is not None else None

    return run


def _choice(node: Choice) -> Run:
    test, then, otherwise = node.test.run, node.then.run, node.otherwise.run

    def run(frame: Frame) -> object:
        decided = test(frame)
        if decided is None:
            return None
        return then(frame) if decided else otherwise(frame)

    return run


def _listing(node: Listing) -> Run:
    runs = tuple(part.run for part in node.parts)

    def run(frame: Frame) -> object:
        values = tuple(part(frame) for part in runs)
        return None if None in values else values

    return run


def _call(node: Call) -> Run:
    function, runs = node.function.run, tuple(part.run for part in node.arguments)
    counted = node.function.per_character or any(isinstance(part.type, ListOf) for part in node.arguments)

    def run(frame: Frame) -> object:
        values = [part(frame) for part in runs]
        if None in values:
            return None
        if counted:
            spend(frame, sum(map(cost_of, values)))
        try:
            result = function(*values)
        except Unsure:
            return None
        spend(frame, cost_of(result))
        return result

    return run


def _call_one(node: Call) -> Run:
    """A call whose first argument alone is computed, on one text: the commonest in loops."""
    function, argument = node.function.run, node.arguments[0].run
    counted = node.function.per_character

    def run(frame: Frame) -> object:
        value = argument(frame)
        if value is None:
            return None
        if counted:
            spend(frame, len(value) // CHARACTERS_PER_STEP)
        try:
            return function(value)
        except Unsure:
            return None

    return run


def _call_two(node: Call) -> Run:
    """A call with two plain arguments and a plain result."""
    function, (first, second) = node.function.run, (part.run for part in node.arguments)

    def run(frame: Frame) -> object:
        one, other = first(frame), second(frame)
        if one is None or other is None:
            return None
        try:
            return function(one, other)
        except Unsure:
            return None

    return run


def _call_on_list(node: Call) -> Run:
    """A call with one list and a plain result that is short, such as a length."""
    function, argument = node.function.run, node.arguments[0].run

    def run(frame: Frame) -> object:
        elements: Any = argument(frame)
        if elements is None:
            return None
        spend(frame, len(elements))
        try:
            return function(elements)
        except Unsure:
            return None

    return run


def _call_by_shape(node: Call) -> Run:
    if len(node.arguments) == 1 and isinstance(node.arguments[0].type, ListOf) and node.type in {NUMBER, TRUTH}:
        return _call_on_list(node)
    plain = not any(isinstance(part.type, ListOf) for part in (node, *node.arguments))
    short = not node.function.per_character and node.type != TEXT
    if plain and len(node.arguments) == 1 and (short or node.arguments[0].type == TEXT):
        return _call_one(node)
    return _call_two(node) if plain and short and len(node.arguments) == 2 else _call(node)


_COMPILERS: dict[type[Node], Callable[[Any], Run]] = {
    Constant: _constant,
    Root: _root,
    Name: _name,
    Field: _field,
    Item: _item,
    Compare: _compare,
    Arithmetic: _arithmetic,
    Not: _not,
    Both: _both,
    Either: _either,
    Choice: _choice,
    Listing: _listing,
    Call: _call_by_shape,
    Exists: exists,
    Forall: forall,
    Gather: gather,
}
