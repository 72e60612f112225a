"""What an unknown value may be: the lists and tables behind it, which a change of it may change."""

from __future__ import annotations

from collections.abc import Iterable

from buildDoctor.adapters.setup_script.limits import TooMuch
from buildDoctor.adapters.setup_script.values import Bag, ExtensionValue, Items, Table, Unknown, Value

_MOST_REACHED = 20_000


def reach(*values: Value) -> tuple[Value, ...]:
    """Every list, table, set and extension that can be come to from some values.

    Raises:
        TooMuch: there are too many.
    """
    found: dict[int, Value] = {}
    pending: list[Value] = list(values)
    seen: set[int] = set()
    while pending:
        one = pending.pop()
        if id(one) in seen or not isinstance(one, Items | Table | Bag | tuple | ExtensionValue | Unknown):
            continue
        seen.add(id(one))
        if len(seen) > _MOST_REACHED:
            raise TooMuch(f"more than {_MOST_REACHED:,} lists hang on something unknown")
        if isinstance(one, Items | Table | Bag | ExtensionValue):
            found[id(one)] = one
        pending.extend(_inside(one))
    return tuple(found.values())


def _inside(one: Value) -> Iterable[Value]:
    if isinstance(one, Unknown):
        return one.maybe
    if isinstance(one, ExtensionValue):
        return one.attributes.values()
    parts = [*one, *one.values()] if isinstance(one, dict) else list(one)
    rest = getattr(one, "rest", None)
    return parts if rest is None else [*parts, rest]


def open_up(container: Items | Table, why: Unknown, *more: Value) -> None:
    """A list or table may have more in it than is known.

    Args:
        container: the list or table.
        why: the reason.
        more: what may be in it.
    """
    behind = reach(why, *more)
    if container.rest is None:
        container.rest = Unknown(why.reason, maybe=behind)
    else:
        container.rest.maybe = tuple({id(one): one for one in (*container.rest.maybe, *behind)}.values())


def forget(container: Items | Table, why: Unknown, *more: Value) -> None:
    """It is not known any more what a list or table holds."""
    behind = reach(container, *more)
    container.clear()
    open_up(container, why, *(one for one in behind if one is not container))


def touch(why: str, *values: Value, stored: tuple[Value, ...] = ()) -> None:
    """Something unknown may have been done to values and to everything behind them.

    Args:
        why: what it was, with its place.
        values: what it was done to.
        stored: what it may have put there.
    """
    behind = reach(*values)
    for one in behind:
        doubt = Unknown(why, maybe=tuple(other for other in (*behind, *reach(*stored)) if other is not one))
        if isinstance(one, Items | Table):
            reason = one.rest or doubt
            one.clear()
            one.rest = Unknown(reason.reason, maybe=doubt.maybe)
        elif isinstance(one, Bag):
            one[doubt] = None
        else:
            one.attributes.update(dict.fromkeys(one.attributes, doubt))
