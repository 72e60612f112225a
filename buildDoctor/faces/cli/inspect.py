"""`build-doctor inspect`: what is inside shared objects and wheels."""

from __future__ import annotations

import argparse
import fnmatch
import re
import sys

from buildDoctor.examine.inspection import inspect_targets
from buildDoctor.faces.cli.exit_codes import ExitCode
from buildDoctor.faces.cli.main import options_of


def run(arguments: argparse.Namespace) -> int:
    """Print what files hold."""
    options = options_of(arguments)
    pattern = re.compile(fnmatch.translate(arguments.kernels)) if arguments.kernels else None
    capabilities = options.capabilities() or ()
    report = inspect_targets(options, pattern if pattern is not None else bool(capabilities))
    if arguments.json:
        from buildDoctor.faces.reports import json_v1  # noqa: PLC0415  only the form that is wanted

        sys.stdout.write(json_v1.render(report))
    else:
        from buildDoctor.faces.cli.contents import contents  # noqa: PLC0415  as above

        parts = [contents(b, capabilities, kernels=pattern is not None) for b in report.evidence.binaries or ()]
        sys.stdout.write("\n".join(parts))
        sys.stderr.write("".join(f"{missing.reason}\n" for missing in report.evidence.not_seen))
    return ExitCode.OK
