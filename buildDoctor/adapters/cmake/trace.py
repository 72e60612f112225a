"""The trace that a run of cmake leaves as JSON, as records."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from buildDoctor.adapters.commands import Failed
from buildDoctor.core.plan import TraceRecord
from buildDoctor.core.plan.target_records import FROM_TOP, NOTE, SOURCE_COMMANDS

_NO_MATTER = frozenset({"endif", "endforeach", "endwhile", "endfunction", "endmacro", "endblock"})
"""They end a block that another record began, say nothing of their own, and are a quarter of all records."""
_ENTERS = b'"args":["enter",'
_DECODER = msgspec.json.Decoder(TraceRecord)


class Naming(Struct, frozen=True, kw_only=True):
    """How the scripts of a run are called."""

    roots: tuple[Path, ...]
    """The folders that the scripts knew as the source tree; what lies there is named relative to it."""
    own: Path
    """The folder of build-doctor's own scripts, whose records are left out but for what they tell."""
    folder: Path
    """The folder of the run, in which further scripts of build-doctor lie."""


class Reading:
    """What of a trace is a record, and how it is named."""

    def __init__(self, naming: Naming, *, branched: bool) -> None:
        """Begin.

        Args:
            naming: how the scripts are called.
            branched: whether a script adds a folder: the `a.cu` of a script and that of the top are then two files.
        """
        self._branched = branched
        self._prefixes = tuple(dict.fromkeys(f"{root}/" for root in naming.roots))
        self._folder = f"{naming.folder}/"
        self._hidden = (f"{naming.own}/", f"{naming.folder}/inputs.cmake", f"{naming.folder}/reading.cmake")
        self._notes = f"{naming.own}/notes.cmake"

    def counts(self, command: str, file: str) -> bool:
        """Whether a command in lower case is a record; what the replay tells is believed of its own script only."""
        if command == NOTE:
            return file == self._notes
        return command not in _NO_MATTER and not file.startswith(self._hidden)

    def record(self, command: str, arguments: Sequence[str], file: str, line: int, frame: int) -> TraceRecord:
        """The record of a command, with the files of the tree named relative to it."""
        if command == NOTE:
            arguments = [one.removeprefix(f"<{number}>") for number, one in enumerate(arguments)]
        instead = FROM_TOP if self._branched and command in SOURCE_COMMANDS else ""
        return TraceRecord(
            command,
            tuple([self._relative(one, instead) if "/" in one else one for one in arguments]),
            self._relative(file).removeprefix(self._folder),
            line,
            frame,
        )

    def _relative(self, text: str, instead: str = "") -> str:
        """A text without the folder that the scripts took for the tree: a copy must say the same as its original."""
        for prefix in self._prefixes:
            if prefix in text:
                text = text.replace(prefix, instead)
        return text


def read_trace(trace: Path, naming: Naming) -> tuple[TraceRecord, ...] | Failed:
    """The records of a trace file.

    Args:
        trace: the file, one JSON document on each line.
        naming: what of it is a record.
    """
    try:
        data = trace.read_bytes()
        # The first line is the header; each of the others is a record.
        lines = data[data.find(b"\n") + 1 :]
        try:
            decoded = _DECODER.decode_lines(lines)
        except msgspec.DecodeError:
            # A script that is not UTF-8 leaves its bytes in the trace as they are.
            decoded = _DECODER.decode_lines(lines.decode(errors="replace"))
    except (OSError, msgspec.DecodeError) as error:
        return Failed(reason=f"the trace of the build scripts cannot be read: {error}")
    reading = Reading(naming, branched=_ENTERS in data)
    return tuple(
        [
            reading.record(item.command.lower(), item.arguments, item.file, item.line, item.frame)
            for item in decoded
            if reading.counts(item.command.lower(), item.file)
        ]
    )
