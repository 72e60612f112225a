"""An expression after it was checked: nodes that know their type."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from msgspec import Struct
from msgspec.structs import fields

from buildDoctor.core.evidence import Evidence
from buildDoctor.core.language.schema import Type
from buildDoctor.core.language.signatures import Function
from buildDoctor.core.language.syntax import Source


class Touched(Struct, frozen=True):
    """A piece of evidence that an answer rests on."""

    path: str
    """Where it stands, such as `plan.features[3].gets`."""
    value: object


class Binding(NamedTuple):
    """What a name stands for."""

    value: object
    """The value; `None` when it was not seen."""
    path: str = ""
    """Where it stands in the evidence; empty for a value that was computed."""
    touched: Sequence[Touched] = ()
    """For a value that was computed: the evidence that it was computed from."""


class Frame:
    """What one evaluation works with.

    Args:
        evidence: The evidence to read.
        size: How many names the expression has.
        steps: How many elements may be looked at.
    """

    __slots__ = ("bindings", "evidence", "names", "remembered", "steps")

    def __init__(self, evidence: Evidence, size: int, steps: int) -> None:
        self.evidence = evidence
        self.names: list[Any] = [None] * size
        self.bindings: list[Binding] = [Binding(None)] * size
        self.steps = steps
        self.remembered: dict[object, dict[object, object]] = {}


Run = Callable[[Frame], Any]
"""Gives the value of a node; `None` when it is unknown."""


def _not_compiled(_: Frame) -> object:
    raise RuntimeError("the expression was not compiled")


class Node(Struct, kw_only=True, eq=False):
    """A part of an expression."""

    type: Type
    run: Run = _not_compiled
    part: ast.expr | None = None
    """Where it stands in the text; `None` for what the checker put together."""
    source: Source | None = None
    """The text that it stands in."""


class Constant(Node, kw_only=True, eq=False):
    """A value that stands in the text."""

    value: object


class Root(Node, kw_only=True, eq=False):
    """A part of the evidence, by its name."""

    name: str


class Name(Node, kw_only=True, eq=False):
    """A name that a loop or the rule gave."""

    slot: int
    """Its place in the frame."""


class Field(Node, kw_only=True, eq=False):
    """A field of a record."""

    of: Node
    name: str


class Item(Node, kw_only=True, eq=False):
    """One element of a list, by its number."""

    of: Node
    index: int


class Compare(Node, kw_only=True, eq=False):
    """A comparison of two values."""

    operator: str
    left: Node
    right: Node


class Arithmetic(Node, kw_only=True, eq=False):
    """A sum or difference of numbers, or two texts or lists put together."""

    operator: str
    left: Node
    right: Node


class Not(Node, kw_only=True, eq=False):
    """The opposite of a condition."""

    of: Node


class Both(Node, kw_only=True, eq=False):
    """True when all parts are true."""

    parts: tuple[Node, ...]


class Either(Node, kw_only=True, eq=False):
    """True when some part is true."""

    parts: tuple[Node, ...]


class Choice(Node, kw_only=True, eq=False):
    """One of two values, by a condition."""

    test: Node
    then: Node
    otherwise: Node


class Listing(Node, kw_only=True, eq=False):
    """A list that is written out."""

    parts: tuple[Node, ...]


class Call(Node, kw_only=True, eq=False):
    """A function's result."""

    function: Function
    arguments: tuple[Node, ...]


class Exists(Node, kw_only=True, eq=False):
    """True when the condition is true of some element."""

    name: str
    """The loop's name; empty when the list itself holds the conditions."""
    slot: int
    over: Node
    body: Node


class Forall(Node, kw_only=True, eq=False):
    """True when the condition is true of every element."""

    name: str
    """The loop's name; empty when the list itself holds the conditions."""
    slot: int
    over: Node
    body: Node


class Gather(Node, kw_only=True, eq=False):
    """A list made from the elements of another."""

    name: str
    """The loop's name."""
    slot: int
    over: Node
    condition: Node
    """Which elements are taken."""
    inner: Node
    """What each gives; another `Gather` gives all of its elements."""
    nested: bool
    """Whether `inner` is a further clause of the same loop."""


def children(node: Node) -> Iterator[Node]:
    """The parts of a node, in the order of the text."""
    for name in _part_names(node):
        part = getattr(node, name)
        if isinstance(part, Node):
            yield part
        elif isinstance(part, tuple):
            yield from (element for element in part if isinstance(element, Node))


def _part_names(node: Node) -> tuple[str, ...]:
    """The fields of a node that may hold other nodes."""
    kind = type(node)
    if kind not in _PART_NAMES:
        _PART_NAMES[kind] = tuple(each.name for each in fields(kind) if "Node" in str(each.type))
    return _PART_NAMES[kind]


_PART_NAMES: dict[type[Node], tuple[str, ...]] = {}


def size(node: Node) -> int:
    """How many nodes a tree has."""
    return 1 + sum(size(part) for part in children(node))
