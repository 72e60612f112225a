"""`build-doctor plan --rev A..B`: the commits where a feature's result changed."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator

from msgspec.structs import replace

from buildDoctor.core.comparing.revised import Result, Revision, Revisions
from buildDoctor.core.fixes.trials import shown
from buildDoctor.core.plan_answers import PlanAnswer
from buildDoctor.core.report import Report
from buildDoctor.examine.options import Options
from buildDoctor.examine.plan_asking import ask_plan
from buildDoctor.examine.revisions import find_revisions
from buildDoctor.faces.cli.answers import Answer, feature_names
from buildDoctor.faces.cli.main import say, silent
from buildDoctor.faces.wording import visible
from buildDoctor.faces.wording.plain import counted


def answer(options: Options, arguments: argparse.Namespace) -> Answer:
    """The answer to `--rev A..B`.

    Raises:
        RequestError: the range is none, or git cannot be asked.
    """
    talks = not arguments.quiet and sys.stderr is not None and sys.stderr.isatty()
    asked = replace(options, static=arguments.static)
    found = find_revisions(asked, arguments.rev, feature_names(arguments), say if talks else silent)
    if talks:
        sys.stderr.write("\r\033[K")

    def report() -> Report:
        return replace(ask_plan(options).report(), answer=PlanAnswer(revisions=found))

    return Answer(text=text(found), report=report)


def text(found: Revisions) -> str:
    """Each change with its commit, then what stayed as it was."""
    lines = [
        f"{counted(found.commits, 'commit')} of {visible(found.range)} change a build script; {found.looked} plans were made",
        "",
    ]
    for revision in found.found:
        lines += [*_revision(revision), ""]
    if found.same:
        lines.append(f"the same at both ends: {visible(', '.join(found.same))}")
    return "\n".join(lines).rstrip("\n") + "\n"


def _revision(revision: Revision) -> Iterator[str]:
    yield visible(f"{revision.feature} changed in {revision.commit[:12]} ({revision.date}) {revision.subject}")
    for word, result in (("before", revision.before), ("after", revision.after)):
        yield visible(f"  {word:<7} {_words(result)}")
    if revision.supported_before or revision.supported_after:
        yield visible(f"  supported: {shown(revision.supported_before)} -> {shown(revision.supported_after)}")
    if revision.files:
        yield visible(f"  in {', '.join(revision.files)}")


def _words(result: Result) -> str:
    if result.why or result.state in {"no plan", "not there"}:
        return f"{result.state}{f': {result.why}' if result.why else ''}"
    return f"{result.state}; wants {shown(result.wants)}, gets {shown(result.gets)}"
