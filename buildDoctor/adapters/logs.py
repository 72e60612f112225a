"""Opens a log: a file, or standard input."""

from __future__ import annotations

import codecs
import sys
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from buildDoctor.core.errors import RequestError
from buildDoctor.core.evidence import Log, NotSeen
from buildDoctor.core.logs.reading import read_log
from buildDoctor.core.logs.symptoms import Symptom

STANDARD_INPUT = "-"
MOST_BYTES = 1 << 32
"""What comes after so many bytes is not read: a device can go on for ever."""
_PIECE = 1 << 20
_MARKS = ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_SAMPLE = 256


def open_log(given: str, symptoms: Sequence[Symptom]) -> tuple[Log, tuple[NotSeen, ...]]:
    """The lines of a log that matter, and what was passed over.

    Args:
        given: a file, or `-` for standard input.
        symptoms: what rules want to find.

    Raises:
        RequestError: it cannot be read.
    """
    name = "standard input" if given == STANDARD_INPUT else given
    try:
        if given == STANDARD_INPUT:
            if sys.stdin is None:
                raise RequestError("standard input is closed; name a file in place of -")
            return _read(sys.stdin.buffer, symptoms, name)
        with Path(given).open("rb") as stream:
            return _read(stream, symptoms, name)
    except (OSError, ValueError) as error:
        raise RequestError(f"{name}: the log cannot be read: {getattr(error, 'strerror', None) or error}") from error


def _read(stream: BinaryIO, symptoms: Sequence[Symptom], name: str) -> tuple[Log, tuple[NotSeen, ...]]:
    """As above, of what is opened."""
    log, missing = read_log(islice(_pieces(stream), MOST_BYTES // _PIECE), symptoms, name)
    if not stream.read(1):
        return log, missing
    return log, (*missing, NotSeen(path="log", reason=f"only the first {MOST_BYTES:,} bytes of {name} were read"))


def _pieces(stream: BinaryIO) -> Iterator[bytes]:
    """The bytes of a log as UTF-8, piece by piece."""
    first = stream.read(_PIECE)
    encoding = _encoding(first)
    if encoding is None:
        while first:
            yield first
            first = stream.read(_PIECE)
        return
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    while first:
        yield decoder.decode(first).lstrip("\ufeff").encode(errors="replace")
        first = stream.read(_PIECE)


def _encoding(beginning: bytes) -> str | None:
    """UTF-16, which a redirection of PowerShell writes; `None` for what has single bytes for its letters."""
    for mark, encoding in _MARKS:
        if beginning.startswith(mark):
            return encoding
    sample = beginning[:_SAMPLE]
    if len(sample) == _SAMPLE and sample[1::2].count(0) > len(sample) // 4 and not sample[::2].count(0):
        return "utf-16-le"
    return None
