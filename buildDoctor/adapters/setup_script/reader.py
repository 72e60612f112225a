"""A setup.py followed along all its ways, each unknown condition once with yes and once with no."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from buildDoctor.adapters.setup_script import modules
from buildDoctor.adapters.setup_script.calls import call_value
from buildDoctor.adapters.setup_script.decisions import Decisions
from buildDoctor.adapters.setup_script.expressions import evaluate
from buildDoctor.adapters.setup_script.files import TreeFiles
from buildDoctor.adapters.setup_script.functions import Returned
from buildDoctor.adapters.setup_script.interpreter import SCRIPT, Interpreter
from buildDoctor.adapters.setup_script.libraries.all_libraries import install
from buildDoctor.adapters.setup_script.libraries.system import ALWAYS_SET
from buildDoctor.adapters.setup_script.limits import MOST_FORKS, Budget, TooMuch
from buildDoctor.adapters.setup_script.outcome import way_of
from buildDoctor.adapters.setup_script.question import SetupQuestion
from buildDoctor.adapters.setup_script.scope import Scope
from buildDoctor.adapters.setup_script.statements import execute
from buildDoctor.adapters.setup_script.values import ROOT, EnvironmentTable, Raised, Unknown
from buildDoctor.core.plan.setup_ways import Way


class Followed(Struct, frozen=True, kw_only=True):
    """All ways through a script, or why it was not followed."""

    ways: tuple[Way, ...] = ()
    texts: tuple[str, ...] = ()
    """The texts in the scripts that were read."""
    refusal: str = ""


def follow(tree: Path, question: SetupQuestion, changed: Mapping[str, str] | None = None) -> Followed:
    """Follow the setup.py of a tree.

    Args:
        tree: the folder that holds it.
        question: the build that is asked about.
        changed: texts that take the place of files, by path relative to the tree.
    """
    files = TreeFiles(tree, changed)
    refusal = ""
    # Where the ways are too many, all are followed at once: less is known then, and it takes one run.
    for forks in (MOST_FORKS, 0):
        begun: list[Way] = []
        try:
            return _all_ways(files, question, forks, begun)
        except TooMuch as bound:
            refusal = str(bound)
        except RecursionError:
            refusal = "its expressions and calls are nested too deeply"
        except (TypeError, ValueError, AttributeError, LookupError, ArithmeticError) as error:
            # The models expect what scripts usually do; a script that does something else must not end the examination.
            refusal = f"it does what cannot be followed ({type(error).__name__}: {error})"
        if not begun:
            break
    return Followed(refusal=f"{SCRIPT} is not followed to its end: {refusal}")


def _all_ways(files: TreeFiles, question: SetupQuestion, forks: int, ways: list[Way]) -> Followed:
    """Follow every way; those that are done stand in the list.

    Raises:
        TooMuch: a bound is reached.
    """
    budget = Budget()
    texts: dict[str, None] = {}
    pending: list[tuple[bool, ...]] = [()]
    while pending:
        decisions = Decisions(pending.pop(), forks)
        run = _new_run(files, question, decisions, budget)
        tree = modules.parsed(run, SCRIPT)
        if tree is None:
            return Followed(refusal=f"{SCRIPT} is not there, is larger than 1 MiB, or is not Python that can be parsed")
        ways.append(way_of(run, _stop(run, tree.body)))
        texts |= run.spelt
        pending += decisions.others()
    return Followed(ways=tuple(ways), texts=tuple(texts))


def _new_run(files: TreeFiles, question: SetupQuestion, decisions: Decisions, budget: Budget) -> Interpreter:
    environment = EnvironmentTable(
        {name: Unknown(f"the variable {name}", f"${name}") for name in ALWAYS_SET} | question.environment
    )
    run = Interpreter(files, question, decisions, budget, environment, evaluate, execute, call_value)
    run.scope = Scope(SCRIPT, {"__name__": "__main__", "__file__": str(ROOT / SCRIPT)})
    install(run)
    return run


def _stop(run: Interpreter, body: list[ast.stmt]) -> str:
    """Follow the script; why it ended early, if it did.

    Raises:
        TooMuch: a bound is reached.
    """
    try:
        execute(run, body)
    except Raised as error:
        words = f"{error.kind}: {error.message}" if error.kind else error.message
        return f"{error.place}: {words}"
    except Returned:
        return ""
    return ""
