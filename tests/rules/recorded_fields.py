"""Cuts evidence down to what a rule reads of it, so that a recorded example stays small."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from buildDoctor.core.evidence import Evidence, Plan, PlannedSource, SourceDifference
from buildDoctor.core.language import Expression, Node, Record, Root, Template, children
from buildDoctor.core.language.tree import Field
from buildDoctor.core.rules.rule import Rule

Used = frozenset[tuple[type, str]]
"""Records of the evidence, each with a field that is read."""
_WHICH_BUILD = frozenset({(Evidence, "plan"), (Plan, "source"), (Plan, "cuda_version"), (Plan, "request")})
"""What a recording says of itself, whether a rule reads it or not."""
_OF_SOURCES, _MOST_SOURCES = (PlannedSource, SourceDifference), 8
"""Trees have hundreds of sources, and a few show what is wrong."""
_WIDE = 110


def fields_read(rule: Rule) -> Used:
    """Every field that a rule reads, in its condition, its texts and its fixes."""
    of_rule = (rule.title, rule.loops, rule.when, rule.why, tuple(rule.fixes))
    return frozenset(use for one in of_rule for tree in _trees(one) for use in _uses(tree))


def _trees(value: object) -> Iterator[Node]:
    """The trees of all expressions in a part of a rule."""
    if isinstance(value, Expression):
        yield value.node
    elif isinstance(value, Template):
        yield from (part.node for part in value.parts if isinstance(part, Expression))
    elif isinstance(value, Struct):
        yield from (tree for name in value.__struct_fields__ for tree in _trees(getattr(value, name)))
    elif isinstance(value, Sequence) and not isinstance(value, str):
        yield from (tree for one in value for tree in _trees(one))


def _uses(node: Node) -> Iterator[tuple[type, str]]:
    if isinstance(node, Root):
        yield Evidence, node.name
    elif isinstance(node, Field) and isinstance(node.of.type, Record):
        yield node.of.type.of, node.name
    for part in children(node):
        yield from _uses(part)


def cut(value: Any, used: Used, places: Mapping[str, str]) -> Any:
    """Plain data with the used fields that were seen. Of records that look the same then, one is kept.

    Args:
        value: a part of the evidence.
        used: what is kept.
        places: the folders of this machine, each with the name that stands for it.
    """
    if isinstance(value, Struct):
        seen = ((name, getattr(value, name)) for name in value.__struct_fields__)
        kept = {(type(value), name) for name, _one in seen} & (used | _WHICH_BUILD)
        fields = [name for name in value.__struct_fields__ if (type(value), name) in kept]
        return {name: cut(one, used, places) for name in fields if (one := getattr(value, name)) is not None}
    if isinstance(value, tuple):
        most = _MOST_SOURCES if value and isinstance(value[0], _OF_SOURCES) else None
        return _each_once([cut(one, used, places) for one in value])[:most]
    if isinstance(value, str):
        for folder, name in places.items():
            value = value.replace(folder, name)
    return value


def _each_once(elements: list[Any]) -> list[Any]:
    return [one for at, one in enumerate(elements) if not isinstance(one, dict) or one not in elements[:at]]


def written(data: object) -> str:
    """JSON with each record on a line of its own, so that a change shows what it changes."""
    return f"{_written(data, '')}\n"


def _written(data: object, indent: str) -> str:
    flat = json.dumps(data, ensure_ascii=False)
    if not data or not isinstance(data, dict | list) or len(indent) + len(flat) <= _WIDE:
        return flat
    deeper = f"{indent} "
    if isinstance(data, dict):
        lines: Iterable[str] = (f"{json.dumps(key)}: {_written(value, deeper)}" for key, value in data.items())
    elif not isinstance(data[0], dict):
        return flat
    else:
        lines = (json.dumps(one, ensure_ascii=False) for one in data)
    opened, closed = "{}" if isinstance(data, dict) else "[]"
    return f"{opened}\n{deeper}" + f",\n{deeper}".join(lines) + f"\n{indent}{closed}"
