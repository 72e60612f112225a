"""The blocks that are built for some architectures only: what each wants, and what it gets."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from msgspec import Struct
from msgspec.structs import replace

from buildDoctor.core.evidence import Feature
from buildDoctor.core.plan.blocks import end_of_block, name_of_block, spelt_in_block
from buildDoctor.core.plan.records import TraceRecord, are_architectures, elements, flat, within_call
from buildDoctor.core.plan.target_records import FROM_TOP

_SOURCE_FILE = re.compile(r".+\.(cu|cpp|cc|cxx|c)", re.IGNORECASE)
_LONGEST_BLOCK = 20_000
"""Records; a block that runs more is cut."""
_CHIP = re.compile(r"SM\d{2,3}")


class Intersection(Struct, frozen=True):
    """One call of the project's function that meets a list of its own with the build's architectures."""

    index: int
    """The number of the record that names the result; the outermost call when one function wraps another."""
    variable: str
    wants: tuple[str, ...]
    targets: tuple[str, ...]
    gets: tuple[str, ...]


def intersection_at(records: tuple[TraceRecord, ...], index: int) -> Intersection | None:
    """The call at an index, when it has the shape (result, own list, the build's architectures) and sets its result.

    Args:
        records: the whole trace.
        index: the place of a call of one of the scripts' functions, with three arguments.
    """
    record = records[index]
    variable, wanted, targeted = record.arguments
    wants, targets = elements(wanted), elements(targeted)
    if not wants or not are_architectures((*wants, *targets)):
        return None
    results = [
        flat(inner.arguments[1:-1])
        for inner in within_call(records, index)
        if inner.command == "set"
        and inner.arguments[:1] == (variable,)
        and inner.arguments[-1] == "PARENT_SCOPE"
        and inner.frame == record.frame + 1
    ]
    return Intersection(index, variable, wants, targets, results[-1]) if results else None


def renamed_by_wrapper(found: Intersection, records: tuple[TraceRecord, ...], callers: list[int]) -> Intersection:
    """The intersection under the name that a wrapping function gives to its result."""
    if not callers or not records[callers[0]].arguments:
        return found
    return replace(found, index=callers[0], variable=records[callers[0]].arguments[0])


def feature_of(found: Intersection, records: tuple[TraceRecord, ...], texts: Mapping[str, str]) -> Feature:
    """The block that an intersection decides about."""
    record = records[found.index]
    window = _block_of(found, records, texts)
    if window is None:
        return Feature(
            name=found.variable, variable=found.variable, wants=found.wants, gets=found.gets,
            file=record.file, line=record.line,
        )  # fmt: skip
    first, last, inside = window
    text = texts.get(record.file, "")
    built = _takes_first_branch(inside, record.frame)
    sources, definitions = (_added(inside, record.frame)) if built else spelt_in_block(text, first, last)
    return Feature(
        name=name_of_block(text, first, last) or found.variable,
        variable=found.variable,
        wants=found.wants,
        gets=found.gets,
        file=record.file,
        line=record.line,
        built=built,
        sources=sources,
        definitions=definitions,
        messages=tuple(r.arguments[1] for r in inside if r.command == "message" and len(r.arguments) > 1 and _said(r)),
    )


def _takes_first_branch(inside: list[TraceRecord], frame: int) -> bool:
    """Whether the first thing that ran after the `if` is not its `else`."""
    first = next((r.command for r in inside if r.frame == frame), "endif")
    return first not in {"else", "elseif", "endif"}


def _added(inside: list[TraceRecord], frame: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The sources and macros that the records of a block add."""
    own = [r for r in inside if r.frame == frame]
    return tuple(dict.fromkeys(_sources(inside))), tuple(dict.fromkeys(_definitions(own)))


def _said(record: TraceRecord) -> bool:
    return record.arguments[0] in {"STATUS", "NOTICE", "WARNING", "SEND_ERROR", "FATAL_ERROR"}


def _block_of(
    found: Intersection, records: tuple[TraceRecord, ...], texts: Mapping[str, str]
) -> tuple[int, int, list[TraceRecord]] | None:
    """First and last line of the `if` that asks for the result, and the records that ran inside."""
    call = records[found.index]
    for index in range(found.index + 1, min(found.index + 1 + _LONGEST_BLOCK, len(records))):
        record = records[index]
        if record.file != call.file or record.frame > call.frame:
            continue
        if record.frame < call.frame or (record.arguments[:1] == (found.variable,) and record.command != "if"):
            return None
        if record.command == "if" and found.variable in record.arguments:
            last = end_of_block(texts.get(record.file, ""), record.line)
            return record.line, last, _inside(records, index, last)
    return None


def _inside(records: tuple[TraceRecord, ...], index: int, last: int) -> list[TraceRecord]:
    """The records from an `if` on until its block is left, calls included."""
    opening = records[index]
    inside = []
    for record in records[index + 1 : index + 1 + _LONGEST_BLOCK]:
        here = record.frame == opening.frame
        if record.frame < opening.frame or (here and not opening.line <= record.line <= last):
            break
        inside.append(record)
    return inside


def _sources(inside: Iterable[TraceRecord]) -> Iterable[str]:
    for record in inside:
        if record.command == "set_property" and record.arguments[:1] == ("SOURCE",):
            upto = next((i for i, a in enumerate(record.arguments) if a in {"APPEND", "PROPERTY"}), 1)
            named = (item.removeprefix(FROM_TOP) for item in flat(record.arguments[1:upto]))
            yield from (item for item in named if _SOURCE_FILE.fullmatch(item))
        elif record.command == "list" and record.arguments[:1] == ("APPEND",):
            yield from (item for item in flat(record.arguments[2:]) if _SOURCE_FILE.fullmatch(item))


def _definitions(inside: Iterable[TraceRecord]) -> Iterable[str]:
    for record in inside:
        if record.command == "list" and record.arguments[:1] == ("APPEND",):
            yield from (item.removeprefix("-D") for item in flat(record.arguments[2:]) if item.startswith("-D"))
        elif record.command == "target_compile_definitions":
            yield from (item.removeprefix("-D") for item in flat(record.arguments[2:]))


def uniquely_named(features: Iterable[Feature]) -> tuple[Feature, ...]:
    """The features, each with a name of its own: shared ones get the chip of their macros, or else a number."""
    listed = list(features)
    shared = Counter(feature.name for feature in listed)
    seen: Counter[str] = Counter()
    named = []
    for feature in listed:
        name = f"{feature.name}{_chip(feature)}" if shared[feature.name] > 1 else feature.name or ""
        seen[name] += 1
        named.append(replace(feature, name=name if seen[name] == 1 else f"{name} #{seen[name]}"))
    return tuple(named)


def _chip(feature: Feature) -> str:
    """The chip that the macros of a feature name, such as ` SM100`; empty when they name none."""
    found = next((_CHIP.search(d) for d in feature.definitions or () if _CHIP.search(d)), None)
    return f" {found[0]}" if found else ""
