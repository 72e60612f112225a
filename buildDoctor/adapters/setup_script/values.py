"""The values of a followed script. Texts, numbers, tuples and paths are Python's own; these are the others."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Any

from msgspec import Struct, field

HOLE = "\0"
"""Stands in the shape of a text for a part that is not known."""
ROOT = PurePosixPath("/not-run/source")
"""Where the script believes that it lies: nothing of this machine's paths reaches it."""

_DEEPEST_VALUE = 8
_MOST_PARTS = 200_000

Value = Any
"""Any value of a script. What may be done with it is decided where it is done, by its type."""


class Unknown(Struct, eq=False):
    """A value that cannot be followed, and why."""

    reason: str
    """What it is and where it comes from, such as `os.cpu_count() at setup.py:12`."""
    key: str = ""
    """What makes two of them the same fact, such as `torch.cuda.is_available()`; empty for one of its own."""
    shape: str | None = None
    """For a text the parts of it that are known."""
    opposite: Unknown | None = None
    """The condition that this one is the opposite of."""
    maybe: tuple[Any, ...] = ()
    """The lists, tables, sets and extensions that it may be, or that may stand in it: what is done to it may be done to them."""


class Items(list[Value]):
    """A list of the script; `rest` says why it may have more elements than these, `loose` that their order is not known."""

    __slots__ = ("loose", "rest")

    def __init__(self, elements: Any = (), rest: Unknown | None = None) -> None:  # noqa: ANN401  whatever list takes
        super().__init__(elements)
        self.rest = rest
        self.loose = (isinstance(elements, Bag) and len(elements) > 1) or getattr(elements, "loose", False)


class Table(dict[Value, Value]):
    """A dictionary of the script; `rest` says why it may have more keys than these."""

    __slots__ = ("rest",)

    def __init__(self, pairs: Any = (), rest: Unknown | None = None) -> None:  # noqa: ANN401  whatever dict takes
        super().__init__(pairs)
        self.rest = rest


class Bag(dict[Value, None]):
    """A set of the script. Its order is that of insertion, so that two readings agree."""

    __slots__ = ()

    def __init__(self, elements: Any = ()) -> None:  # noqa: ANN401  whatever can be gone through
        super().__init__(dict.fromkeys(map(as_element, elements)))


class EnvironmentTable(Table):
    """The variables of the build: what was stated, and nothing else."""

    __slots__ = ("asked",)

    def __init__(self, pairs: Any = ()) -> None:  # noqa: ANN401  whatever dict takes
        super().__init__(pairs)
        self.asked: dict[str, None] = {}
        """The names that the script asked for."""


class Library(Struct, eq=False):
    """A module, or another thing that is nothing but attributes."""

    name: str
    attributes: dict[str, Value] = field(default_factory=dict)


class Native(Struct, eq=False):
    """A function of a library, modelled."""

    name: str
    call: Callable[..., Value]
    """Takes the interpreter, the call's node, the list of arguments and the table of named ones."""
    harmless: bool = False
    """Whether it does not fail in a build that goes through, though its result is not known."""


class Method(Struct, eq=False):
    """A method of a value."""

    of: Value
    name: str


class Function(Struct, eq=False):
    """A function that the script defines."""

    node: ast.FunctionDef | ast.Lambda
    scope: Any
    file: str
    defaults: tuple[Value, ...] = ()
    named_defaults: tuple[Value, ...] = ()
    vague: bool = False
    """Whether a decorator that is not known stands around it."""

    @property
    def name(self) -> str:
        """What the script calls it."""
        return self.node.name if isinstance(self.node, ast.FunctionDef) else "a lambda"


class ClassValue(Struct, eq=False):
    """A class that the script defines; its methods are not followed."""

    name: str
    bases: tuple[Value, ...]
    node: ast.ClassDef | None
    place: str


class ExceptionValue(Struct, frozen=True):
    """An exception of the script before it is raised."""

    kind: str
    message: str


class OpenFile(Struct, eq=False):
    """A file of the tree that the script opened to read it."""

    text: str
    at: int = 0


class ExtensionValue(Struct, eq=False):
    """An extension that the script asks for."""

    kind: str
    """`CUDAExtension`, `CppExtension`, `Extension`, or the name of a class of the script."""
    place: str
    attributes: dict[str, Value]


class Raised(Exception):  # noqa: N818  it is the script's exception, not this program's
    """An exception of the script. `kind` is the name of its class; empty when that is not known."""

    def __init__(self, kind: str, message: str, place: str) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.place = place


def as_element(value: Value) -> Value:
    """A value as an element of a set; what cannot be one, or takes long to be compared, is not known."""
    if isinstance(value, list | dict) or (isinstance(value, tuple) and not is_known(value)):
        return Unknown("an element of a set that is not followed")
    return value


def is_known(value: Value) -> bool:
    """Whether nothing in a value is unknown; what is too large or too deep to look through counts as unknown."""
    return first_unknown(value) is None


def first_unknown(value: Value) -> Unknown | None:
    """The first unknown thing in a value; a value that is too large or too deep to look through is one itself."""
    pending, looked = [(value, 0)], 0
    while pending:
        one, depth = pending.pop()
        looked += 1
        if isinstance(one, Unknown):
            return one
        if not isinstance(one, dict | list | tuple):
            continue
        rest = getattr(one, "rest", None)
        if isinstance(rest, Unknown):
            return rest
        # The same list may stand in another one very often: what counts is what a comparison would look at.
        if depth >= _DEEPEST_VALUE or looked + len(pending) + len(one) > _MOST_PARTS:
            return Unknown("a value that is too large to be followed")
        parts = [*one, *one.values()] if isinstance(one, dict) else list(one)
        pending += [(part, depth + 1) for part in reversed(parts)]
    return None
