"""The build is cleared only when every part of it was seen and every rule about it could answer."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from buildDoctor.adapters.recorded import evidence_from, healthy
from buildDoctor.adapters.rule_files import load_rules
from buildDoctor.core.evidence import Driver, Evidence
from buildDoctor.core.findings import Check, CheckState, Confidence, Finding, Item, Severity, Suppressed, Undecided
from buildDoctor.core.judging.judge import judge
from buildDoctor.core.report import Report
from buildDoctor.core.reporting.clearing import checks_of, is_cleared
from buildDoctor.core.reporting.composing import unasked, undecided, verdict
from buildDoctor.faces.wording.rule_words import RuleAnswer, rule_states

RULES = load_rules().rules
HEALTHY = evidence_from(healthy())
PARTS = {
    "torch": "torch",
    "driver": "driver",
    "toolkit": "toolkits",
    "C++ ABI and libraries": "system",
    "build plan": "plan",
    "architecture of every kernel": "binaries",
}


def checks(evidence: Evidence, *findings: Finding, suppressed: tuple[Suppressed, ...] = ()) -> dict[str, Check]:
    """The state of each part, by its name."""
    unclear = judge(evidence, RULES).unclear
    asked = [one for one in unclear if one.rule.id not in unasked(unclear, evidence)]
    found = checks_of(evidence, RULES, findings, undecided(asked, evidence), suppressed)
    return {check.name: check for check in found}


def finding(rule: str, severity: Severity) -> Finding:
    """Something that a rule has found."""
    return Finding(
        rule=rule, title="t", severity=severity, confidence=Confidence.CERTAIN, family="plan", why="w", limits="l",
        subject="", evidence=(Item(path="plan", value="v", source="s"),),
    )  # fmt: skip


def test_rules_that_are_left_out_leave_their_part_unknown() -> None:
    """Whoever ignores what would find a fault is not told that there is none; notes alone clear nothing and hide nothing."""
    toolkit = [rule for rule in RULES if rule.family == "toolkit" and rule.severity is not Severity.NOTE]
    notes = [rule for rule in RULES if rule.severity is Severity.NOTE]
    kept = [rule for rule in RULES if rule not in toolkit]

    without = {check.name: check for check in checks_of(HEALTHY, kept, (), (), left_out=toolkit)}
    quiet = checks_of(HEALTHY, RULES, (), (), left_out=notes)

    assert without["toolkit"].state is CheckState.UNKNOWN
    assert (
        without["toolkit"].why == f"left out by an option or the settings: {toolkit[0].id} and {len(toolkit) - 1} more"
    )
    assert without["torch"].state is CheckState.FINE
    assert is_cleared(quiet)


def test_a_healthy_machine_is_cleared() -> None:
    """Everything was seen, and nothing is wrong: the sentence says so, and for which GPU."""
    found = tuple(checks(HEALTHY).values())

    assert [(check.name, check.why) for check in found if check.state is not CheckState.FINE] == []
    assert is_cleared(found)
    assert verdict((), 0, HEALTHY, found).startswith("The build is in order for 12.0:")


@pytest.mark.parametrize(("part", "field"), PARTS.items())
def test_what_was_not_seen_is_not_cleared(part: str, field: str) -> None:
    """The part is unknown and says why, and the whole is not cleared."""
    found = checks(replace(HEALTHY, **{field: None}))

    assert found[part].state is CheckState.UNKNOWN
    assert found[part].why
    assert not is_cleared(tuple(found.values()))


@pytest.mark.parametrize("field", ["binaries", "toolkits", "capabilities"])
def test_an_empty_list_clears_nothing(field: str) -> None:
    """Where there is no file, no kernel of it is fine."""
    assert not is_cleared(tuple(checks(replace(HEALTHY, **{field: ()})).values()))


@pytest.mark.parametrize(
    ("severity", "state"),
    [(Severity.ERROR, CheckState.WRONG), (Severity.WARNING, CheckState.WRONG), (Severity.NOTE, CheckState.FINE)],
)
def test_an_error_or_a_warning_is_of_its_part_alone(severity: Severity, state: CheckState) -> None:
    """A note breaks nothing; the other parts stay in order: it is not an architecture problem, it is the C++ ABI."""
    found = checks(HEALTHY, finding("cxx11-abi-mismatch", severity))

    assert found["C++ ABI and libraries"].state is state
    assert found["architecture of every kernel"].state is CheckState.FINE


def test_a_suppressed_finding_clears_nothing() -> None:
    hidden = Suppressed(rule="stub-only-kernel", subject="", reason="known", until="", place="x.toml:1")

    assert checks(HEALTHY, suppressed=(hidden,))["architecture of every kernel"].state is CheckState.WRONG


def test_no_rule_clears_nothing() -> None:
    """With --select for another family, nobody has asked about the rest."""
    assert {check.state for check in checks_of(HEALTHY, (), (), ())} == {CheckState.UNKNOWN}


def test_a_rule_that_nobody_asked_is_not_run() -> None:
    """It neither holds nor fails to: the list of rules says that nothing was given."""
    evidence = replace(HEALTHY, log=None)
    unclear = judge(evidence, RULES).unclear
    report = Report(
        targets=(), verdict="", findings=(), undecided=(), evidence=evidence, unasked=unasked(unclear, evidence)
    )
    listed = [(rule.id, rule.severity, rule.family, "on") for rule in RULES]

    states = {state.id: state.answer for state in rule_states(report, listed)}

    assert states["no-kernel-image-at-run-time"] is RuleAnswer.NOT_ASKED
    assert states["torch-lacks-capability"] is RuleAnswer.DOES_NOT_HOLD


def test_a_question_without_an_answer_clears_nothing() -> None:
    """The driver was seen, and its version was not."""
    found = checks(replace(HEALTHY, driver=Driver()))["driver"]

    assert found.state is CheckState.UNKNOWN
    assert "driver" in found.why


def test_a_reason_is_said_once_in_a_line() -> None:
    """Rules of one layer often lack the same thing, one of them with something else beside it."""
    unclear = [
        Undecided(rule="no-kernel-image-at-run-time", needs=("driver",), why="no driver was found; none"),
        Undecided(
            rule="driver-too-old-for-torch", needs=("torch", "driver"), why="no torch; no driver was found; none"
        ),
        Undecided(rule="stub-libcuda-first", needs=("torch",), why="no torch"),
    ]
    rules = [replace(RULES[0], id=one.rule, family="driver", layer="driver") for one in unclear]

    (driver,) = (check for check in checks_of(Evidence(), rules, (), unclear) if check.name == "driver")

    assert driver.why == "no driver was found; none; no torch"
