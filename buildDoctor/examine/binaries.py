"""Looks inside files that hold device code, wheels and folders of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from msgspec.structs import replace

from buildDoctor.adapters import targets
from buildDoctor.adapters.elf.files import read_file
from buildDoctor.adapters.elf.linking import linked
from buildDoctor.adapters.elf.reading import BinaryReading
from buildDoctor.adapters.elf.wheels import read_wheel
from buildDoctor.adapters.targets import Kind, Target
from buildDoctor.examine.gathered import Gathered
from buildDoctor.examine.progress import steps_of
from buildDoctor.examine.surroundings import folder_of, see_promises


def see_binary(gathered: Gathered, target: Target) -> None:
    """One file, or each file with device code inside it."""
    for reading in linked(read_file(target.path, target.given, kernels=True), folder_of(gathered.evidence.torch)):
        _take(gathered, reading, package="", named=True)


def see_wheel(gathered: Gathered, target: Target) -> None:
    """The files in a wheel, and what the wheel promises."""
    see_promises(gathered, target)
    readings = read_wheel(target.path, kernels=True, only=target.member)
    for reading in linked(readings, folder_of(gathered.evidence.torch)):
        member = reading.name.partition("!")[2]
        _take(gathered, reading, package=member.split("/")[0], named=member == target.member)


def see_folder(gathered: Gathered, target: Target) -> None:
    """Every file of a folder that holds code."""
    objects = list(targets.shared_objects(target.path))
    given: list[Path] = []
    readings = linked(_read_each(gathered, objects, given), folder_of(gathered.evidence.torch))
    # The readings come first: with them it is known which file each is of.
    for reading, path in zip(readings, given, strict=True):
        _take(gathered, reading, package=targets.package_of(path, target.path), named=False)
    if len(objects) >= targets.MOST_OBJECTS:
        gathered.miss("binaries", f"only the first {targets.MOST_OBJECTS} shared objects of {target.given} were read")
    if not objects and target.kind is Kind.FOLDER and gathered.evidence.torch is None:
        gathered.fail(
            "binaries", f"{target.given}: the folder holds no shared object, no CMakeLists.txt and no setup.py"
        )


def _read_each(gathered: Gathered, objects: list[Path], given: list[Path]) -> Iterator[BinaryReading]:
    """The readings of the files, each file told before it is read, and put into `given` once for each reading."""
    for path, step in zip(objects, steps_of(objects), strict=True):
        gathered.progress(step)
        for reading in read_file(path, kernels=True):
            given.append(path)
            yield reading


def _take(gathered: Gathered, reading: BinaryReading, *, package: str, named: bool) -> None:
    """Put a reading into the evidence. A file that the user named and that cannot be read is a failure."""
    if reading.binary is not None:
        gathered.add_binary(replace(reading.binary, package=package), reading.origins, reading.not_seen)
        return
    reason = " ".join(missing.reason for missing in reading.not_seen)
    if named:
        gathered.fail("binaries", reason)
    else:
        gathered.miss("binaries", reason)
