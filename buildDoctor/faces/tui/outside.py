"""The services that a real run gives to the app: each asks the examination, none is asked before it is needed."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

from buildDoctor.core.findings import Report
from buildDoctor.core.plan_changes import Changes, WhatIf
from buildDoctor.core.rules import Rule
from buildDoctor.examine.applying import apply, refusal
from buildDoctor.examine.excerpt import excerpt
from buildDoctor.examine.kernels import all_kernels
from buildDoctor.examine.options import Options
from buildDoctor.examine.rule_pages import rule_page_parts
from buildDoctor.examine.rulebook import Rulebook, rulebook_of
from buildDoctor.examine.what_if import what_if
from buildDoctor.faces.reports.ink import Ink
from buildDoctor.faces.reports.rule_page import page
from buildDoctor.faces.tui.services import RuleEntry, Services


def services_for(options: Options, *, demo: bool) -> Services:
    """What can be asked in a run.

    Args:
        options: what was typed.
        demo: whether it shows the bundled case, which is the same everywhere.
    """
    rules = partial(_rules, replace(options, isolated=True) if demo else options)
    # The tree and the files of a saved report may be on another machine, or others by now.
    if len(options.targets) == 1 and options.targets[0].endswith(".json"):
        return Services(rules=rules)
    if demo:
        # The bundled tree is a part of build-doctor, so nothing is applied to it.
        return Services(what_if=_what_if, excerpt=excerpt, kernels=all_kernels, rules=rules)
    return Services(what_if=_what_if, excerpt=excerpt, kernels=all_kernels, rules=rules, refusal=refusal, apply=apply)


def _what_if(report: Report, changes: Changes) -> WhatIf:
    evidence = report.evidence
    if evidence.plan is None:
        return WhatIf(why="there is no plan")
    torch = (evidence.torch.version if evidence.torch else None) or ""
    tree = Path(evidence.plan.source or "")
    return what_if(evidence.plan, tree, changes, torch=torch, capabilities=evidence.capabilities or ())


def _rules(options: Options) -> tuple[RuleEntry, ...]:
    book = rulebook_of(options)
    return tuple(_entry(book, rule) for rule in book.loaded.rules)


def _entry(book: Rulebook, rule: Rule) -> RuleEntry:
    return RuleEntry(
        id=rule.id,
        severity=rule.severity,
        family=rule.family,
        runs=book.states[rule.id],
        file=rule.origin,
        page=partial(_page, book, rule),
    )


def _page(book: Rulebook, rule: Rule, width: int) -> str:
    words, origin = rule_page_parts(book, rule)
    return page(rule, words, origin=origin, state=book.states[rule.id], ink=Ink(color=True), columns=width)
