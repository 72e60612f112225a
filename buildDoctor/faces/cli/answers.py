"""What a question about the plan is answered with."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from msgspec import Struct

from buildDoctor.core.report import Report
from buildDoctor.faces.cli.exit_codes import ExitCode


def feature_names(arguments: argparse.Namespace) -> tuple[str, ...]:
    """The names of `--features`."""
    return tuple(name.strip() for name in (arguments.features or "").split(",") if name.strip())


class Answer(Struct, frozen=True, kw_only=True):
    """The answer in both forms."""

    text: str
    report: Callable[[], Report]
    """Makes the document; it is called only when the document is wanted."""
    code: ExitCode = ExitCode.OK
