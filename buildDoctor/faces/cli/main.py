"""From the arguments to output and exit code."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path

from buildDoctor.core.errors import NoTargetError
from buildDoctor.core.report import Report
from buildDoctor.examine.options import Options, Progress
from buildDoctor.faces.cli.destinations import Destination, destinations
from buildDoctor.faces.cli.exit_codes import code_for
from buildDoctor.faces.cli.forms import FOR_PROGRAMS, for_programs
from buildDoctor.faces.cli.width import columns
from buildDoctor.faces.cli.writing import check, hand_out

Examiner = Callable[[Progress], Report]


def run(arguments: argparse.Namespace, screen: Callable[[Examiner], int] | None = None) -> int:
    """Run one command and give the exit code.

    Args:
        arguments: what was typed.
        screen: opens the terminal UI on an examination, when that is wanted in place of a printed report.

    Raises:
        RequestError: the request was wrong.
    """
    if screen is not None:
        return screen(against_baseline(examiner(arguments), arguments.baseline))
    if arguments.command in {"plan", "inspect", "diff", "check", "explain", "rules", "serve"}:
        from importlib import import_module  # noqa: PLC0415  a command imports what it needs and nothing else

        code: int = import_module(f"buildDoctor.faces.cli.{arguments.command}").run(arguments)
        return code
    places = places_for(arguments)
    report = against_baseline(examiner(arguments), arguments.baseline)(progress_for(arguments))
    hand_out(places, lambda place: rendered(report, arguments, place))
    return code_for(report, arguments.fail_on)


def places_for(arguments: argparse.Namespace) -> tuple[Destination, ...]:
    """Where the report goes.

    Raises:
        RequestError: what is said of it is contradictory, or a place cannot be written.
    """
    places = destinations(arguments.said)
    named = (getattr(arguments, name, None) for name in ("baseline", "log", "contract"))
    check(places, [*getattr(arguments, "targets", ()), *(one for one in named if one)])
    return places


def progress_for(arguments: argparse.Namespace) -> Progress:
    """What shows the steps: standard error, where that is a terminal."""
    return silent if arguments.quiet or sys.stderr is None or not sys.stderr.isatty() else say


def against_baseline(examine: Examiner, baseline: str | None) -> Examiner:
    """What makes the report without what a baseline has already; the baseline is read at once.

    Raises:
        RequestError: the baseline is no report.
    """
    if baseline is None:
        return examine
    from buildDoctor.core.reporting.baselines import against  # noqa: PLC0415  most runs have no baseline
    from buildDoctor.faces.reports.saved_reports import read_report  # noqa: PLC0415  as above

    before = read_report(Path(baseline))
    return lambda progress: against(examine(progress), Path(baseline).name, before)


def silent(_step: str) -> None:
    """Shows no progress."""


def say(step: str) -> None:
    """Show a step on standard error, over the one before."""
    sys.stderr.write(f"\r\033[K{step}…" if step != "trying the fixes" else "\r\033[K")
    sys.stderr.flush()


def examiner(arguments: argparse.Namespace) -> Examiner:
    """What makes the report that the arguments ask for.

    Raises:
        RequestError: an option is wrong.
    """
    options = options_of(arguments)
    saved = _saved_report(options.targets)
    if saved is not None:
        return lambda _progress: _judge_saved(saved, options)

    def examine(progress: Progress) -> Report:
        # The terminal UI shows its first frame, and the command line its first words, before this is imported.
        progress("reading the rules")
        from buildDoctor.examine import run as examination  # noqa: PLC0415  see above

        if arguments.command == "demo":
            return examination.examine_demo(options, progress)
        try:
            return examination.examine(options, progress)
        except NoTargetError as error:
            from buildDoctor.faces.cli.meant_commands import with_command  # noqa: PLC0415  only a wrong word needs it

            raise with_command(error, options.targets) from error

    return examine


def options_of(arguments: argparse.Namespace) -> Options:
    """The options, checked as far as that needs no look at the world.

    Raises:
        RequestError: one is wrong.
    """
    options = Options(
        targets=tuple(getattr(arguments, "targets", ())),
        source=getattr(arguments, "source", None),
        model=getattr(arguments, "model", None),
        python=getattr(arguments, "python", None),
        gpu=getattr(arguments, "gpu", None),
        cuda=getattr(arguments, "cuda", None),
        arch_list=getattr(arguments, "arch_list", None),
        rules=tuple(map(Path, getattr(arguments, "rules", ()))),
        select=tuple(getattr(arguments, "select", ())),
        ignore=tuple(getattr(arguments, "ignore", ())),
        isolated=getattr(arguments, "isolated", False),
        static=getattr(arguments, "static", False),
        # A plan is nothing but a replay: there the option means the programs of the machine.
        replays=arguments.command == "plan" or not getattr(arguments, "static", False),
        ask_python=getattr(arguments, "ask_python", False),
        log=getattr(arguments, "log", None),
        run_setup=getattr(arguments, "run_setup", False),
        env=tuple(getattr(arguments, "env", ())),
    )
    options.capabilities(), options.request(), options.toolkit(), options.variables()
    return options


def _saved_report(targets: tuple[str, ...]) -> Path | None:
    """The saved report, when that is the only target."""
    if len(targets) == 1 and targets[0].endswith(".json") and Path(targets[0]).is_file():
        return Path(targets[0])
    return None


def _judge_saved(path: Path, options: Options) -> Report:
    from buildDoctor.examine.run import judge_again  # noqa: PLC0415  as above
    from buildDoctor.faces.reports.json_v1 import read_saved  # noqa: PLC0415  as above
    from buildDoctor.faces.reports.saved_reports import content_of  # noqa: PLC0415  as above

    evidence, tried = read_saved(content_of(path), str(path))
    return judge_again(evidence, path.name, options, tried)


def rendered(report: Report, arguments: argparse.Namespace, place: Destination) -> str:
    """The report in the form that a place asks for."""
    if place.form in FOR_PROGRAMS:
        return for_programs(report, place.form, arguments.fail_on)
    if place.form == "markdown":
        from buildDoctor.faces.cli.own_names import own_names  # noqa: PLC0415  only the form that is wanted
        from buildDoctor.faces.reports import markdown_report  # noqa: PLC0415  as above

        return markdown_report.render(report, own_names())
    from buildDoctor.faces.reports import text  # noqa: PLC0415  as above

    color = wants_color(no_color=arguments.no_color) and place.file is None
    width = columns()
    return text.render(report, color=color, width=width, verbose=arguments.verbose)


def wants_color(*, no_color: bool) -> bool:
    """Whether standard output takes colours."""
    return not no_color and not os.environ.get("NO_COLOR") and sys.stdout is not None and sys.stdout.isatty()
