"""One examination from the request to the report."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from msgspec.structs import replace

from buildDoctor.adapters import demo_case, targets
from buildDoctor.adapters.cmake.plan import read_plan
from buildDoctor.adapters.cmake.question import Question, split_request
from buildDoctor.adapters.elf.binary import read_binary
from buildDoctor.adapters.environment import site_packages
from buildDoctor.adapters.recorded import evidence_from
from buildDoctor.core.errors import RequestError
from buildDoctor.core.evidence import Origin
from buildDoctor.core.findings import Finding, Fix
from buildDoctor.core.report import Report
from buildDoctor.examine.gathered import Gathered
from buildDoctor.examine.judging import report_on
from buildDoctor.examine.logs import see_log
from buildDoctor.examine.look import look
from buildDoctor.examine.options import Options, Progress
from buildDoctor.examine.rulebook import rulebook_of

_NOT_IN_THE_CASE = (
    "driver", "machine", "python", "environment", "packages", "caches", "system", "loader", "toolkits", "host_compiler",
    "triton", "gpus[].visible", "gpus[].mig", "gpus[].instances",
)  # fmt: skip
"""Parts of a machine of which the bundled case says nothing."""


def _silent(_step: str) -> None:
    """No progress is shown."""


def examine(options: Options, progress: Progress = _silent) -> Report:
    """Examine what the user names, or the current folder and the active environment.

    Raises:
        RequestError: an option, a path or a rule is wrong, or no target could be examined.
    """
    book = rulebook_of(options)
    packages = site_packages(options.python)
    # With a source tree alone, the current folder is nothing that the user asked about.
    here = () if options.source else (".",)
    found = tuple(targets.classify(given, packages) for given in options.targets or here)
    gathered = look(options, found, progress)
    if options.log is not None:
        progress("reading the log")
        see_log(gathered, options.log, book.loaded.rules)
    if gathered.failures and not gathered.examined and (options.targets or options.source):
        raise RequestError("\n".join(gathered.failures))
    named = options.targets or ((options.source,) if options.source else (".",))
    return report_on(gathered, named, book, progress)


def examine_demo(options: Options, progress: Progress = _silent) -> Report:
    """Examine the bundled case."""
    progress("reading the case")
    facts = demo_case.machine()
    request, cuda = split_request(facts.pop("request")), facts.pop("cuda")
    gathered = Gathered(evidence=evidence_from(facts))
    gathered.add(origins=[Origin(path=name, source="the case's own report") for name in facts])
    reading = read_binary(demo_case.BINARY, demo_case.BINARY.name, kernels=True)
    if reading.binary is not None:
        gathered.add_binary(replace(reading.binary, package=""), reading.origins, reading.not_seen)
    progress("replaying the build scripts of the case")
    question = Question(cuda=cuda, request=request)
    plan = read_plan(demo_case.FOLDER, question)
    gathered.tree, gathered.question, gathered.complaints = demo_case.FOLDER, question, plan.complaints
    stated = [Origin(path=f"plan.{name}", source="the case's own report") for name in ("request", "cuda_version")]
    decided = replace(plan.plan, configured=()) if plan.plan else None
    gathered.add(plan=decided, origins=[*plan.origins, *stated], not_seen=plan.not_seen)
    for path in ("plan.built", "plan.made_for"):
        gathered.miss(path, "the binary of the case is a small one of its own, so it is not compared with the plan")
    for path in _NOT_IN_THE_CASE:
        gathered.miss(path, "the case's own report does not tell it")
    for name in ("resolved", "mixed", "unresolved", "missing_from_torch"):
        gathered.miss(
            f"binaries[].host.{name}", "the binary of the case is a small one of its own, which nothing loads"
        )
    # The case is the same everywhere, whatever stands in the current folder.
    return report_on(gathered, ("demo",), rulebook_of(replace(options, isolated=True)), progress)


def judge_again(data: dict[str, Any], name: str, options: Options, tried: Iterable[Finding] = ()) -> Report:
    """Judge the evidence of a saved report with today's rules.

    Args:
        data: the evidence, as the report holds it.
        name: what the report is called.
        options: the rules to judge with.
        tried: the findings that the report holds; a fix that was tried then keeps its outcome.

    Raises:
        RequestError: a rule is wrong.
    """
    gathered = Gathered(evidence=evidence_from(data))
    saved = {(finding.rule, finding.subject, fix.title): _claimed(fix) for finding in tried for fix in finding.fixes}
    return report_on(gathered, (name,), rulebook_of(options), _silent, saved)


def _claimed(fix: Fix) -> Fix:
    """A fix whose outcome stands in a report that anyone may have written."""
    return replace(fix, trial=replace(fix.trial, claimed=True))
