"""`build-doctor explain`: a rule's page, or what a log shows."""

from __future__ import annotations

import argparse
from pathlib import Path

from buildDoctor.faces.cli.exit_codes import ExitCode
from buildDoctor.faces.cli.main import options_of
from buildDoctor.faces.cli.output import put
from buildDoctor.faces.cli.screen import columns, ink_for


def run(arguments: argparse.Namespace) -> int:
    """Print the page of a rule, or what a log shows.

    Raises:
        RequestError: there is no such rule, or the log cannot be read.
    """
    if arguments.id == "-" or _is_log(arguments.id):
        _explain_log(arguments)
    else:
        _show_page(arguments)
    return ExitCode.OK


def _is_log(word: str) -> bool:
    """Whether a word is meant as a file; ids have neither dots nor slashes."""
    return "/" in word or "." in word or Path(word).is_file()


def _explain_log(arguments: argparse.Namespace) -> None:
    from buildDoctor.examine.logs import examine_log  # noqa: PLC0415  a page needs none of this

    report = examine_log(arguments.id, options_of(arguments))
    if arguments.json:
        from buildDoctor.faces.reports import json_v1  # noqa: PLC0415  only the form that is wanted

        put(json_v1.render(report), json=True)
        return
    from buildDoctor.faces.reports import text_log  # noqa: PLC0415  as above

    put(text_log.render(report, ink=ink_for(arguments), columns=columns(), verbose=arguments.verbose))


def _show_page(arguments: argparse.Namespace) -> None:
    from buildDoctor.adapters.evidence_words import evidence_words  # noqa: PLC0415  a log needs none of this
    from buildDoctor.core.reporting.notice_pages import NOTICE_PAGES  # noqa: PLC0415  as above
    from buildDoctor.examine.rulebook import named_rule, rulebook_of  # noqa: PLC0415  as above
    from buildDoctor.faces.reports.rule_page import notice_page, page  # noqa: PLC0415  as above

    about = NOTICE_PAGES.get(arguments.id)
    if about is not None:
        put(notice_page(arguments.id, about, ink=ink_for(arguments), columns=columns()))
        return
    book = rulebook_of(options_of(arguments))
    rule = named_rule(book.loaded.rules, arguments.id)
    origin, state = book.loaded.origins[rule.id].source.words, book.states[rule.id]
    put(page(rule, evidence_words(), origin=origin, state=state, ink=ink_for(arguments), columns=columns()))
