"""A look inside files, without a judgement."""

from __future__ import annotations

import re
from collections.abc import Iterable

from buildDoctor.adapters import targets
from buildDoctor.adapters.elf.files import read_file
from buildDoctor.adapters.elf.reading import BinaryReading
from buildDoctor.adapters.targets import Kind, Target
from buildDoctor.core.errors import RequestError
from buildDoctor.core.evidence import Binary, Origin
from buildDoctor.core.report import Report
from buildDoctor.examine.gathered import Gathered
from buildDoctor.examine.options import Options


def inspect_targets(options: Options, kernels: bool | re.Pattern[str], *, resources: bool = False) -> Report:  # noqa: FBT001  what read_binary takes
    """What files hold.

    Args:
        options: the targets, and the capabilities that the user asks about.
        kernels: whether to read kernels too, or the pattern of the names to list.
        resources: whether to say what each kernel that is listed takes.

    Raises:
        RequestError: a target is not there, or none can be read.
    """
    gathered = Gathered()
    if capabilities := options.capabilities():
        gathered.add(capabilities=capabilities, origins=[Origin(path="capabilities", source=f"--gpu {options.gpu}")])
    for given in options.targets:
        _add(gathered, _readings(targets.classify(given, ()), kernels, resources=resources), kernels)
    if not gathered.examined:
        raise RequestError("\n".join(gathered.failures) or f"{', '.join(options.targets)}: no shared object is there")
    return Report(targets=options.targets, verdict="Not judged.", findings=(), undecided=(), evidence=gathered.evidence)


def _readings(target: Target, kernels: bool | re.Pattern[str], *, resources: bool) -> Iterable[BinaryReading]:  # noqa: FBT001  as above
    """The readings of the files of a target.

    Raises:
        RequestError: it is a saved report.
    """
    if target.kind is Kind.REPORT:
        import shlex  # noqa: PLC0415  only what is told is quoted

        raise RequestError(
            f"{target.given}: a saved report has no files in it; open it with build-doctor {shlex.quote(target.given)}"
        )
    if target.kind is Kind.WHEEL:
        from buildDoctor.adapters.elf.wheels import read_wheel  # noqa: PLC0415  costs the zip module

        return read_wheel(target.path, kernels=kernels, resources=resources, only=target.member)
    if target.kind in {Kind.FOLDER, Kind.TREE}:
        paths = targets.shared_objects(target.path)
        return (each for path in paths for each in read_file(path, kernels=kernels, resources=resources))
    return read_file(target.path, target.given, kernels=kernels, resources=resources)


def _add(gathered: Gathered, readings: Iterable[BinaryReading], kernels: bool | re.Pattern[str]) -> None:  # noqa: FBT001  as above
    """Put the readings of one target into the evidence.

    Args:
        gathered: the evidence so far.
        readings: those of files that are loaded together.
        kernels: with them the host side is looked at too, so that the files are held against each other.
    """
    if kernels is not False:
        from buildDoctor.adapters.elf.linking import linked  # noqa: PLC0415  listing images does without

        readings = linked(readings)
    for reading in readings:
        if reading.binary is not None:
            gathered.add_binary(_named(reading.binary, kernels), reading.origins, reading.not_seen)
        else:
            gathered.fail("binaries", " ".join(missing.reason for missing in reading.not_seen))


def _named(binary: Binary, kernels: bool | re.Pattern[str]) -> Binary:  # noqa: FBT001  as above
    """The file with the C++ names of the kernels that were asked for."""
    if isinstance(kernels, bool):
        return binary
    from buildDoctor.adapters.elf.demangle import with_texts  # noqa: PLC0415  costs a process

    return with_texts(binary)
