"""What a project has said it knows is not shown, and what it said too long ago is."""

from __future__ import annotations

from buildDoctor.core.evidence import Evidence, Feature, Plan
from buildDoctor.core.findings import Confidence, Finding, Item, Severity
from buildDoctor.core.judging.judge import Held, judge
from buildDoctor.core.reporting.suppressions import Sifted, in_report, sift, with_notices
from buildDoctor.core.rules.format import read_rule
from buildDoctor.core.settings import Suppression

RULE = read_rule(
    {
        "schema": 1,
        "id": "nothing-left",
        "title": "{f.name}",
        "severity": "error",
        "confidence": "certain",
        "family": "plan",
        "for_each": {"f": "plan.features"},
        "when": "f.gets == []",
        "why": "",
        "limits": "",
        "example": [
            {"name": expect, "expect": expect, "evidence": {}} for expect in ("holds", "does-not-hold", "cannot-tell")
        ],
    }
)
HELD = judge(Evidence(plan=Plan(features=(Feature(name="FP4", gets=()), Feature(name="MLA", gets=())))), [RULE]).held
TODAY = "2026-06-15"


def suppression(rule: str = "nothing-left", subject: str = "", until: str = "") -> Suppression:
    return Suppression(rule=rule, subject=subject, reason="Known.", until=until, place="build-doctor.toml:3")


def sifted(*suppressions: Suppression, held: tuple[Held, ...] = HELD, decided: tuple[str, ...] = (RULE.id,)) -> Sifted:
    return sift(held, suppressions, TODAY, decided)


def subjects(result: Sifted) -> list[str]:
    return [held.subject for held in result.kept]


def test_without_a_subject_every_finding_of_the_rule_is_left_out() -> None:
    result = sifted(suppression())

    assert (subjects(result), result.findings) == ([], ())
    assert [(one.rule, one.subject, one.reason) for one in in_report(result)] == [
        ("nothing-left", "f=FP4", "Known."),
        ("nothing-left", "f=MLA", "Known."),
    ]


def test_a_subject_is_a_pattern() -> None:
    assert subjects(sifted(suppression(subject="*FP4"))) == ["f=MLA"]


def test_the_last_day_still_counts_and_the_next_does_not() -> None:
    assert subjects(sifted(suppression(until=TODAY))) == []
    assert subjects(sifted(suppression(until="2026-06-14"))) == ["f=FP4", "f=MLA"]


def test_an_expired_suppression_is_a_warning_with_its_place() -> None:
    (finding,) = sifted(suppression(until="2026-06-14")).findings

    assert (finding.rule, finding.severity, finding.evidence[0].source) == (
        "suppression-expired",
        Severity.WARNING,
        "build-doctor.toml:3",
    )
    assert finding.title == "The suppression of nothing-left expired on 2026-06-14"
    assert "because: Known. Its findings are shown again." in finding.why


def test_a_reason_without_a_full_stop_ends_in_one() -> None:
    late = Suppression(rule="nothing-left", subject="", reason="they know", until="2026-06-14", place="p:1")
    (finding,) = sifted(late).findings
    assert "because: they know. Its findings are shown again." in finding.why


def test_a_suppression_that_leaves_out_nothing_is_a_note() -> None:
    (finding,) = sifted(suppression(subject="*MoE")).findings

    assert (finding.rule, finding.severity) == ("suppression-unused", Severity.NOTE)
    assert finding.title == "The suppression of nothing-left (*MoE) leaves out nothing"


def test_nothing_is_said_about_a_rule_that_gave_no_answer() -> None:
    """It was not run, or cannot tell: what it would have found is not known."""
    assert sifted(suppression(), held=(), decided=()).findings == ()


def test_notices_stand_with_their_severity_and_leave_families_together() -> None:
    def finding(rule: str, severity: Severity, explained_by: str | None = None) -> Finding:
        return Finding(
            rule=rule, title="", severity=severity, confidence=Confidence.CERTAIN, family="", why="", limits="", subject="",
            evidence=(Item(path="a", value="", source=""),), explained_by=explained_by,
        )  # fmt: skip

    findings = (
        finding("a", Severity.ERROR),
        finding("b", Severity.NOTE, explained_by="a"),
        finding("c", Severity.NOTE),
    )
    notices = sifted(suppression(until="2026-06-14"), suppression(subject="*MoE")).findings

    assert [one.rule for one in with_notices(findings, notices)] == [
        "a", "b", "suppression-expired", "c", "suppression-unused",
    ]  # fmt: skip
