"""`build-doctor diff`: what changed between two builds."""

from __future__ import annotations

import argparse
import sys

from buildDoctor.examine.difference import compare
from buildDoctor.faces.cli.exit_codes import ExitCode
from buildDoctor.faces.cli.main import say, silent
from buildDoctor.faces.cli.output import put, tell
from buildDoctor.faces.cli.width import columns


def run(arguments: argparse.Namespace) -> int:
    """Print what changed, and fail on a loss when that is asked for."""
    shown = not arguments.quiet and sys.stderr is not None and sys.stderr.isatty()
    report = compare(arguments.before, arguments.after, say if shown else silent)
    if shown:
        sys.stderr.write("\r\033[K")
    found = report.changes
    if found is None:
        return ExitCode.NOTHING
    if arguments.json:
        from buildDoctor.faces.reports import json_v1  # noqa: PLC0415  only the form that is wanted

        put(json_v1.render(report), json=True)
    else:
        from buildDoctor.faces.cli.changes import rendered  # noqa: PLC0415  as above

        put(rendered(found, columns(), every=arguments.verbose))
        for missing in report.evidence.not_seen:
            tell(missing.reason)
    return ExitCode.FOUND if arguments.fail_on == "loss" and found.losses else ExitCode.OK
