"""Evidence from files: saved reports, recordings, and the evidence of a rule's examples."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec
from msgspec.structs import replace

from buildDoctor.core.errors import RequestError
from buildDoctor.core.evidence import Evidence
from buildDoctor.core.language import ListOf, Record, Type, fields_of, nearest
from buildDoctor.core.rules.rule import Example
from buildDoctor.core.rules.table import Mistake

NOT_SEEN = "not seen"
"""In the evidence of an example: the value that a healthy machine has here was not seen."""
MAX_BYTES = 200_000_000

_HEALTHY = Path(__file__).parent / "healthy.json"


_AT = re.compile(r" - at `\$(?P<path>[^`]*)`")
_STEP = re.compile(r"\.(?P<key>[^.\[\]]+)|\[(?P<index>\d+)\]")


class EvidenceError(RequestError):
    """A file that does not hold evidence.

    Args:
        message: What is wrong.
        mistakes: The same, each with the key that it is about, where that is known.
    """

    def __init__(self, message: str, mistakes: tuple[Mistake, ...] = ()) -> None:
        super().__init__(message)
        self.mistakes = mistakes


def read_evidence(path: Path) -> Evidence:
    """The evidence of a file: a saved report, or evidence alone.

    Raises:
        EvidenceError: the file cannot be read or holds something else.
    """
    try:
        return evidence_from(_read(path))
    except EvidenceError as error:
        raise EvidenceError(f"{path}: {error}") from None


def evidence_of(example: Example, rule_file: Path) -> Evidence:
    """The evidence of a rule's example: its own file, or a healthy machine with the example's differences.

    Args:
        example: The example.
        rule_file: The file of its rule.

    Raises:
        EvidenceError: it is no evidence.
    """
    if example.evidence_file is not None:
        found = read_evidence(rule_file.parent / example.evidence_file)
    else:
        found = evidence_from(overlay(healthy(), example.evidence or {}))
    return found if example.log is None else replace(found, log=example.log)


def healthy() -> dict[str, object]:
    """A machine on which nothing is wrong, as plain data."""
    return _read(_HEALTHY)


def overlay(base: Mapping[str, object], difference: Mapping[str, object]) -> dict[str, object]:
    """The base with the difference in place: tables are merged, everything else is replaced.

    A key whose value is the text `not seen` is taken away.

    Args:
        base: Plain data.
        difference: Plain data of the same shape.
    """
    result = dict(base)
    for key, value in difference.items():
        below = result.pop(key, None)
        if value != NOT_SEEN:
            result[key] = _replaced(below, value)
    return result


def _replaced(below: object, value: object) -> object:
    if isinstance(value, dict):
        return overlay(below if isinstance(below, dict) else {}, value)
    return [_replaced(None, element) for element in value] if isinstance(value, list) else value


def evidence_from(data: Mapping[str, object]) -> Evidence:
    """The evidence that plain data says.

    Args:
        data: From JSON or TOML; a saved report is read for its `evidence`.

    Raises:
        EvidenceError: a key is unknown or a value has the wrong type.
    """
    inside = data.get("evidence")
    if isinstance(inside, Mapping) and "schema_version" in data:
        data = inside
    unknown = tuple(_unknown_keys(data, Record(Evidence), ()))
    if unknown:
        raise EvidenceError("; ".join(mistake.message for mistake in unknown), unknown)
    try:
        return msgspec.convert(data, Evidence)
    except msgspec.ValidationError as error:
        raise EvidenceError(str(error), (Mistake(_place_in(str(error)), str(error)),)) from None


def _unknown_keys(data: object, kind: Type, path: tuple[str | int, ...]) -> Iterator[Mistake]:
    """A mistake for each key that is no field; msgspec passes over them."""
    if isinstance(kind, ListOf) and isinstance(data, list | tuple):
        for index, element in enumerate(data):
            yield from _unknown_keys(element, kind.element, (*path, index))
    elif isinstance(kind, Record) and isinstance(data, Mapping):
        known = fields_of(kind.of)
        for key, value in data.items():
            if key in known:
                yield from _unknown_keys(value, known[key], (*path, key))
            else:
                where = f"{_written((*path, key))!r}"
                yield Mistake((*path, key), f"{where} is not a field of {kind.words}{nearest(str(key), known)}")


def _written(path: tuple[str | int, ...]) -> str:
    return "$" + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)


def _place_in(message: str) -> tuple[str | int, ...]:
    """The key that a message of msgspec is about."""
    found = _AT.search(message)
    steps = _STEP.finditer(found["path"]) if found else ()
    return tuple(int(step["index"]) if step["index"] else step["key"] for step in steps)


def _read(path: Path) -> dict[str, object]:
    try:
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
        if len(content) > MAX_BYTES:
            raise EvidenceError(f"it has more than {MAX_BYTES:,} bytes")
        return msgspec.json.decode(content, type=dict[str, object])
    except OSError as error:
        raise EvidenceError(f"it cannot be read: {error.strerror}") from None
    except (msgspec.DecodeError, RecursionError) as error:
        raise EvidenceError(f"it is not a JSON document of evidence: {error}") from None
