"""Values in words, short enough to stand behind an expression."""

from __future__ import annotations

from msgspec import Struct

from buildDoctor.core.language.schema import Record

_NAMING_FIELDS = (
    ("name",), ("path",), ("index",), ("kind",), ("folder",), ("binary",), ("place",), ("format", "capability")
)  # fmt: skip
_MOST_ELEMENTS = 6
_LONGEST = 200


def name_of(value: object) -> str:
    """How an element is told apart from its neighbours: its name, path or number."""
    named = _named(value)
    return str(value) if named is None else named


def _named(value: object) -> str | None:
    """What tells a record apart; `None` when it has nothing of the kind."""
    for fields in _NAMING_FIELDS:
        found = [getattr(value, field, None) for field in fields]
        if not any(one is None or callable(one) for one in found):
            return " ".join(map(str, found))
    return None


def in_short(value: object) -> str:
    """A value as an expression would write it; a record by its name, a long list by its beginning."""
    if value is None:
        return "unknown"
    if isinstance(value, tuple):
        return _list(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _cut(repr(value))
    return _record(value) if isinstance(value, Struct) else _cut(str(value))


def _record(value: Struct) -> str:
    words = Record(type(value)).words
    name = _named(value)
    return words if name is None else _cut(f"{words} {name}")


def _list(elements: tuple[object, ...]) -> str:
    if not elements:
        return "[]"
    shown = ", ".join(map(in_short, elements[:_MOST_ELEMENTS]))
    if len(elements) > _MOST_ELEMENTS:
        shown += f", … {len(elements)} in all"
    return f"[{shown}]" if len(shown) <= _LONGEST else f"[…] {len(elements)} in all"


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
