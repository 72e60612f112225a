"""`build-doctor serve`: the terminal UI in a browser of this machine, through textual-serve."""

from __future__ import annotations

import argparse
import os
import shlex
import sys
from importlib import import_module

from buildDoctor.core.errors import RequestError
from buildDoctor.faces.cli.arguments import parse, wants_form
from buildDoctor.faces.cli.exit_codes import ExitCode

_HOST = "localhost"
_LAST_PORT = 65_535


def run(arguments: argparse.Namespace) -> int:
    """Serve the terminal UI until it is interrupted. Each window of the browser gets a run of its own.

    Raises:
        RequestError: textual-serve is not installed, the port cannot be had, or the words after `serve` open no UI.
    """
    if not 1 <= arguments.port <= _LAST_PORT:
        raise RequestError(f"--port {arguments.port}: there are ports from 1 to {_LAST_PORT}")
    _check(arguments.words)
    try:
        server = import_module("textual_serve.server").Server
    except ImportError as error:
        raise RequestError("serve needs textual-serve: install build-doctor[serve]") from error
    # One shell takes this line apart again, so each word is quoted.
    command = shlex.join([sys.executable, "-m", "buildDoctor", *arguments.words])
    try:
        server(command, host=_HOST, port=arguments.port, title="build-doctor").serve()
    except OSError as error:
        raise RequestError(
            f"--port {arguments.port}: the port cannot be had: {os.strerror(error.errno or 0)}"
        ) from error
    return ExitCode.OK


def _check(words: list[str]) -> None:
    """Refuse words that would print a report in place of opening the UI."""
    asked = parse(words)
    if asked.command not in {"examine", "demo"} or wants_form(asked):
        raise RequestError(f"serve {shlex.join(words)}: this opens no terminal UI: give targets and options, or demo")
