"""`build-doctor inspect`: what is inside shared objects and wheels."""

from __future__ import annotations

import argparse
import fnmatch
import re

from buildDoctor.core.device.architectures import ArchitectureError, parse
from buildDoctor.core.errors import RequestError
from buildDoctor.core.report import Report
from buildDoctor.examine.inspection import inspect_targets
from buildDoctor.faces.cli.exit_codes import ExitCode
from buildDoctor.faces.cli.main import options_of
from buildDoctor.faces.cli.output import put, tell
from buildDoctor.faces.cli.width import columns


def run(arguments: argparse.Namespace) -> int:
    """Print what files hold.

    Raises:
        RequestError: an option is wrong, or nothing can be read.
    """
    options = options_of(arguments)
    architecture = _architecture(arguments.arch)
    tables = _tables(arguments)
    kernels = _kernels(arguments, tables, has_capabilities=bool(options.capabilities()))
    report = inspect_targets(options, kernels, resources=arguments.resources)
    if arguments.json:
        from buildDoctor.faces.reports import json_v1  # noqa: PLC0415  only the form that is wanted

        put(json_v1.render(report), json=True)
        return ExitCode.OK
    _print(report, tables, architecture, arguments)
    return ExitCode.OK


def _tables(arguments: argparse.Namespace) -> tuple[str, ...]:
    """What the rows of the tables are: what was asked for, else architectures, and kernels where one is asked about them."""
    if arguments.by:
        return (arguments.by,)
    return ("architecture", "kernel") if arguments.kernels or arguments.resources else ("architecture",)


def _architecture(text: str | None) -> str | None:
    """The architecture of `--arch` in its dotted form.

    Raises:
        RequestError: it is none.
    """
    try:
        return parse(text).dotted if text is not None else None
    except ArchitectureError as error:
        raise RequestError(f"--arch {text}: {error}") from error


def _kernels(
    arguments: argparse.Namespace, tables: tuple[str, ...], *, has_capabilities: bool
) -> bool | re.Pattern[str]:
    """Which kernels are read: those that match, all for a table of kernels, or a count for verdicts and units."""
    if arguments.kernels:
        return re.compile(fnmatch.translate(arguments.kernels))
    if "kernel" in tables:
        return re.compile("")
    return has_capabilities or "unit" in tables


def _print(report: Report, tables: tuple[str, ...], architecture: str | None, arguments: argparse.Namespace) -> None:
    """Print the tables, and on standard error what could not be read."""
    from buildDoctor.faces.cli.contents import By, Shown, contents  # noqa: PLC0415  JSON does without

    shown = Shown(
        tables=tuple(map(By, tables)),
        capabilities=report.evidence.capabilities or (),
        architecture=architecture,
        is_filtered=bool(arguments.kernels),
        resources=arguments.resources,
        width=columns(),
    )
    put("\n".join(contents(binary, shown) for binary in report.evidence.binaries or ()))
    for missing in report.evidence.not_seen:
        tell(missing.reason)
