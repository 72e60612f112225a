"""Findings of one rule that differ in nothing but one name, told as one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from buildDoctor.core.judging.judge import Held
from buildDoctor.core.language import Binding, Touched


def gathered(held: Iterable[Held]) -> tuple[Held, ...]:
    """What holds; what differs only in the names that its rule gathers as one, in the place of the first.

    A rule that gathers `c` and then `b` puts together what differs in `c` alone, and then what differs in `b` and has
    the same `c`: so what is said of the whole is true of each of its `b` on each of its `c`. Computed lists are no part
    of what is compared, because they mostly follow from the names.
    """
    groups: list[list[Held]] = [[one] for one in held]
    for stage in range(max((len(group[0].rule.together) for group in groups), default=0)):
        groups = _merged(groups, stage)
    return tuple(_whole(group) if group[0].rule.together else group[0] for group in groups)


def _merged(groups: Iterable[list[Held]], stage: int) -> list[list[Held]]:
    """The groups, those that differ in no more than the next name that their rule gathers as one."""
    found: dict[object, list[Held]] = {}
    for at, group in enumerate(groups):
        key = _key(group, stage) if stage < len(group[0].rule.together) else at
        found.setdefault(key, []).extend(group)
    return list(found.values())


def _key(group: Sequence[Held], stage: int) -> object:
    """What two groups have in common that become one."""
    first = group[0]
    names = [gathering.of for gathering in first.rule.together[: stage + 1]]
    others = [
        (name, _identity(binding.value))
        for name, binding in first.bindings.items()
        if name not in names and not isinstance(binding.value, tuple | list)
    ]
    return first.rule.id, tuple(others), tuple(_identity(_values(group, name)) for name in names[:-1])


def _values(group: Iterable[Held], name: str) -> tuple[object, ...]:
    """What a name stands for in each of a group, each once; of lists their elements."""
    found: dict[object, object] = {}
    for one in group:
        value = one.bindings[name].value
        for element in value if isinstance(value, tuple | list) else (value,):
            found.setdefault(_identity(element), element)
    return tuple(found.values())


def _identity(value: object) -> object:
    """What tells a value apart: a record of the evidence is itself, however like another it is."""
    if isinstance(value, tuple | list):
        return tuple(map(_identity, value))
    return value if isinstance(value, str | int) else id(value)


def same(one: object, other: object) -> bool:
    """Whether two names stand for the same."""
    return _identity(one) == _identity(other)


def _whole(parts: list[Held]) -> Held:
    first = parts[0]
    together = first.rule.together
    left_out = {gathering.of for gathering in together}
    bindings = {name: binding for name, binding in first.bindings.items() if name not in left_out}
    bindings |= {gathering.name: Binding(_values(parts, gathering.of)) for gathering in together}
    touched: dict[str, Touched] = {}
    for item in (item for part in parts for item in part.touched):
        touched.setdefault(item.path, item)
    return Held(first.rule, bindings, tuple(touched.values()), tuple(parts))
