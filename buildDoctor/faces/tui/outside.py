"""What a real run answers when the app asks: each function asks the examination."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from buildDoctor.core.evidence import Binary
from buildDoctor.core.fixes.plan_changes import Changes, WhatIf
from buildDoctor.core.report import Report
from buildDoctor.core.rules.rule import Rule
from buildDoctor.examine.applying import apply, refusal
from buildDoctor.examine.editor import edit
from buildDoctor.examine.excerpt import excerpt
from buildDoctor.examine.kernels import all_kernels
from buildDoctor.examine.options import Options
from buildDoctor.examine.package_files import package_files
from buildDoctor.examine.plan_questions import asked_again
from buildDoctor.examine.rule_pages import rule_page_parts
from buildDoctor.examine.rulebook import Rulebook, rulebook_of
from buildDoctor.examine.what_if import what_if
from buildDoctor.faces.reports.ink import Ink
from buildDoctor.faces.reports.rule_page import page
from buildDoctor.faces.tui.services import RuleEntry

__all__ = ["all_rules", "apply", "edit", "excerpt", "kernels_of", "package_files", "refusal", "try_change"]


def try_change(options: Options, report: Report, changes: Changes) -> WhatIf:
    """What the build would decide after the changes, when all else is asked as it was."""
    evidence = report.evidence
    plan = evidence.plan
    if plan is None:
        return WhatIf(why="there is no plan")
    asked = asked_again(evidence, plan, options)
    tree = Path(plan.source or "")
    return what_if(plan, tree, changes, torch=asked.torch, capabilities=evidence.capabilities or (), asked=asked)


def kernels_of(options: Options, name: str, package: str | None) -> Binary:
    """A file with every kernel listed, by their C++ names where a program may be started to tell them."""
    return all_kernels(name, package, texts=not options.static)


def all_rules(options: Options) -> tuple[RuleEntry, ...]:
    """Every rule that there is for these options."""
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
