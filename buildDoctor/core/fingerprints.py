"""What stays the same of a finding when lines move, folders have other names and a build is made again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from buildDoctor.core.evidence import Evidence
from buildDoctor.core.findings import Finding

VERSION = "v1"
"""Of how fingerprints are made; it changes only with the version of the JSON report."""
_DIGITS = 32
_INSTALLED = re.compile(r".*/(?:site|dist)-packages/")


def fingerprints(findings: Iterable[Finding], evidence: Evidence) -> tuple[str, ...]:
    """One text for each finding, in their order; no two are the same.

    It is made of the rule and of what the finding is about. Lines, values, words, severities and the folders that a file
    lies in do not count. Of findings that agree in all that counts, each has its own number.

    Args:
        findings: the findings of one report.
        evidence: what they rest on; it says which parts of a subject are paths.
    """
    places = _places(evidence)
    seen: Counter[str] = Counter()
    found: list[str] = []
    for finding in findings:
        about = f"{finding.rule}\0{_without_folders(finding.subject, places)}"
        seen[about] += 1
        text = f"{about}\0{seen[about]}".encode(errors="surrogatepass")
        found.append(_digest(text))
    return tuple(found)


def _digest(text: bytes) -> str:
    import hashlib  # noqa: PLC0415  it loads a library of ciphers, and a report without findings needs none

    return hashlib.sha256(text).hexdigest()[:_DIGITS]


def place_of(path: str) -> str:
    """A file's path without what differs from machine to machine: its path in a wheel or package, else its name.

    The file name of a wheel carries its version; the name of the distribution stays.
    """
    wheel, inside, member = path.rpartition("!")
    if inside:
        return member
    if path.endswith(".whl"):
        return path.rpartition("/")[2].partition("-")[0]
    installed = _INSTALLED.match(path)
    return path[installed.end() :] if installed else path.rpartition("/")[2] or wheel


def _places(evidence: Evidence) -> list[tuple[str, str]]:
    """The paths of all files, each with its place; the longest first, so that no path hides another."""
    files = [binary.path for binary in evidence.binaries or ()] + [wheel.path for wheel in evidence.wheels or ()]
    return sorted({(path, place_of(path)) for path in files if path}, key=lambda pair: (-len(pair[0]), pair[0]))


def _without_folders(subject: str, places: Iterable[tuple[str, str]]) -> str:
    for path, place in places:
        subject = subject.replace(path, place)
    return subject
