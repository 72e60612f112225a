"""`build-doctor rules`: list the rules, or check files of them."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from buildDoctor.adapters.rule_files import load_rules
from buildDoctor.examine.examples import failing_examples
from buildDoctor.faces.cli.exit_codes import ExitCode
from buildDoctor.faces.cli.tables import table


def run(arguments: argparse.Namespace) -> int:
    """List all rules, or check files and run their examples."""
    paths = tuple(map(Path, arguments.paths))
    if arguments.action == "check":
        return _check(paths)
    loaded = load_rules(paths)
    sys.stderr.write("".join(f"{problem}\n" for problem in loaded.problems))
    rows = [(rule.id, rule.severity.value, rule.confidence.value, rule.family) for rule in loaded.rules]
    sys.stdout.write(table(("rule", "severity", "confidence", "family"), rows))
    return ExitCode.REQUEST if loaded.problems else ExitCode.OK


def _check(paths: tuple[Path, ...]) -> int:
    """Say every mistake in the files, and every example that does not answer as it says."""
    loaded = load_rules(paths, builtin=not paths)
    mistakes = [*map(str, loaded.problems), *(text for rule in loaded.rules for text in failing_examples(rule))]
    sys.stderr.write("".join(f"{mistake}\n" for mistake in mistakes))
    count = len(loaded.rules)
    sys.stdout.write(f"{count} rule{'s' if count != 1 else ''} read, {len(mistakes) or 'no'} mistakes\n")
    return ExitCode.REQUEST if mistakes else ExitCode.OK
