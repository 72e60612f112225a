"""The forms of a report for other programs, and of the answer to a request that is wrong."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from buildDoctor.core.errors import RequestError
from buildDoctor.core.report import Report

FOR_PROGRAMS = ("json", "sarif", "junit", "github")
"""What `--format` takes beside the forms for people."""


def form_of(arguments: argparse.Namespace) -> str:
    """The form that is asked for.

    Raises:
        RequestError: two are asked for.
    """
    if arguments.json and arguments.format not in {None, "json"}:
        raise RequestError(f"--json and --format {arguments.format} contradict each other: give one of them")
    return "json" if arguments.json else arguments.format or "text"


def for_programs(report: Report, form: str, fail_on: str) -> str:
    """The report in a form for programs.

    Args:
        report: what is said.
        form: one of `FOR_PROGRAMS`.
        fail_on: the lowest severity that fails.
    """
    if form == "sarif":
        from buildDoctor.faces.reports import sarif  # noqa: PLC0415  only the form that is wanted

        return sarif.render(report)
    if form == "junit":
        from buildDoctor.faces.reports import junit  # noqa: PLC0415  as above

        return junit.render(report, fail_on=fail_on)
    if form == "github":
        from buildDoctor.faces.reports import github  # noqa: PLC0415  as above

        return github.render(report)
    from buildDoctor.faces.reports import json_v1  # noqa: PLC0415  as above

    return json_v1.render(report)


def refusal(message: str, form: str) -> str:
    """The answer to a request that is wrong, in a form for programs."""
    if form == "sarif":
        from buildDoctor.faces.reports import sarif  # noqa: PLC0415  only the form that is wanted

        return sarif.render_error(message)
    if form == "junit":
        from buildDoctor.faces.reports import junit  # noqa: PLC0415  as above

        return junit.render_error(message)
    if form == "github":
        from buildDoctor.faces.reports import github  # noqa: PLC0415  as above

        return github.render_error(message)
    from buildDoctor.faces.reports import json_v1  # noqa: PLC0415  as above

    return json_v1.render_error(message)


def form_typed(words: Sequence[str]) -> tuple[str, str | None]:
    """The form for programs that was typed, and the file to write; empty without one.

    The words may be a command line that cannot be parsed.
    """
    options = words[: words.index("--")] if "--" in words else words
    form, output = "json" if "--json" in options else "", None
    for word, following in zip(options, [*options[1:], ""], strict=True):
        name, equals, value = word.partition("=")
        given = value if equals else following
        if name == "--format" and given in FOR_PROGRAMS:
            form = form or given
        if name == "--output" and given:
            output = given
    return form, output
