"""The trace that cmake writes as lines of words, as records: it costs cmake a tenth of what the same costs as JSON.

Two things are not in it: where an argument with spaces ends, and how deep a call is. Both follow from the scripts: a command
has as many arguments as are written there, and a line stands in one script, function or macro. Where they do not
follow for certain nothing is returned, and cmake has to be asked for JSON.

Format: `<file>(<line>):  <command>(<argument> <argument> )`, cmMakefile::PrintCommandTrace.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct, field

from buildDoctor.adapters.cmake.depths import Body, Depths, UncertainError
from buildDoctor.adapters.cmake.lexing import arguments_at, texts_around
from buildDoctor.adapters.cmake.scripts import text_of
from buildDoctor.adapters.cmake.trace import Naming, Reading
from buildDoctor.core.plan import TraceRecord
from buildDoctor.core.plan.target_records import NOTE

_DIGITS = 7
_DEFINING = {"function": "endfunction", "macro": "endmacro"}
_ENTERS = f"{NOTE}(enter "


def read_plain_trace(trace: Path, naming: Naming, torch_script: Path | None) -> tuple[TraceRecord, ...] | None:
    """The records of a plain trace; nothing where it can be read in more than one way.

    Args:
        trace: the file.
        naming: how the scripts of the run are called.
        torch_script: torch's script, which the replay itself calls.
    """
    try:
        text = trace.read_bytes().decode()
        reader = _Reader(Reading(naming, branched=_ENTERS in text), Depths(str(torch_script)))
        return tuple(reader.records(text))
    except (OSError, UnicodeDecodeError, UncertainError):
        return None


class _Line(Struct):
    """A line of the trace; most come many times."""

    record: TraceRecord
    body: Body
    at: dict[int, TraceRecord] = field(default_factory=dict)
    """The record by its depth."""


class _Reader(Struct):
    """Reads one trace."""

    reading: Reading
    depths: Depths
    _calls: dict[tuple[str, int], tuple[str, list[str]]] = field(default_factory=dict)
    _texts: dict[str, tuple[str, list[int]]] = field(default_factory=dict)

    def records(self, text: str) -> list[TraceRecord]:
        """The records, without those that only end a block."""
        known: dict[str, _Line | None] = {}
        found: list[TraceRecord] = []
        # Every line begins with an absolute path. A piece that does not is part of an argument, and has no head.
        pieces = text.removesuffix("\n").split("\n/") if text else []
        for number, piece in enumerate(pieces):
            if piece in known:
                line = known[piece]
            else:
                line = known[piece] = self._line(pieces, number)
            if line is None:
                continue
            depth = 0 if line.record.command == NOTE else self.depths.depth_of(line.body, line.record)
            record = line.at.get(depth)
            if record is None:
                one = line.record
                record = line.at[depth] = TraceRecord(one.command, one.arguments, one.file, one.line, depth)
            found.append(record)
        return found

    def _line(self, pieces: Sequence[str], number: int) -> _Line | None:
        """A line that was not met before; nothing for one that does not matter."""
        piece = pieces[number]
        file, line, command, text = _parts(piece)
        if not self.reading.counts(command, file):
            return None
        arguments = self._arguments(file, line, command, text)
        if command in _DEFINING and arguments:
            last_file, last, end, _text = _parts(pieces[number + 1] if number + 1 < len(pieces) else "")
            if end != _DEFINING[command] or last_file != file:
                raise UncertainError
            self.depths.define(file, arguments[0].lower(), line, last)
        return _Line(self.reading.record(command, arguments, file, line, 0), self.depths.body_at(file, line))

    def _arguments(self, file: str, line: int, command: str, text: str) -> list[str]:
        """The arguments of a line, as many as the script has there."""
        call = self._calls.get((file, line))
        if call is None:
            script, starts = self._script(file)
            call = arguments_at(script, starts[line - 1]) if 0 < line <= len(starts) else None
            if call is None:
                raise UncertainError
            self._calls[file, line] = call
        name, written = call
        if name != command:
            raise UncertainError
        words = text.split(" ")
        if words.pop():
            raise UncertainError
        # Without a space in any of them there is one way only.
        return words if len(words) == len(written) else _cut([texts_around(one) for one in written], text)

    def _script(self, file: str) -> tuple[str, list[int]]:
        """A script, and where its lines begin."""
        if file not in self._texts:
            text = text_of(Path(file)).removeprefix("\ufeff")
            self._texts[file] = text, [0, *(found.end() for found in re.finditer("\n", text))]
        return self._texts[file]


def _parts(piece: str) -> tuple[str, int, str, str]:
    """File, line, command and arguments of a line; the first of all lines alone begins with its slash."""
    place, _colon, call = piece.partition("):  ")
    file, _bracket, line = place.rpartition("(")
    command, bracket, text = call.partition("(")
    if not bracket or not line.isdecimal() or len(line) > _DIGITS or not text.endswith(")"):
        raise UncertainError
    return file if file.startswith("/") else f"/{file}", int(line), command.lower(), text[:-1]


def _cut(written: Sequence[Sequence[str]], text: str) -> list[str]:
    """The arguments in a line, where only one way to tell them apart is possible.

    Args:
        written: the arguments in the script, each as the texts around what is expanded in it.
        text: what the trace has, with a space behind each argument.
    """
    fixed, ends = [""], []
    for texts in written:
        fixed[-1] += texts[0]
        fixed += texts[1:]
        ends.append((len(fixed) - 1, len(fixed[-1])))
        fixed[-1] += " "
    places = _places(fixed, text)
    found, start = [], 0
    for number, offset in ends:
        low, high = places[number]
        if low != high:
            raise UncertainError
        found.append(text[start : low + offset])
        start = low + offset + 1
    return found


def _places(fixed: Sequence[str], text: str) -> list[tuple[int, int]]:
    """The first and the last place where each of some texts can stand, in their order, from the beginning to the end."""
    last = len(text) - len(fixed[-1])
    if not text.startswith(fixed[0]) or not text.endswith(fixed[-1]) or (len(fixed) == 1 and last):
        raise UncertainError
    if len(fixed) == 1:
        return [(0, 0)]
    lows, at = list[int](), len(fixed[0])
    for one in fixed[1:-1]:
        place = text.find(one, at, last)
        if place < 0:
            raise UncertainError
        lows.append(place)
        at = place + len(one)
    if at > last:
        raise UncertainError
    highs, end = list[int](), last
    for one in reversed(fixed[1:-1]):
        end = text.rfind(one, 0, end)
        highs.append(end)
    return [(0, 0), *zip(lows, reversed(highs), strict=True), (last, last)]
