"""Where a finding is shown in other people's tools: at a line of a script or setting, else at the file it is about."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from msgspec import Struct

from buildDoctor.core.findings import Finding
from buildDoctor.core.report import Report

_LINE = re.compile(r"(?<![^\s,(])(?P<file>[^\s,:()][^,:()]*?):(?P<line>[1-9]\d{0,8})\b")
_SCRIPTS = (".txt", ".cmake", ".py", ".toml", ".in", ".cfg", ".log")


class Place(Struct, frozen=True):
    """A file, and a line of it where that is known."""

    file: str
    """Relative to the folder that the report is read in, where that is known; otherwise as it was seen."""
    line: int | None = None
    """From 1."""


def places_of(finding: Finding, report: Report) -> tuple[Place, ...]:
    """The places of a finding's evidence, the nearest to the fault first; one at least."""
    lines = dict.fromkeys(place for item in finding.evidence for place in _lines(item.source, report))
    return tuple(lines) or (Place(_file_of(finding, report)),)


def in_tree(file: str, report: Report) -> str:
    """The path of a build script, seen from the folder that the examination ran in, where the tree was named from there."""
    source = (report.evidence.plan.source if report.evidence.plan else None) or ""
    # Settings stand in the folder of the run, whatever the tree is.
    outside = not source or source.startswith(("/", "..")) or file.startswith("/")
    if outside or not file.endswith(_SCRIPTS) or file.endswith(".toml"):
        return file
    return posixpath.normpath(posixpath.join(source, file))


def _lines(source: str, report: Report) -> Iterator[Place]:
    for found in _LINE.finditer(source):
        if found["file"].endswith(_SCRIPTS):
            yield Place(in_tree(found["file"], report), int(found["line"]))


def _file_of(finding: Finding, report: Report) -> str:
    """The file that a finding is about: a binary that its evidence names, the first target, or the tree."""
    for item in finding.evidence:
        at = re.match(r"(binaries|wheels)\[(\d{1,6})\]", item.path)
        files = getattr(report.evidence, at[1]) or () if at else ()
        if at and int(at[2]) < len(files) and files[int(at[2])].path:
            # A scanner knows the wheel, not what is in it.
            return str(files[int(at[2])].path).partition("!")[0]
    return report.targets[0] if report.targets else "."
