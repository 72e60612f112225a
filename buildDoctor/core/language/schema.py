"""The types of the language, taken from the evidence."""

from __future__ import annotations

import re
import types
from collections.abc import Mapping
from functools import cache
from typing import get_args, get_origin, get_type_hints

from msgspec import Struct

from buildDoctor.core.evidence import Evidence

_PLURALS = {"binary": "binaries"}
_ABOUT_THE_EVIDENCE = frozenset({"origins", "not_seen"})


class Scalar(Struct, frozen=True):
    """One value without parts."""

    words: str
    """How messages call one."""
    plural: str
    """How messages call several."""


class Record(Struct, frozen=True):
    """A part of the evidence that has fields."""

    of: type
    """Its class."""

    @property
    def words(self) -> str:
        """How messages call it, such as `the plan`."""
        return f"the {_words_of(self.of)}"

    @property
    def plural(self) -> str:
        """How messages call several of them, such as `features`."""
        word = _words_of(self.of)
        return _PLURALS.get(word, f"{word}s")


class ListOf(Struct, frozen=True):
    """A list whose elements have one type."""

    element: Type

    @property
    def words(self) -> str:
        """How messages call it, such as `a list of features`."""
        return f"a list of {self.element.plural}"

    @property
    def plural(self) -> str:
        """How messages call several of them."""
        return f"lists of {self.element.plural}"


Type = Scalar | Record | ListOf

TEXT = Scalar("text", "text")
NUMBER = Scalar("a number", "numbers")
TRUTH = Scalar("true or false", "conditions")
VERSION = Scalar("a version", "versions")
ANYTHING = Scalar("anything", "anything")
"""The elements of an empty list: they fit every list."""

_SCALARS: Mapping[object, Type] = {str: TEXT, int: NUMBER, bool: TRUTH}


def common(one: Type, other: Type) -> Type | None:
    """The type of a value that may be either; `None` when they do not fit together."""
    if isinstance(one, ListOf) and isinstance(other, ListOf):
        element = common(one.element, other.element)
        return None if element is None else ListOf(element)
    if one == ANYTHING:
        return other
    return one if other in (ANYTHING, one) else None


@cache
def fields_of(record: type[Struct]) -> Mapping[str, Type]:
    """The fields of a record of the evidence, with their types."""
    hints = get_type_hints(record)
    return {name: _type_of(hints[name]) for name in record.__struct_fields__}


@cache
def evidence_names() -> Mapping[str, Type]:
    """The names that an expression starts from: the parts of the evidence."""
    return {name: kind for name, kind in fields_of(Evidence).items() if name not in _ABOUT_THE_EVIDENCE}


def _type_of(hint: object) -> Type:
    """The type for an annotation such as `tuple[str, ...] | None`."""
    if get_origin(hint) is types.UnionType or isinstance(hint, types.UnionType):
        (hint,) = (part for part in get_args(hint) if part is not types.NoneType)
    if get_origin(hint) is tuple:
        return ListOf(_type_of(get_args(hint)[0]))
    if hint in _SCALARS:
        return _SCALARS[hint]
    if not isinstance(hint, type):
        raise TypeError(f"{hint!r} has no place in the language of rules")
    return Record(hint)


def _words_of(record: type) -> str:
    """The name of a record in words: `PlannedSource` is a `planned source`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", record.__name__).lower()
