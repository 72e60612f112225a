"""`build-doctor rules check`: every mistake in rule files and settings at once."""

from __future__ import annotations

import argparse
from pathlib import Path

from buildDoctor.examine.rule_checking import check_everything, check_paths
from buildDoctor.faces.cli.exit_codes import ExitCode
from buildDoctor.faces.cli.main import options_of
from buildDoctor.faces.cli.output import put, tell
from buildDoctor.faces.cli.rules.problems import problem_texts
from buildDoctor.faces.wording import counted


def run(arguments: argparse.Namespace) -> int:
    """Say every mistake in the files, and every example that does not answer as it says."""
    paths = tuple(map(Path, arguments.paths))
    checked = check_paths(paths) if paths else check_everything(options_of(arguments))
    put(problem_texts(checked.problems))
    mistakes = counted(len(set(checked.problems)), "mistake") if checked.problems else "no mistakes"
    tell(f"{counted(checked.rules, 'rule')} checked, {mistakes}")
    return ExitCode.REQUEST if checked.problems else ExitCode.OK
