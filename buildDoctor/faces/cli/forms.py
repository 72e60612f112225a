"""The forms of a report for other programs, and of the answer to a request that is wrong."""

from __future__ import annotations

from buildDoctor.core.report import Report

FOR_PROGRAMS = ("json", "sarif", "junit", "github")
"""What `--format` takes beside the forms for people."""
FOR_PEOPLE = ("text", "markdown")


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
