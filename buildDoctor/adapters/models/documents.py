"""JSON from a model's folder, which anybody may have written."""

from __future__ import annotations

import json
import os
import stat
from collections import Counter
from pathlib import Path

from msgspec import Struct

MOST_BYTES = 16 << 20
"""The longest configuration of a real model, with a list for every layer, is a tenth of this."""


class Document(Struct, frozen=True):
    """A JSON object, and which of its keys stand there twice in one object."""

    values: dict[str, object]
    twice: tuple[str, ...] = ()


def read_document(path: Path) -> Document | str | None:
    """The object in a file; a text says why it cannot be read, and nothing that there is no such file."""
    try:
        # A pipe under this name would wait for its writer.
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        return f"{path.name} cannot be read: {getattr(error, 'strerror', error)}"
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            return f"{path.name} is no file"
        with os.fdopen(handle, "rb", closefd=False) as stream:
            content = stream.read(MOST_BYTES + 1)
    except OSError as error:
        return f"{path.name} cannot be read: {error.strerror}"
    finally:
        os.close(handle)
    if len(content) > MOST_BYTES:
        return f"{path.name} has more than {MOST_BYTES >> 20} MiB, which no configuration needs"
    return _decoded(content, path.name)


def _decoded(content: bytes, name: str) -> Document | str:
    twice: list[str] = []

    def joined(pairs: list[tuple[str, object]]) -> dict[str, object]:
        found = dict(pairs)
        if len(found) < len(pairs) and len(twice) < 10:
            counts = Counter(key for key, _ in pairs)
            twice.extend(key for key, count in counts.items() if count > 1)
        return found

    try:
        values = json.loads(content, object_pairs_hook=joined)
    except RecursionError:
        return f"{name} is nested too deeply"
    except ValueError as error:
        return f"{name} is no JSON: {error}"
    if not isinstance(values, dict):
        return f"{name} holds no JSON object"
    return Document(values, tuple(dict.fromkeys(twice)))


def part(values: object, *keys: str) -> dict[str, object]:
    """The object under some keys, one below the other; an empty one where there is none."""
    for key in keys:
        values = values.get(key) if isinstance(values, dict) else None
    return values if isinstance(values, dict) else {}


def text(values: object, *keys: str) -> str:
    """The first of the keys that has a text, in small letters; empty when none has."""
    found = (values.get(key) for key in keys) if isinstance(values, dict) else ()
    return next((value.strip().lower()[:200] for value in found if isinstance(value, str)), "")


def whole(values: object, *keys: str) -> int:
    """The first of the keys that has a sensible whole number; 0 when none has."""
    found = (values.get(key) for key in keys) if isinstance(values, dict) else ()
    return next(
        (value for value in found if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 31), 0
    )
