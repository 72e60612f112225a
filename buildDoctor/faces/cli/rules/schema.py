"""`build-doctor rules schema`: the JSON Schema of rule files, for editors."""

from __future__ import annotations

import argparse

from buildDoctor.adapters.rule_sources import builtin_folder
from buildDoctor.core.errors import RequestError
from buildDoctor.faces.cli.exit_codes import ExitCode
from buildDoctor.faces.cli.output import put

SCHEMA_FILE = "rule-v1.schema.json"


def run(_arguments: argparse.Namespace) -> int:
    """Print the schema.

    Raises:
        RequestError: it is not there.
    """
    try:
        text = (builtin_folder() / SCHEMA_FILE).read_text(encoding="utf-8")
    except OSError as error:
        raise RequestError(f"{SCHEMA_FILE} is not installed: {error.strerror}") from error
    put(text, json=True)
    return ExitCode.OK
