"""Puts a unified diff into a text, only where every line that it names is there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct, field

from buildDoctor.core.fixes.list_edits import EditError

_HUNK = re.compile(r"@@ -(\d+)(?:,(\d+))? \+\d+(?:,\d+)? @@")
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
"""A line with its end; only a line feed ends one."""
_NO_LINE_END = "\\ No newline at end of file"


class Applied(Struct, frozen=True, kw_only=True):
    """What was written; or why nothing was."""

    file: str = ""
    """The file that has changed, relative to the tree."""
    backup: str = ""
    """What it was before, beside it."""
    why_not: str = ""
    """One sentence; empty when it was written."""


class _Hunk(Struct):
    start: int
    """The first line that it names, from 0."""
    old: list[str] = field(default_factory=list)
    new: list[str] = field(default_factory=list)


def patched_file(patch: str) -> str:
    """The one file that a patch changes, relative to the tree.

    Raises:
        EditError: it changes none, or several, or makes or removes one.
    """
    names = re.findall(r"^--- (?:a/)?([^\t\n]+)", patch, re.MULTILINE)
    after = re.findall(r"^\+\+\+ (?:b/)?([^\t\n]+)", patch, re.MULTILINE)
    if len(names) != 1 or names != after:
        raise EditError("the patch does not change exactly one file")
    return str(names[0])


def patched(text: str, patch: str) -> str:
    """The text after the patch.

    Raises:
        EditError: a line that the patch names is not where it says, or the patch changes nothing.
    """
    lines = _LINE.findall(text)
    moved = 0
    for hunk in _hunks(patch):
        at = hunk.start + moved
        if lines[at : at + len(hunk.old)] != hunk.old:
            raise EditError(f"the file has changed since: line {hunk.start + 1} is not what the patch replaces")
        lines[at : at + len(hunk.old)] = hunk.new
        moved += len(hunk.new) - len(hunk.old)
    after = "".join(lines)
    if after == text:
        raise EditError("the patch changes nothing")
    return after


def _hunks(patch: str) -> Iterator[_Hunk]:
    hunk: _Hunk | None = None
    last: list[list[str]] = []
    for line in _LINE.findall(patch):
        found = _HUNK.match(line)
        if found:
            if hunk:
                yield hunk
            # A hunk that names no old line says the line that it comes after.
            hunk = _Hunk(int(found[1]) - (0 if found[2] == "0" else 1))
        elif hunk and line.startswith(_NO_LINE_END):
            for side in last:
                side[-1] = side[-1].removesuffix("\n")
        elif hunk and line[:1] in {" ", "-", "+"}:
            last = [hunk.old, hunk.new] if line[0] == " " else [hunk.old if line[0] == "-" else hunk.new]
            for side in last:
                side.append(line[1:])
    if hunk:
        yield hunk
