"""Every change to a list of architectures, followed through the scopes of the build scripts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from msgspec import Struct, field

from buildDoctor.core.evidence import Step
from buildDoctor.core.plan.records import TraceRecord, are_architectures, elements, flat

_DIGITS = re.compile(r"(\d+)", re.ASCII)

List = tuple[str, ...]
_LONGEST_LIST = 256
"""Longer ones hold no architectures; to keep each state of them would cost the square of their length."""


class Scopes(Struct):
    """The variables that hold lists, by scope: a function call opens one, a macro and an include do not."""

    functions: Mapping[str, tuple[str, ...]]
    """The functions that the scripts define, with the names of their parameters."""
    _stack: list[tuple[int, dict[str, List | None]]] = field(default_factory=lambda: [(0, {})])
    """The frame of the call that opened the scope, and its variables; `None` is a variable whose value is unknown."""

    @property
    def depth(self) -> int:
        """The frame of the innermost call that has not returned; 0 outside of all."""
        return self._stack[-1][0]

    def enter(self, record: TraceRecord) -> None:
        """Close the scopes of calls that have returned when this record runs."""
        while len(self._stack) > 1 and self._stack[-1][0] >= record.frame:
            self._stack.pop()

    def leave(self, record: TraceRecord) -> None:
        """Open the scope of the function that this record calls, if it calls one."""
        if record.command in self.functions:
            given = zip(self.functions[record.command], record.arguments, strict=False)
            self._stack.append((record.frame, {name: elements(value) for name, value in given}))

    def get(self, name: str) -> List | None:
        """The list; empty when it is unset, `None` when its value is unknown."""
        for _frame, variables in reversed(self._stack):
            if name in variables:
                return variables[name]
        return ()

    def set(self, name: str, value: List | None, *, in_parent: bool = False) -> None:
        """Set a list in the current scope or in the one around it."""
        scope = self._stack[-2] if in_parent and len(self._stack) > 1 else self._stack[-1]
        scope[1][name] = value if value is None or len(value) <= _LONGEST_LIST else None

    def forget(self, names: Iterable[str]) -> None:
        """Take the values of variables for unknown: a command may have written them."""
        for name in names:
            if self.get(name):
                self.set(name, None)


def apply(record: TraceRecord, scopes: Scopes) -> Step | None:
    """Carry out what a record does to a list, and say it as a step if the list is one of architectures."""
    if record.command in _WRITES_SOMEWHERE:
        scopes.forget(record.arguments[:1] if record.command == "foreach" else record.arguments)
        return None
    change = _CHANGES.get(record.command, _no_change)(record, scopes)
    if change is None:
        return None
    name, after, in_parent = change
    before = scopes.get(name)
    scopes.set(name, after, in_parent=in_parent)
    if after is None or before is None or before == after or not are_architectures((*before, *after)):
        return None
    return Step(
        variable=name, before=before or None, after=after, command=record.text, file=record.file, line=record.line
    )


Change = tuple[str, List | None, bool]


def _no_change(_record: TraceRecord, _scopes: Scopes) -> Change | None:
    return None


def _set(record: TraceRecord, scopes: Scopes) -> Change | None:
    if not record.arguments or record.arguments[0].startswith("ENV{"):
        return None
    name, *values = record.arguments
    in_parent = bool(values) and values[-1] == "PARENT_SCOPE"
    if in_parent:
        values.pop()
    if "CACHE" in values:
        if scopes.get(name) != ():
            # A variable of the script hides the one in the cache.
            return None
        values = values[: values.index("CACHE")]
    return name, flat(values), in_parent


def _list(record: TraceRecord, scopes: Scopes) -> Change | None:
    if len(record.arguments) < 2:
        return None
    action, name, *rest = record.arguments
    operation = _OPERATIONS.get(action)
    if operation is None:
        scopes.forget(rest)
        return (name, None, False) if action in _WRITES_ITS_LIST else None
    before = scopes.get(name)
    return name, None if before is None else operation(before, flat(rest)), False


def natural_key(text: str) -> tuple[tuple[int, int, str], ...]:
    """The key of CMake's natural order: runs of digits compare as numbers, everything else by its code."""
    key: list[tuple[int, int, str]] = []
    for place, part in enumerate(_DIGITS.split(text)):
        if place % 2:
            # As numbers, the longer one is the greater one once leading zeros are gone.
            digits = part.lstrip("0")
            key.append((ord("0"), len(digits), digits))
        else:
            key += [(ord(character), 0, "") for character in part]
    return tuple(key)


def _sorted(before: List, options: List) -> List | None:
    if not set(options) <= _KNOWN_ORDERS:
        return None
    key: Callable[[str], object] = natural_key if "NATURAL" in options else str
    return tuple(sorted(before, key=key, reverse="DESCENDING" in options))  # type: ignore[arg-type]  # both keys order


_KNOWN_ORDERS = frozenset({"COMPARE", "NATURAL", "STRING", "ORDER", "ASCENDING", "DESCENDING", "CASE", "SENSITIVE"})
_OPERATIONS: dict[str, Callable[[List, List], List | None]] = {
    "APPEND": lambda before, items: before + items,
    "PREPEND": lambda before, items: items + before,
    "REMOVE_ITEM": lambda before, items: tuple(item for item in before if item not in items),
    "REMOVE_DUPLICATES": lambda before, _items: tuple(dict.fromkeys(before)),
    "REVERSE": lambda before, _items: before[::-1],
    "SORT": _sorted,
}
_WRITES_ITS_LIST = frozenset({"FILTER", "INSERT", "POP_BACK", "POP_FRONT", "REMOVE_AT", "TRANSFORM"})
_WRITES_SOMEWHERE = frozenset(
    {
        "string", "math", "file", "cmake_path", "get_filename_component", "separate_arguments", "foreach",
        "execute_process", "get_property", "get_target_property", "get_source_file_property", "get_directory_property",
        "get_cmake_property", "cmake_host_system_information", "cmake_parse_arguments", "aux_source_directory",
    }
)  # fmt: skip
"""Commands whose results the trace does not tell."""
_CHANGES: dict[str, Callable[[TraceRecord, Scopes], Change | None]] = {
    "set": _set,
    "unset": lambda record, _scopes: (
        (record.arguments[0], (), "PARENT_SCOPE" in record.arguments) if record.arguments else None
    ),
    "list": _list,
}
CHANGING = _WRITES_SOMEWHERE | frozenset(_CHANGES)
"""The commands that `apply` does anything about; most of a trace are others."""
