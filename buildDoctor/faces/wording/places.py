"""The file and line that a piece of evidence comes from."""

from __future__ import annotations

import re

from msgspec import Struct

from buildDoctor.core.findings import Finding

_PLACE = re.compile(r"(?P<file>[^\s:,;()]+\.[\w.]+|CMakeLists\.txt):(?P<line>\d+)", re.ASCII)


class Place(Struct, frozen=True):
    """A line of a file."""

    file: str
    """As the evidence writes it: relative to the source tree, or absolute."""
    line: int
    """From 1."""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


def place_in(source: str) -> Place | None:
    """The first `file:line` in what says where a thing was seen."""
    found = _PLACE.search(source)
    return Place(found["file"], int(found["line"])) if found else None


def place_of_finding(finding: Finding) -> Place | None:
    """The first line of a file that a finding names."""
    return next(filter(None, (place_in(item.source) for item in finding.evidence)), None)
