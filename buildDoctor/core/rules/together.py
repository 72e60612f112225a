"""Reads `together`: the loops over which one finding speaks for all, and the names that its texts then have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from buildDoctor.core.language import Expression, ListOf, Name, Node, Type, children, name_refusal, nearest
from buildDoctor.core.rules.loops import keys_of
from buildDoctor.core.rules.rule import Gathering, Loop
from buildDoctor.core.rules.table import Names, Table


def read_together(table: Table, loops: tuple[Loop, ...], names: Names) -> tuple[tuple[Gathering, ...], Names]:
    """What a rule puts together, and the names that its texts and fixes may use.

    They have the new names in place of the loops' own, and of the loops that run over what depends on these.
    """
    given = table.table("together", "together", tuple(keys_of(table, "together")))
    if not given.data:
        return (), names
    together = tuple(Gathering(name=name, of=given.text(name)) for name in given.data)
    if names is None:
        return together, None
    if table.proven:
        return together, _Later(names, together)
    refused = [one for one in together if _is_refused(given, one, names)]
    if refused:
        return together, None
    hidden = _dependent(loops, {one.of for one in together})
    kept = {name: kind for name, kind in names.items() if name not in hidden}
    return together, kept | {one.name: _list_of(names[one.of]) for one in together}


def _is_refused(given: Table, one: Gathering, names: Mapping[str, Type]) -> bool:
    """Whether a name cannot be given, or is given to what is no loop; noted if so."""
    refusal = name_refusal(one.name) if one.name.isidentifier() else f"{one.name!r} cannot be a name"
    if refusal is None and one.name in names:
        refusal = f"{one.name!r} is already the name of a loop"
    if refusal is None and one.of not in names:
        refusal = f"there is no loop {one.of!r} in for_each{nearest(one.of, names)}"
    if refusal is not None:
        given.wrong(one.name, refusal)
    return refusal is not None


def _list_of(kind: Type) -> Type:
    return kind if isinstance(kind, ListOf) else ListOf(kind)


def _dependent(loops: tuple[Loop, ...], hidden: set[str]) -> set[str]:
    """Names, and those of the loops that run over something that is made with them."""
    for loop in loops:
        if hidden & set(_used(loop.over)):
            hidden = {*hidden, loop.name}
    return hidden


def _used(expression: Expression) -> Iterator[str]:
    """The names of other loops that an expression uses."""
    nodes: list[Node] = [expression.node]
    while nodes:
        node = nodes.pop()
        if isinstance(node, Name) and node.slot < len(expression.names):
            yield expression.names[node.slot]
        nodes += children(node)


class _Later(Mapping[str, Type]):
    """The names of the texts of a rule that is known to be right; their types are found out when they are asked for."""

    def __init__(self, loops: Mapping[str, Type], together: tuple[Gathering, ...]) -> None:
        self._loops = loops
        self._lists = {one.name: one.of for one in together}

    def __getitem__(self, name: str) -> Type:
        return _list_of(self._loops[self._lists[name]]) if name in self._lists else self._loops[name]

    def __iter__(self) -> Iterator[str]:
        hidden = set(self._lists.values())
        yield from (name for name in self._loops if name not in hidden)
        yield from self._lists

    def __len__(self) -> int:
        return sum(1 for _ in self)
