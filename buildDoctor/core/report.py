"""The whole report, as every face shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from buildDoctor.core.findings import Check, Finding, Suppressed, Undecided

if TYPE_CHECKING:
    # Most reports compare nothing, and the first frame of the terminal UI has no evidence to show.
    from buildDoctor.core.comparing.changes import Differences
    from buildDoctor.core.contracts.contract import Checked
    from buildDoctor.core.evidence import Evidence
    from buildDoctor.core.plan_answers import PlanAnswer
    from buildDoctor.core.rules.rule import Rule


class Gone(Struct, frozen=True, kw_only=True):
    """A finding of the baseline that is not there any more."""

    rule: str
    subject: str
    fingerprint: str


class Known(Struct, frozen=True, kw_only=True):
    """What a baseline knows about a report."""

    name: str
    """The file of the baseline."""
    known: int
    """How many findings are left out."""
    gone: tuple[Gone, ...]
    """The findings of the baseline that are not there any more."""


class Report(Struct, frozen=True, kw_only=True):
    """Everything that is said about the targets."""

    targets: tuple[str, ...]
    verdict: str
    """The sentence that comes first."""
    findings: tuple[Finding, ...]
    """Causes first."""
    undecided: tuple[Undecided, ...]
    evidence: Evidence
    checks: tuple[Check, ...] = ()
    """The parts of the build in the order of verdicts, each with whether it is in order."""
    unasked: tuple[str, ...] = ()
    """Ids of the rules about what nobody has given or asked for: a log, a wheel, a model, an answer of the examined Python."""
    suppressed: tuple[Suppressed, ...] = ()
    """What is not shown because the project's settings say so."""
    changes: Differences | None = None
    """What changed between two builds, when that was asked."""
    answer: PlanAnswer | None = None
    """What was asked about the plan beside it."""
    contract: Checked | None = None
    """A contract held against files, when that was asked."""
    baseline: Known | None = None
    """What a baseline knows, when there is one."""
    rules: tuple[Rule, ...] = ()
    """The rules of the findings, each once, where they are at hand."""
    rule_pages: str = ""
    """Where the pages of rules are published, with `{rule}` for the id; empty for nowhere."""


def was_examined(evidence: Evidence) -> bool:
    """Whether anything was there to be judged: a plan, a shared object, a package with device code, torch, or a log."""
    seen = (evidence.plan, evidence.torch, evidence.log)
    coded = any(package.code for package in evidence.packages or ())
    return bool(evidence.binaries) or coded or any(part is not None for part in seen)


def says_something(report: Report) -> bool:
    """Whether a report holds anything but the words that nothing could be examined."""
    return (
        was_examined(report.evidence)
        or bool(report.findings)
        or report.changes is not None
        or report.contract is not None
    )
