"""Two builds read and compared: files, wheels, folders or saved reports."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from msgspec import Struct, field

from buildDoctor.adapters import targets
from buildDoctor.adapters.elf.binary import read_binary
from buildDoctor.adapters.elf.reading import BinaryReading
from buildDoctor.adapters.recorded import read_evidence
from buildDoctor.adapters.targets import Kind, Target
from buildDoctor.core.comparing.differences import differences
from buildDoctor.core.errors import RequestError
from buildDoctor.core.evidence import Binary, Evidence, NotSeen
from buildDoctor.core.report import Report
from buildDoctor.examine.options import Progress

EVERY_KERNEL = re.compile("")


class _Side(Struct):
    """One of the two builds."""

    files: dict[str, Binary] = field(default_factory=dict)
    """Its files, by their paths within it."""
    not_seen: list[NotSeen] = field(default_factory=list)


def compare(before: str, after: str, progress: Progress) -> Report:
    """What changed between two builds.

    Args:
        before: the first: a file, wheel, folder or saved report.
        after: the second.
        progress: called with a sentence before each step.

    Raises:
        RequestError: one is not there, or holds nothing that can be compared.
    """
    sides = [_side(given, progress) for given in (before, after)]
    progress("comparing")
    found = differences((before, after), sides[0].files, sides[1].files)
    evidence = Evidence(not_seen=tuple(missing for side in sides for missing in side.not_seen))
    return Report(
        targets=(before, after), verdict="Not judged.", findings=(), undecided=(), evidence=evidence, changes=found
    )


def _side(given: str, progress: Progress) -> _Side:
    """The files of one build.

    Raises:
        RequestError: there are none.
    """
    side = _Side()
    progress(f"reading {given}")
    target = targets.classify(given, ())
    if target.kind is Kind.REPORT:
        side.files = _of_report(read_evidence(target.path))
    else:
        for place, reading in readings_of(target):
            if reading.binary is not None:
                side.files[place] = reading.binary
            side.not_seen += [NotSeen(path=f"{given}: {note.path}", reason=note.reason) for note in reading.not_seen]
    if not side.files:
        reasons = "; ".join(note.reason for note in side.not_seen)
        raise RequestError(f"{given}: {reasons or 'it holds no shared object that can be compared'}")
    return side


def readings_of(target: Target) -> Iterator[tuple[str, BinaryReading]]:
    """The readings of a build with all their kernels, each with its path within the build."""
    if target.kind is Kind.WHEEL:
        from buildDoctor.adapters.elf.wheels import read_wheel  # noqa: PLC0415  costs the zip module

        for reading in read_wheel(target.path, kernels=EVERY_KERNEL, only=target.member):
            yield reading.name.partition("!")[2] or reading.name, reading
    elif target.kind in {Kind.FOLDER, Kind.TREE}:
        for path in targets.shared_objects(target.path):
            yield path.relative_to(target.path).as_posix(), read_binary(path, kernels=EVERY_KERNEL)
    else:
        yield target.path.name, read_binary(target.path, target.given, kernels=EVERY_KERNEL)


def _of_report(evidence: Evidence) -> dict[str, Binary]:
    """The files of a saved report, by what their paths do not have in common; those of a wheel by their path in it."""
    binaries = [binary for binary in evidence.binaries or () if binary.path]
    inside = [PurePosixPath((binary.path or "").rpartition("!")[2]) for binary in binaries]
    common = _common_folder(inside) if not any("!" in (binary.path or "") for binary in binaries) else 0
    return {PurePosixPath(*path.parts[common:]).as_posix(): b for path, b in zip(inside, binaries, strict=True)}


def _common_folder(paths: Iterable[PurePosixPath]) -> int:
    """How many leading folders all paths share."""
    folders = [path.parent.parts for path in paths]
    shared = 0
    for level in zip(*folders, strict=False):
        if len(set(level)) > 1:
            break
        shared += 1
    return shared
