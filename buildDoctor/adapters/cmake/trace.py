"""The trace that a run of cmake leaves, as records."""

from __future__ import annotations

import re
from pathlib import Path

from buildDoctor.adapters.commands import Failed
from buildDoctor.core.plan import TraceRecord

# They end a block that another record began, say nothing of their own, and are a quarter of all records.
_NO_MATTER = re.compile(rb'"cmd":"end(?:if|foreach|while|function|macro|block)"', re.IGNORECASE)


def read_trace(trace: Path, roots: tuple[Path, ...], own: Path) -> tuple[TraceRecord, ...] | Failed:
    """The records of a trace file; what lies in the tree is named relative to it.

    Args:
        trace: the file, one JSON document on each line.
        roots: the folders that the scripts knew as the source tree.
        own: the folder of build-doctor's own scripts, whose records are left out where they only prepare.
    """
    import msgspec  # noqa: PLC0415  costs 20 ms that a run without a plan need not pay

    class Line(msgspec.Struct):
        cmd: str
        args: tuple[str, ...]
        file: str
        line: int
        frame: int

    try:
        lines = [line for line in trace.read_bytes().split(b"\n")[1:] if line and not _NO_MATTER.search(line)]
        document = b"[%b]" % b",".join(lines)
        try:
            decoded = msgspec.json.decode(document, type=list[Line])
        except msgspec.DecodeError:
            # A script that is not UTF-8 leaves its bytes in the trace as they are.
            decoded = msgspec.json.decode(document.decode(errors="replace"), type=list[Line])
    except (OSError, msgspec.DecodeError) as error:
        return Failed(reason=f"the trace of the build scripts cannot be read: {error}")
    prefixes = tuple(dict.fromkeys(f"{root}/" for root in roots))
    preparing = (f"{own}/driver.cmake", f"{own}/stubs.cmake")
    folder = f"{trace.parent}/"
    return tuple(
        TraceRecord(
            item.cmd.lower(),
            tuple(_relative(argument, prefixes) for argument in item.args),
            _relative(item.file, prefixes).removeprefix(folder),
            item.line,
            item.frame,
        )
        for item in decoded
        if not item.file.startswith(preparing)
    )


def _relative(text: str, prefixes: tuple[str, ...]) -> str:
    """A text without the folder that the scripts took for the tree: a copy must say the same as its original."""
    for prefix in prefixes:
        if prefix in text:
            text = text.replace(prefix, "")
    return text
