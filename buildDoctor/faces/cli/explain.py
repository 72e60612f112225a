"""`build-doctor explain`: a rule's page."""

from __future__ import annotations

import argparse

from buildDoctor.adapters.evidence_words import evidence_words
from buildDoctor.examine.rulebook import named_rule, rulebook_of
from buildDoctor.faces.cli.exit_codes import ExitCode
from buildDoctor.faces.cli.main import options_of
from buildDoctor.faces.cli.output import put
from buildDoctor.faces.cli.screen import columns, ink_for
from buildDoctor.faces.reports.rule_page import page


def run(arguments: argparse.Namespace) -> int:
    """Print the page of a rule.

    Raises:
        RequestError: there is no such rule.
    """
    book = rulebook_of(options_of(arguments))
    rule = named_rule(book.loaded.rules, arguments.id)
    text = page(
        rule,
        evidence_words(),
        origin=book.loaded.origins[rule.id].source.words,
        state=book.states[rule.id],
        ink=ink_for(arguments),
        columns=columns(),
    )
    put(text)
    return ExitCode.OK
