"""Reads the loops of a rule or fix: names, each with the list whose elements it takes in turn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from buildDoctor.core.errors import RequestError
from buildDoctor.core.language import Type, name_refusal
from buildDoctor.core.rules.rule import Loop
from buildDoctor.core.rules.table import Names, Table


def read_loops(table: Table, outer: Names) -> tuple[tuple[Loop, ...], Names]:
    """The loops of a rule or fix, and the names that they and the outer ones give."""
    if outer is None:
        return (), None
    if table.proven:
        return _later_loops(table, outer)
    names: Mapping[str, Type] | None = dict(outer)
    given = table.table("for_each", "for_each", tuple(keys_of(table, "for_each")))
    loops: list[Loop] = []
    for name in given.data:
        loop, kind = _loop(given, name, names)
        loops.append(loop)
        names = None if names is None or kind is None else {**names, name: kind}
    return tuple(loops), names


def _later_loops(table: Table, names: Mapping[str, Type]) -> tuple[tuple[Loop, ...], Names]:
    """The loops of a rule that is known to be right; what they run over is found out when it is asked for."""
    given = table.table("for_each", "for_each", tuple(keys_of(table, "for_each")))
    loops: list[Loop] = []
    for name in given.data:
        loops.append(Loop(name=name, over=given.expression(name, names)))
        names = _LaterNames(names, loops[-1])
    return tuple(loops), names


class _LaterNames(Mapping[str, Type]):
    """Names, and one more whose type is that of a loop's elements."""

    def __init__(self, outer: Mapping[str, Type], loop: Loop) -> None:
        self._outer = outer
        self._loop = loop

    def __getitem__(self, name: str) -> Type:
        if name != self._loop.name:
            return self._outer[name]
        kind = self._loop.over.element_type
        if kind is None:
            raise RequestError(
                f"a built-in rule is broken: {self._loop.over.text!r} is no list; run build-doctor rules check"
            )
        return kind

    def __iter__(self) -> Iterator[str]:
        yield from self._outer
        yield self._loop.name

    def __len__(self) -> int:
        return len(self._outer) + 1


def _loop(given: Table, name: str, names: Names) -> tuple[Loop, Type | None]:
    """A loop, and what its elements are; `None` when the loop is wrong."""
    before = len(given.mistakes)
    loop = Loop(name=name, over=given.expression(name, names))
    refusal = name_refusal(name) if name.isidentifier() else f"{name!r} cannot be a name"
    if refusal is None and names is not None and name in names:
        refusal = f"{name!r} is already the name of another loop"
    if refusal is not None:
        given.wrong(name, refusal)
    kind = loop.over.element_type
    if kind is None and names is not None and len(given.mistakes) == before:
        given.wrong(name, f"a loop runs over a list; this is {loop.over.type.words}")
    return loop, kind if len(given.mistakes) == before else None


def keys_of(table: Table, key: str) -> Iterable[str]:
    """The keys that the table of a key has; none when it is no table."""
    value = table.data.get(key)
    return value if isinstance(value, dict) else ()
