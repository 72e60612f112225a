"""The values of a followed script. Texts, numbers, tuples and paths are Python's own; these are the others."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

HOLE = "\0"
"""Stands in the shape of a text for a part that is not known."""
ROOT = PurePosixPath("/not-run/source")
"""Where the script believes that it lies: nothing of this machine's paths reaches it."""

Value = Any
"""Any value of a script. What may be done with it is decided where it is done, by its type."""


@dataclass(eq=False, slots=True)
class Unknown:
    """A value that cannot be followed, and why."""

    reason: str
    """What it is and where it comes from, such as `os.cpu_count() at setup.py:12`."""
    key: str = ""
    """What makes two of them the same fact, such as `torch.cuda.is_available()`; empty for one of its own."""
    shape: str | None = None
    """For a text the parts of it that are known."""
    opposite: Unknown | None = None
    """The condition that this one is the opposite of."""


class Items(list[Value]):
    """A list of the script; `rest` says why it may have more elements than these."""

    __slots__ = ("rest",)

    def __init__(self, elements: Any = (), rest: Unknown | None = None) -> None:  # noqa: ANN401  whatever list takes
        super().__init__(elements)
        self.rest = rest


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
        super().__init__(dict.fromkeys(elements))


class EnvironmentTable(Table):
    """The variables of the build: what was stated, and nothing else."""

    __slots__ = ("asked",)

    def __init__(self, pairs: Any = ()) -> None:  # noqa: ANN401  whatever dict takes
        super().__init__(pairs)
        self.asked: dict[str, None] = {}
        """The names that the script asked for."""


@dataclass(eq=False, slots=True)
class Library:
    """A module, or another thing that is nothing but attributes."""

    name: str
    attributes: dict[str, Value] = field(default_factory=dict)


@dataclass(eq=False, slots=True)
class Native:
    """A function of a library, modelled."""

    name: str
    call: Callable[..., Value]
    """Takes the interpreter, the call's node, the list of arguments and the table of named ones."""


@dataclass(eq=False, slots=True)
class Method:
    """A method of a value."""

    of: Value
    name: str


@dataclass(eq=False, slots=True)
class Function:
    """A function that the script defines."""

    node: ast.FunctionDef | ast.Lambda
    scope: Any
    file: str
    defaults: tuple[Value, ...] = ()
    named_defaults: tuple[Value, ...] = ()

    @property
    def name(self) -> str:
        """What the script calls it."""
        return self.node.name if isinstance(self.node, ast.FunctionDef) else "a lambda"


@dataclass(eq=False, slots=True)
class ClassValue:
    """A class that the script defines; its methods are not followed."""

    name: str
    bases: tuple[Value, ...]
    node: ast.ClassDef | None
    place: str


@dataclass(frozen=True, slots=True)
class ExceptionValue:
    """An exception of the script before it is raised."""

    kind: str
    message: str


@dataclass(eq=False, slots=True)
class OpenFile:
    """A file of the tree that the script opened to read it."""

    text: str
    at: int = 0


@dataclass(eq=False, slots=True)
class ExtensionValue:
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


def is_known(value: Value, depth: int = 6) -> bool:
    """Whether nothing in a value is unknown."""
    if isinstance(value, Unknown) or depth == 0:
        return False
    if isinstance(value, Items | Table) and value.rest is not None:
        return False
    if isinstance(value, dict):
        return all(is_known(item, depth - 1) for pair in value.items() for item in pair)
    if isinstance(value, list | tuple):
        return all(is_known(item, depth - 1) for item in value)
    return True


def first_unknown(value: Value, depth: int = 6) -> Unknown | None:
    """The first unknown thing in a value."""
    if isinstance(value, Unknown):
        return value
    if isinstance(value, Items | Table) and value.rest is not None:
        return value.rest
    parts: list[Value] = []
    if isinstance(value, dict):
        parts = [item for pair in value.items() for item in pair]
    elif isinstance(value, list | tuple):
        parts = list(value)
    found = (first_unknown(part, depth - 1) for part in parts if depth > 0)
    return next((one for one in found if one is not None), None)
