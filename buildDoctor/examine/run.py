"""One examination from the request to the report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from buildDoctor.adapters import demo_case, targets
from buildDoctor.adapters.cmake.plan import read_plan
from buildDoctor.adapters.cmake.question import Question, split_request
from buildDoctor.adapters.elf.binary import read_binary
from buildDoctor.adapters.environment import site_packages
from buildDoctor.adapters.recorded import evidence_from
from buildDoctor.adapters.rule_files import load_rules
from buildDoctor.core.errors import RequestError
from buildDoctor.core.evidence import Evidence, Origin
from buildDoctor.core.findings import Finding, Fix, Report
from buildDoctor.core.judge import judge
from buildDoctor.core.reporting import finding_of, in_order, undecided, verdict
from buildDoctor.core.rules import Rule
from buildDoctor.examine.gathered import Gathered
from buildDoctor.examine.look import look
from buildDoctor.examine.options import Options, Progress
from buildDoctor.examine.trying import Trials, fixes_by_finding


def _silent(_step: str) -> None:
    """No progress is shown."""


def examine(options: Options, progress: Progress = _silent) -> Report:
    """Examine what the user names, or the current folder and the active environment.

    Raises:
        RequestError: an option, a path or a rule is wrong, or no target could be examined.
    """
    rules = rules_of(options)
    packages = site_packages(options.python)
    # With a source tree alone, the current folder is nothing that the user asked about.
    here = () if options.source else (".",)
    found = tuple(targets.classify(given, packages) for given in options.targets or here)
    gathered = look(options, found, progress)
    if gathered.failures and not gathered.examined and (options.targets or options.source):
        raise RequestError("\n".join(gathered.failures))
    named = options.targets or ((options.source,) if options.source else (".",))
    return report_on(gathered, named, rules, progress)


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
    gathered.tree, gathered.question = demo_case.FOLDER, question
    stated = [Origin(path=f"plan.{name}", source="the case's own report") for name in ("request", "cuda_version")]
    gathered.add(plan=plan.plan, origins=[*plan.origins, *stated], not_seen=plan.not_seen)
    return report_on(gathered, ("demo",), rules_of(options), progress)


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
    saved = {(finding.rule, finding.subject, fix.title): fix for finding in tried for fix in finding.fixes}
    return report_on(gathered, (name,), rules_of(options), _silent, saved)


def rules_of(options: Options) -> tuple[Rule, ...]:
    """The rules that the user wants, in their order.

    Raises:
        RequestError: a rule file has mistakes, or a rule that is named does not exist.
    """
    loaded = load_rules(options.rules)
    if loaded.problems:
        raise RequestError("\n".join(map(str, loaded.problems)))
    names = {rule.id for rule in loaded.rules} | {rule.family for rule in loaded.rules}
    for name in (*options.select, *options.ignore):
        if name not in names:
            raise RequestError(f"there is no rule or family of rules called {name}")
    return tuple(
        rule
        for rule in loaded.rules
        if (not options.select or {rule.id, rule.family} & set(options.select))
        and not {rule.id, rule.family} & set(options.ignore)
    )


def report_on(
    gathered: Gathered,
    named: Iterable[str],
    rules: tuple[Rule, ...],
    progress: Progress,
    saved: Mapping[tuple[str, str, str], Fix] | None = None,
) -> Report:
    """Judge what was gathered, try the fixes, and put it into words."""
    evidence: Evidence = gathered.evidence
    progress("judging")
    judgement = judge(evidence, rules)
    progress("trying the fixes")
    trials = Trials(gathered, rules, judgement.held, saved or {})
    findings = in_order(
        (finding_of(held, evidence, fixes), held) for held, fixes in fixes_by_finding(trials, judgement.held)
    )
    unclear = undecided(judgement.unclear, evidence)
    return Report(
        targets=tuple(named),
        verdict=verdict(findings, len(unclear), evidence),
        findings=findings,
        undecided=unclear,
        evidence=evidence,
    )
