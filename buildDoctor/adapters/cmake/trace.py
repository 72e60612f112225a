"""The trace that a run of cmake leaves, as records."""

from __future__ import annotations

import os
from pathlib import Path

from buildDoctor.adapters.commands import Failed
from buildDoctor.core.plan import TraceRecord
from buildDoctor.core.plan.target_records import FROM_TOP, NOTE, SOURCE_COMMANDS

_NO_MATTER = frozenset(
    spelling
    for name in ("endif", "endforeach", "endwhile", "endfunction", "endmacro", "endblock")
    for spelling in (name, name.upper())
)
"""They end a block that another record began, say nothing of their own, and are a quarter of all records."""
_ENTERS = b'"args":["enter",'


def read_trace(trace: Path, roots: tuple[Path, ...], own: Path) -> tuple[TraceRecord, ...] | Failed:
    """The records of a trace file; what lies in the tree is named relative to it.

    Args:
        trace: the file, one JSON document on each line.
        roots: the folders that the scripts knew as the source tree.
        own: the folder of build-doctor's own scripts, whose records are left out but for what they tell.
    """
    import msgspec  # noqa: PLC0415  costs 20 ms that a run without a plan need not pay

    class Line(msgspec.Struct):
        cmd: str
        args: tuple[str, ...]
        file: str
        line: int
        frame: int

    try:
        data = trace.read_bytes()
        # Where no script adds a folder, nothing has to be told apart, and one pass over the text does for all records.
        branched = _ENTERS in data
        if not branched:
            for root in dict.fromkeys(roots):
                data = data.replace(_in_json(root), b"")
        # The first line is the header; each of the others is a record.
        document = b"[%b]" % data[data.find(b"\n") + 1 :].rstrip().replace(b"\n", b",")
        try:
            decoded = msgspec.json.decode(document, type=list[Line])
        except msgspec.DecodeError:
            # A script that is not UTF-8 leaves its bytes in the trace as they are.
            decoded = msgspec.json.decode(document.decode(errors="replace"), type=list[Line])
    except (OSError, msgspec.DecodeError) as error:
        return Failed(reason=f"the trace of the build scripts cannot be read: {error}")
    folder = f"{trace.parent}/"
    preparing = (f"{own}/", f"{folder}inputs.cmake", f"{folder}reading.cmake")
    items = [
        item
        for item in decoded
        if item.cmd not in _NO_MATTER and (not item.file.startswith(preparing) or item.cmd == NOTE)
    ]
    if not branched:
        return tuple(
            TraceRecord(item.cmd.lower(), item.args, item.file.removeprefix(folder), item.line, item.frame)
            for item in items
        )
    prefixes = tuple(dict.fromkeys(f"{root}/" for root in roots))
    return tuple(
        TraceRecord(
            command := item.cmd.lower(),
            # In a folder of its own, a script's `a.cu` and the top's `a.cu` are two files.
            tuple(_relative(a, prefixes, FROM_TOP if command in SOURCE_COMMANDS else "") for a in item.args),
            _relative(item.file, prefixes).removeprefix(folder),
            item.line,
            item.frame,
        )
        for item in items
    )


def _in_json(root: Path) -> bytes:
    """The beginning of a path below a folder as cmake writes it into the trace."""
    written = os.fsencode(f"{root}/").replace(b"\\", b"\\\\").replace(b'"', b'\\"')
    return written.replace(b"\n", b"\\n").replace(b"\t", b"\\t")


def _relative(text: str, prefixes: tuple[str, ...], instead: str = "") -> str:
    """A text without the folder that the scripts took for the tree: a copy must say the same as its original."""
    for prefix in prefixes:
        if prefix in text:
            text = text.replace(prefix, instead)
    return text
