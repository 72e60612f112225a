"""`build-doctor plan`: what a source tree would build."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from importlib import import_module

from msgspec.structs import replace

from buildDoctor.core.errors import RequestError
from buildDoctor.core.evidence import Extension, Plan, Step
from buildDoctor.core.fixes.trials import shown
from buildDoctor.examine.options import Options
from buildDoctor.examine.plan_asking import ask_plan
from buildDoctor.faces.cli import setup_plan
from buildDoctor.faces.cli.answers import Answer
from buildDoctor.faces.cli.exit_codes import ExitCode
from buildDoctor.faces.cli.main import options_of
from buildDoctor.faces.cli.output import put
from buildDoctor.faces.cli.tables import table
from buildDoctor.faces.wording.built_words import built_lines, configured_lines


def run(arguments: argparse.Namespace) -> int:
    """Print the plan of a tree.

    Raises:
        RequestError: the folder holds no build scripts, or they cannot be run.
    """
    options = replace(options_of(arguments), source=arguments.directory, source_option="", static=True)
    asked = _question_of(arguments)
    if asked:
        return _answered(asked, options, arguments)
    found = ask_plan(options)
    if arguments.json:
        from buildDoctor.faces.reports import json_v1  # noqa: PLC0415  only the form that is wanted

        put(json_v1.render(found.report()), json=True)
    else:
        # The text shows no findings, so no rule is asked and no fix is tried.
        by_setup = found.plan.builder == "setup.py"
        whole = setup_plan.text(found.evidence, found.plan) if by_setup else _text(found.plan)
        put(whole + _beside(found.plan) + (_steps(found.plan.steps or ()) if arguments.steps else ""))
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


def _compiled_for(plan: Plan, extension: Extension) -> str:
    """Every architecture that a CUDA source of an extension is compiled for, or why that is not said."""
    lists = [source.architectures for source in plan.sources or () if source.extension == extension.name]
    if not lists:
        return "none"
    if any(one is None for one in lists):
        return (
            f"HIP {', '.join(plan.hip_architectures or ()) or 'not known'}" if plan.platform == "hip" else "not known"
        )
    return shown(tuple(dict.fromkeys(item for one in lists for item in one or ()))) if any(lists) else "nvcc's default"


def _text(plan: Plan) -> str:
    lines = [
        "HIP (ROCm): no CUDA architectures"
        if plan.platform == "hip"
        else f"CUDA {plan.cuda_version}, asked for {shown(plan.request)}",
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
        (e.name or "", str(len(e.sources or ())), _compiled_for(plan, e), ", ".join(e.generated or ()) or "none")
        for e in plan.extensions or ()
    ]
    return (
        "\n".join(lines)
        + "\n"
        + table(("feature", "state", "wants", "gets", "where"), rows)
        + "\n"
        + table(("extension", "sources", "CUDA sources for", "written while configuring, not counted"), extensions)
    )


def _beside(plan: Plan) -> str:
    """What build folders and binaries have, where there are any."""
    lines = (*configured_lines(plan), *built_lines(plan))
    return "\n" + "\n".join(lines) + "\n" if lines else ""


def _steps(steps: tuple[Step, ...]) -> str:
    rows = [(f"{s.file}:{s.line}", s.variable or "", shown(s.before), shown(s.after)) for s in steps]
    return "\n" + table(("where", "list", "before", "after"), rows)
