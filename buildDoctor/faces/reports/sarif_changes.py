"""A unified diff as the replacements of a SARIF fix (3.56, 3.57)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from msgspec import Struct, field

_FILE = re.compile(r"--- (?:a/)?([^\t\n]+)")
_HUNK = re.compile(r"@@ -(\d{1,9})(?:,(\d{1,9}))? \+\d+(?:,(\d{1,9}))? @@")
_LINE = re.compile(r"[^\n]*\n?")


class FileChange(Struct):
    """What a diff changes in one file."""

    file: str
    """As the diff names it, without `a/`."""
    replacements: list[dict[str, Any]] = field(default_factory=list)
    """In the form of SARIF, from top to bottom."""


class _Run(Struct):
    """Lines that stand together and are taken out, with those that come in."""

    start: int
    """The first old line, from 1."""
    gone: int = 0
    new: list[str] = field(default_factory=list)


def changes_of(patch: str) -> list[FileChange]:
    """The changes of a diff, file by file."""
    found: list[FileChange] = []
    # A run is filled after it is given, so all of them are taken first.
    for file, run in list(_runs(patch)):
        if not found or found[-1].file != file:
            found.append(FileChange(file))
        found[-1].replacements.append(_replacement(run))
    return found


def _runs(patch: str) -> Iterator[tuple[str, _Run]]:
    file, line, run = "", 0, None
    old = new = 0
    for text in _LINE.findall(patch):
        # Within a hunk, a line that looks like the head of a file is a changed line.
        if old <= 0 and new <= 0:
            if name := _FILE.match(text):
                file = name[1]
            elif hunk := _HUNK.match(text):
                # A hunk that names no old line says the line that it comes after.
                line, run = int(hunk[1]) + (hunk[2] == "0"), None
                old, new = int(hunk[2] or 1), int(hunk[3] or 1)
        elif text[:1] in {"+", "-"}:
            if run is None:
                run = _Run(line)
                yield file, run
            gone = text[0] == "-"
            run.gone, line, old, new = run.gone + gone, line + gone, old - gone, new - (not gone)
            run.new += [] if gone else [text[1:]]
        elif not text.startswith("\\"):
            line, run, old, new = line + 1, None, old - 1, new - 1


def _replacement(run: _Run) -> dict[str, Any]:
    """Whole lines: without columns a region ends before the line end of its last line."""
    if run.gone and run.new:
        region = {"startLine": run.start, "endLine": run.start + run.gone - 1}
        return {"deletedRegion": region, "insertedContent": {"text": "".join(run.new).removesuffix("\n")}}
    region = {"startLine": run.start, "startColumn": 1, "endLine": run.start + run.gone, "endColumn": 1}
    return {"deletedRegion": region, "insertedContent": {"text": "".join(run.new)}}
