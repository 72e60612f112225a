"""From what was gathered to the report: judged, with the fixes tried."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from buildDoctor.core.evidence import Evidence
from buildDoctor.core.findings import Finding, Fix
from buildDoctor.core.judging.gathering import gathered as put_together
from buildDoctor.core.judging.judge import judge
from buildDoctor.core.report import Report
from buildDoctor.core.reporting.clearing import checks_of
from buildDoctor.core.reporting.composing import finding_of, in_order, unasked, undecided, verdict
from buildDoctor.core.reporting.suppressions import in_report, sift, with_notices
from buildDoctor.core.rules.rule import Rule
from buildDoctor.examine.gathered import Gathered
from buildDoctor.examine.options import Progress
from buildDoctor.examine.progress import Told
from buildDoctor.examine.rulebook import Rulebook
from buildDoctor.examine.trying import Trials, fixes_by_finding


def report_on(
    gathered: Gathered,
    named: Iterable[str],
    book: Rulebook,
    progress: Progress,
    saved: Mapping[tuple[str, str, str], Fix] | None = None,
) -> Report:
    """Judge what was gathered, try the fixes, and put it into words."""
    evidence: Evidence = gathered.evidence
    progress(Told.of("judging", evidence=evidence))
    judgement = judge(evidence, book.rules)
    decided = {rule.id for rule in book.rules} - {one.rule.id for one in judgement.unclear}
    sifted = sift(judgement.held, book.settings.suppressions, book.day, decided)
    progress("trying the fixes")
    trials = Trials(gathered, book.rules, judgement, saved or {})
    findings = in_order(
        (finding_of(held, evidence, fixes), held) for held, fixes in fixes_by_finding(trials, put_together(sifted.kept))
    )
    findings = with_notices(findings, sifted.findings)
    nobody_asked = unasked(judgement.unclear, evidence)
    unclear = undecided((one for one in judgement.unclear if one.rule.id not in nobody_asked), evidence)
    passed_over = in_report(sifted)
    asked = {rule.id for rule in book.rules}
    left_out = [rule for rule in book.loaded.rules if rule.id not in asked]
    checks = checks_of(evidence, book.rules, findings, unclear, passed_over, left_out)
    return Report(
        targets=tuple(named),
        verdict=verdict(findings, len(unclear), evidence, checks),
        findings=findings,
        undecided=unclear,
        evidence=evidence,
        checks=checks,
        unasked=nobody_asked,
        suppressed=passed_over,
        rules=_rules_of(findings, book),
        rule_pages=book.settings.rule_pages,
    )


def _rules_of(findings: Iterable[Finding], book: Rulebook) -> tuple[Rule, ...]:
    """The rules of the findings, each once."""
    by_id = {rule.id: rule for rule in book.rules}
    return tuple(by_id[name] for name in dict.fromkeys(one.rule for one in findings) if name in by_id)
