"""`build-doctor rules list`: every rule, where it comes from, and whether it runs."""

from __future__ import annotations

import argparse

from buildDoctor.examine.rulebook import Rulebook, rulebook_of
from buildDoctor.faces.cli.exit_codes import ExitCode
from buildDoctor.faces.cli.main import options_of
from buildDoctor.faces.cli.output import put
from buildDoctor.faces.cli.tables import table


def run(arguments: argparse.Namespace) -> int:
    """List all rules.

    Raises:
        RequestError: a rule file or the settings have mistakes.
    """
    book = rulebook_of(options_of(arguments))
    put(_files(book) if arguments.origin else _states(book))
    return ExitCode.OK


def _states(book: Rulebook) -> str:
    severities = {rule.id: rule.severity for rule in book.rules}
    rows = [
        (
            rule.id,
            severities.get(rule.id, rule.severity).value,
            book.loaded.origins[rule.id].source.words,
            book.states[rule.id],
        )
        for rule in book.loaded.rules
    ]
    return table(("rule", "severity", "origin", "state"), rows)


def _files(book: Rulebook) -> str:
    """Which file won, and whose place it took."""
    rows = [
        (
            rule.id,
            book.loaded.origins[rule.id].source.words,
            " in place of ".join((rule.origin, *book.loaded.origins[rule.id].replaced)),
        )
        for rule in book.loaded.rules
    ]
    return table(("rule", "origin", "file"), rows)
