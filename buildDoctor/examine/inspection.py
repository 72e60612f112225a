"""A look inside files, without a judgement."""

from __future__ import annotations

import re

from buildDoctor.adapters import targets
from buildDoctor.adapters.elf.binary import read_binary
from buildDoctor.adapters.targets import Kind
from buildDoctor.core.errors import RequestError
from buildDoctor.core.findings import Report
from buildDoctor.examine.gathered import Gathered
from buildDoctor.examine.options import Options


def inspect_targets(options: Options, kernels: bool | re.Pattern[str]) -> Report:  # noqa: FBT001  what read_binary takes
    """What files hold.

    Args:
        options: the targets.
        kernels: whether to read kernels too, or the pattern of the names to list.

    Raises:
        RequestError: a target is not there, or none can be read.
    """
    gathered = Gathered()
    for given in options.targets:
        target = targets.classify(given, ())
        if target.kind is Kind.WHEEL:
            from buildDoctor.adapters.elf.wheels import read_wheel  # noqa: PLC0415  costs the zip module

            readings = list(read_wheel(target.path, kernels=kernels))
        elif target.kind in {Kind.FOLDER, Kind.TREE}:
            readings = [read_binary(path, kernels=kernels) for path in targets.shared_objects(target.path)]
        else:
            readings = [read_binary(target.path, given, kernels=kernels)]
        for reading in readings:
            if reading.binary is not None:
                gathered.add_binary(reading.binary, reading.origins, reading.not_seen)
            else:
                gathered.fail("binaries", " ".join(missing.reason for missing in reading.not_seen))
    if not gathered.examined:
        raise RequestError("\n".join(gathered.failures) or f"{', '.join(options.targets)}: no shared object is there")
    return Report(
        targets=options.targets, verdict="Not judged.", findings=(), undecided=(), evidence=gathered.evidence
    )
