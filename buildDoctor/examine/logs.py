"""A log beside the other evidence, or alone."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from buildDoctor.adapters.logs import open_log
from buildDoctor.core.evidence import Origin
from buildDoctor.core.report import Report
from buildDoctor.core.reporting.log_items import log_verdict
from buildDoctor.core.rules.rule import Rule
from buildDoctor.core.rules.symptoms import symptoms_of
from buildDoctor.examine.gathered import Gathered
from buildDoctor.examine.judging import report_on
from buildDoctor.examine.options import Options
from buildDoctor.examine.rulebook import rulebook_of


def see_log(gathered: Gathered, given: str, rules: Iterable[Rule]) -> None:
    """Put the lines of a log that matter into the evidence.

    Args:
        gathered: the evidence so far.
        given: a file, or `-` for standard input.
        rules: those whose symptoms are looked for.

    Raises:
        RequestError: it cannot be read.
    """
    log, not_seen = open_log(given, symptoms_of(rules))
    gathered.add(log=log, origins=[Origin(path="log", source=log.path or given)], not_seen=not_seen)
    gathered.examined += 1


def examine_log(given: str, options: Options) -> Report:
    """What a log shows by itself. Rules that look at files too are named in its lines, and not asked.

    Raises:
        RequestError: the log cannot be read, or a rule is wrong.
    """
    book = rulebook_of(options)
    gathered = Gathered()
    see_log(gathered, given, book.loaded.rules)
    report = report_on(
        gathered, ((gathered.evidence.log and gathered.evidence.log.path) or given,), book, lambda _: None
    )
    return replace(report, undecided=(), checks=(), verdict=log_verdict(report))
