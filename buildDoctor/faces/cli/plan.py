"""`build-doctor plan`: what a source tree would build."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module

from buildDoctor.core.errors import RequestError
from buildDoctor.core.evidence import Plan, Step
from buildDoctor.core.trials import shown
from buildDoctor.examine import run as examination
from buildDoctor.examine.options import Options
from buildDoctor.faces.cli import setup_plan
from buildDoctor.faces.cli.answers import Answer
from buildDoctor.faces.cli.exit_codes import ExitCode
from buildDoctor.faces.cli.main import options_of
from buildDoctor.faces.cli.output import put
from buildDoctor.faces.cli.tables import table


def run(arguments: argparse.Namespace) -> int:
    """Print the plan of a tree.

    Raises:
        RequestError: the folder holds no build scripts, or they cannot be run.
    """
    options = replace(options_of(arguments), source=arguments.directory, static=True)
    asked = _question_of(arguments)
    if asked:
        return _answered(asked, options, arguments)
    report = examination.examine(_alone(options))
    plan = report.evidence.plan
    if plan is None:
        reasons = [missing.reason for missing in report.evidence.not_seen if missing.path == "plan"]
        raise RequestError(" ".join(reasons))
    if arguments.json:
        from buildDoctor.faces.reports import json_v1  # noqa: PLC0415  only the form that is wanted

        put(json_v1.render(report), json=True)
    else:
        whole = setup_plan.text(report.evidence, plan) if plan.builder == "setup.py" else _text(plan)
        put(whole + (_steps(plan.steps or ()) if arguments.steps else ""))
    return ExitCode.OK


_QUESTIONS = {"trace": "--trace", "what_if": "--what-if", "search": "--search", "cover": "--cover", "rev": "--rev"}
"""The options that ask something about the plan, each answered by the module `plan_…` beside this one."""


def _question_of(arguments: argparse.Namespace) -> str:
    """The question that is asked about the plan; empty when only the plan itself is.

    Raises:
        RequestError: two are asked at once.
    """
    stated = [name for name in _QUESTIONS if getattr(arguments, name)]
    if len(stated) > 1:
        raise RequestError(f"{' and '.join(_QUESTIONS[name] for name in stated)}: ask one of them at a time")
    return stated[0] if stated else ""


def _answered(question: str, options: Options, arguments: argparse.Namespace) -> int:
    """Print the answer to a question about the plan.

    Raises:
        RequestError: there is no plan, or the question names nothing in it.
    """
    answer: Callable[[Options, argparse.Namespace], Answer] = import_module(
        f"buildDoctor.faces.cli.plan_{question}"
    ).answer
    found = answer(options, arguments)
    if arguments.json:
        from buildDoctor.faces.reports import json_v1  # noqa: PLC0415  only the form that is wanted

        put(json_v1.render(found.report()), json=True)
    else:
        put(found.text)
    return found.code


def _alone(options: Options) -> Options:
    """The tree alone, judged by the rules of the plan."""
    return replace(options, targets=(), select=("plan", "toolkit"))


def _text(plan: Plan) -> str:
    lines = [
        f"CUDA {plan.cuda_version}, asked for {shown(plan.request)}",
        f"{plan.supported.variable or 'supported'} ({plan.supported.file}:{plan.supported.line}): "
        f"{shown(plan.supported.architectures)}"
        if plan.supported
        else "the scripts filter the request by no list that is recognised",
        f"left for the build: {shown(plan.architectures)}",
        "",
    ]
    rows = [
        (
            feature.name or "",
            {True: "built", False: "not built", None: "not known"}[feature.built],
            shown(feature.wants),
            shown(feature.gets),
            f"{feature.file}:{feature.line}",
        )
        for feature in plan.features or ()
    ]
    extensions = [
        (e.name or "", str(len(e.sources or ())), ", ".join(e.generated or ()) or "none") for e in plan.extensions or ()
    ]
    return (
        "\n".join(lines)
        + "\n"
        + table(("feature", "state", "wants", "gets", "where"), rows)
        + "\n"
        + table(("extension", "sources", "written while configuring, not counted"), extensions)
    )


def _steps(steps: tuple[Step, ...]) -> str:
    rows = [(f"{s.file}:{s.line}", s.variable or "", shown(s.before), shown(s.after)) for s in steps]
    return "\n" + table(("where", "list", "before", "after"), rows)
