"""Every change to a list of architectures, followed through the scopes of the build scripts."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from buildDoctor.core.evidence import Step
from buildDoctor.core.plan.records import TraceRecord, are_architectures, flat

_DIGITS = re.compile(r"(\d+)")

List = tuple[str, ...]


@dataclass(slots=True)
class Scopes:
    """The variables that hold lists, by scope: a function call opens one, a macro and an include do not."""

    functions: frozenset[str]
    _stack: list[tuple[int, dict[str, List | None]]] = field(default_factory=lambda: [(0, {})])
    """The frame of the call that opened the scope, and its variables; `None` is a variable whose value is unknown."""

    def enter(self, record: TraceRecord) -> None:
        """Close the scopes of calls that have returned when this record runs."""
        while len(self._stack) > 1 and self._stack[-1][0] >= record.frame:
            self._stack.pop()

    def leave(self, record: TraceRecord) -> None:
        """Open the scope of the function that this record calls, if it calls one."""
        if record.command in self.functions:
            self._stack.append((record.frame, {}))

    def get(self, name: str) -> List | None:
        """The list, or `None` when it is unset or unknown."""
        for _frame, variables in reversed(self._stack):
            if name in variables:
                return variables[name]
        return None

    def set(self, name: str, value: List | None, *, in_parent: bool = False) -> None:
        """Set a list in the current scope or in the one around it."""
        scope = self._stack[-2] if in_parent and len(self._stack) > 1 else self._stack[-1]
        scope[1][name] = value


def apply(record: TraceRecord, scopes: Scopes) -> Step | None:
    """Carry out what a record does to a list, and say it as a step if the list is one of architectures."""
    change = _CHANGES.get(record.command, _no_change)(record, scopes)
    if change is None:
        return None
    name, after, in_parent = change
    before = scopes.get(name)
    scopes.set(name, after, in_parent=in_parent)
    if after is None or before == after or not (before or after) or not are_architectures((*(before or ()), *after)):
        return None
    return Step(
        variable=name, before=before, after=after, command=record.text, file=record.file, line=record.line
    )


Change = tuple[str, List | None, bool]


def _no_change(_record: TraceRecord, _scopes: Scopes) -> Change | None:
    return None


def _set(record: TraceRecord, _scopes: Scopes) -> Change | None:
    if not record.arguments or record.arguments[0].startswith("ENV{"):
        return None
    name, *values = record.arguments
    in_parent = bool(values) and values[-1] == "PARENT_SCOPE"
    if in_parent:
        values.pop()
    if "CACHE" in values:
        values = values[: values.index("CACHE")]
    return name, flat(values), in_parent


def _list(record: TraceRecord, scopes: Scopes) -> Change | None:
    if len(record.arguments) < 2:
        return None
    action, name, *rest = record.arguments
    operation = _OPERATIONS.get(action)
    if operation is None:
        return (name, None, False) if action in _WRITES_ITS_LIST else None
    before = scopes.get(name)
    # An append to a list that is not known stays unknown; to one that is not set it makes the list.
    return name, operation(before or (), flat(rest)), False


def natural_key(text: str) -> tuple[tuple[int, str], ...]:
    """The key of CMake's natural order: runs of digits compare as numbers."""
    return tuple((int(part), "") if part.isdigit() else (-1, part) for part in _DIGITS.split(text) if part)


def _sorted(before: List, options: List) -> List:
    key: Callable[[str], object] = natural_key if "NATURAL" in options else str
    return tuple(sorted(before, key=key, reverse="DESCENDING" in options))  # type: ignore[arg-type]  # both keys order


_OPERATIONS: dict[str, Callable[[List, List], List]] = {
    "APPEND": lambda before, items: before + items,
    "PREPEND": lambda before, items: items + before,
    "REMOVE_ITEM": lambda before, items: tuple(item for item in before if item not in items),
    "REMOVE_DUPLICATES": lambda before, _items: tuple(dict.fromkeys(before)),
    "REVERSE": lambda before, _items: before[::-1],
    "SORT": _sorted,
}
_WRITES_ITS_LIST = frozenset({"FILTER", "INSERT", "POP_BACK", "POP_FRONT", "REMOVE_AT", "TRANSFORM"})
_CHANGES: dict[str, Callable[[TraceRecord, Scopes], Change | None]] = {
    "set": _set,
    "unset": lambda record, _scopes: (record.arguments[0], (), False) if record.arguments else None,
    "list": _list,
}
