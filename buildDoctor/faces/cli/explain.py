"""`build-doctor explain`: a rule's page."""

from __future__ import annotations

import argparse
import difflib
import sys
import textwrap

from buildDoctor.core.errors import RequestError
from buildDoctor.core.rules import Rule
from buildDoctor.examine.run import rules_of
from buildDoctor.faces.cli.exit_codes import ExitCode
from buildDoctor.faces.cli.main import options_of

_WIDTH = 79


def run(arguments: argparse.Namespace) -> int:
    """Print the page of a rule.

    Raises:
        RequestError: there is no such rule.
    """
    rules = {rule.id: rule for rule in rules_of(options_of(arguments))}
    if arguments.id not in rules:
        close = difflib.get_close_matches(arguments.id, rules, n=1)
        raise RequestError(f"there is no rule {arguments.id}{f'; did you mean {close[0]}?' if close else ''}")
    sys.stdout.write(page(rules[arguments.id]))
    return ExitCode.OK


def page(rule: Rule) -> str:
    """A rule for someone who wants to learn; names in braces are filled in when it holds."""
    parts = [
        f"{rule.id}\n{rule.severity.value}, {rule.confidence.value}, family {rule.family}",
        _wrapped(rule.title.text),
        _wrapped(rule.why.text),
        f"When it may be wrong:\n{_wrapped(rule.limits)}",
        "Fixes:\n" + "\n".join(f"- {fix.title.text}" for fix in rule.fixes) if rule.fixes else "",
        "Examples:\n" + "\n".join(f"- {e.expect.value}: {e.name}" for e in rule.examples),
        "References: " + ", ".join(rule.references) if rule.references else "",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _wrapped(text: str) -> str:
    return textwrap.fill(" ".join(text.split()), _WIDTH, break_long_words=False, break_on_hyphens=False)
