from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from buildDoctor.core.evidence import Evidence
from buildDoctor.core.findings import Confidence, Finding, Fix, Item, Outcome, Safety, Severity, Trial, Undecided
from buildDoctor.core.report import Report
from buildDoctor.faces import wording


def _finding(rule: str, severity: Severity = Severity.ERROR, explained_by: str | None = None) -> Finding:
    return Finding(
        rule=rule,
        title=f"{rule} holds",
        severity=severity,
        confidence=Confidence.CERTAIN,
        family="plan",
        why="",
        limits="",
        subject="",
        evidence=(Item(path="plan", value="x", source="y"),),
        explained_by=explained_by,
    )


def _report(*findings: Finding, undecided: int = 0) -> Report:
    rules = tuple(Undecided(rule=f"u{number}", needs=(), why="") for number in range(undecided))
    return Report(targets=(), verdict="", findings=findings, undecided=rules, evidence=Evidence())


def _fix(outcome: Outcome, patch: str | None = None) -> Fix:
    return Fix(title=outcome.value, safety=Safety.SAFE, patch=patch, trial=Trial(outcome=outcome, why=""))


def _places(report: Report) -> list[tuple[str, int]]:
    return [(entry.finding.rule, entry.depth) for entry in wording.entries(report)]


@pytest.mark.parametrize("severity", Severity)
def test_every_severity_has_a_sign_and_a_word(severity: Severity) -> None:
    """Colour is never the only sign."""
    sign, word = wording.severity_words(severity).split(" ", 1)

    assert (len(sign), word) == (1, severity.value)


def test_every_outcome_has_its_own_words() -> None:
    """A reader without colours tells the outcomes apart."""
    words = [wording.outcome_words(outcome) for outcome in Outcome]

    assert words == ["✓ proven", "– no effect", "✗ makes worse", "? cannot be tried"]  # noqa: RUF001 - the dash is the sign


@pytest.mark.parametrize(
    ("report", "summary"),
    [
        pytest.param(_report(), "no findings", id="nothing"),
        pytest.param(_report(undecided=1), "no findings; 1 rule cannot tell", id="one-undecided"),
        pytest.param(_report(_finding("a")), "1 error", id="one"),
        pytest.param(
            _report(
                *(_finding(name) for name in "ab"),
                _finding("c", Severity.WARNING),
                *(_finding(name, Severity.NOTE) for name in "def"),
                undecided=2,
            ),
            "2 errors, 1 warning, 3 notes; 2 rules cannot tell",
            id="all-kinds",
        ),
    ],
)
def test_summary_counts_in_one_line(report: Report, summary: str) -> None:
    """Kinds without a finding are left out."""
    assert wording.summary(report) == summary


def test_findings_stand_by_severity_and_otherwise_in_order() -> None:
    """Errors come first; the report's order decides among equals."""
    report = _report(_finding("n", Severity.NOTE), _finding("e2"), _finding("w", Severity.WARNING), _finding("e1"))

    assert [group.severity for group in wording.grouped(report)] == list(Severity)
    assert _places(report) == [("e2", 0), ("e1", 0), ("w", 0), ("n", 0)]


def test_consequences_stand_beneath_their_causes() -> None:
    """Also when they are worse than the cause, and when they explain something themselves."""
    report = _report(
        _finding("cause", Severity.WARNING),
        _finding("consequence", Severity.ERROR, explained_by="cause"),
        _finding("further", Severity.NOTE, explained_by="consequence"),
    )

    assert _places(report) == [("cause", 0), ("consequence", 1), ("further", 2)]
    assert len(wording.grouped(report)) == 1


def test_consequence_belongs_to_the_nearest_cause_above() -> None:
    """Two findings of one rule each keep their own consequences."""
    one, two = _finding("cause"), replace(_finding("cause"), subject="second")
    report = _report(one, _finding("a", explained_by="cause"), two, _finding("b", explained_by="cause"))

    assert _places(report) == [("cause", 0), ("a", 1), ("cause", 0), ("b", 1)]
    assert wording.entries(report)[3].cause is two


def test_finding_whose_cause_is_not_reported_stands_alone() -> None:
    """A cause that was left out takes nothing with it."""
    assert _places(_report(_finding("a", explained_by="left-out"))) == [("a", 0)]


@pytest.mark.parametrize(
    ("findings", "places"),
    [
        pytest.param([("a", "a")], [("a", 0)], id="itself"),
        pytest.param([("a", "b"), ("b", "a")], [("a", 0), ("b", 1)], id="each-other"),
        pytest.param([("c", "a"), ("a", "b"), ("b", "a")], [("a", 0), ("c", 1), ("b", 1)], id="a-tail-on-a-circle"),
    ],
)
def test_circle_of_explanations_loses_no_finding(
    findings: list[tuple[str, str]], places: list[tuple[str, int]]
) -> None:
    """Every finding is shown exactly once."""
    assert _places(_report(*(_finding(rule, explained_by=cause) for rule, cause in findings))) == places


def test_fixes_that_help_stand_first() -> None:
    """Proven, then untried, then useless, then harmful."""
    finding = replace(_finding("a"), fixes=tuple(_fix(outcome) for outcome in reversed(Outcome)))

    assert [fix.title for fix in wording.ordered_fixes(finding)] == ["proven", "cannot-try", "no-effect", "makes-worse"]


def test_fix_that_was_tried_in_vain_is_never_offered() -> None:
    """Its patch is not the first patch, even when there is no other."""
    useless = replace(_finding("a"), fixes=(_fix(Outcome.NO_EFFECT, "p1"), _fix(Outcome.MAKES_WORSE, "p2")))
    mixed = replace(useless, fixes=(*useless.fixes, _fix(Outcome.PROVEN), _fix(Outcome.CANNOT_TRY, "p3")))

    assert wording.first_patch(useless) is None
    assert wording.best_fix(useless) is None
    assert wording.first_patch(mixed) is mixed.fixes[3]
    assert wording.best_fix(mixed) is mixed.fixes[2]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("plain – ünïcode ✓", "plain – ünïcode ✓", id="printable-stays"),  # noqa: RUF001 - a dash on purpose
        pytest.param("\x1b[2J\x07", r"\x1b[2J\x07", id="terminal-commands"),
        pytest.param("a\nb\tc\r", r"a\nb\tc\r", id="line-ends"),
        pytest.param("\u202egnp.exe", r"\u202egnp.exe", id="direction-change"),
        pytest.param("a\u200bb\ufeff", r"a\u200bb\ufeff", id="invisible"),
        pytest.param("\udcff", r"\udcff", id="bytes-that-are-not-text"),
        pytest.param("\u2028", r"\u2028", id="line-separator"),
        pytest.param("[bold]", "[bold]", id="markup-is-text"),
    ],
)
def test_what_a_terminal_would_obey_is_written_out(text: str, shown: str) -> None:
    """Nothing from a file moves the cursor, hides text or turns it around."""
    assert wording.visible(text) == shown


def test_lines_of_a_patch_stay_lines() -> None:
    """Tabs become spaces, so that widths are known; other control characters are written out."""
    assert wording.visible("+\ta\r\n-\x1bb\n", lines=True) == "+   a\\r\n-\\x1bb\n"


def test_paragraphs_are_joined_to_be_wrapped_anew() -> None:
    """Line ends inside a paragraph are those of the rule file, not of the reader's terminal."""
    assert wording.paragraphs("one\n  two\n\n\nthree\n") == ("one two", "three")


def test_variables_are_written_as_a_shell_takes_them() -> None:
    """Values with spaces and quotes are quoted."""
    fix = replace(
        _fix(Outcome.PROVEN),
        environment=(("TORCH_CUDA_ARCH_LIST", "9.0 12.0+PTX"), ("MAX_JOBS", "4"), ("X", "it's"), ("E", "")),
        command="pip install .\n",
    )

    assert wording.fix_commands(fix) == (
        "export TORCH_CUDA_ARCH_LIST='9.0 12.0+PTX'",
        "export MAX_JOBS=4",
        """export X='it'"'"'s'""",
        "export E=''",
        "pip install .",
    )


def test_evidence_names_its_path_value_and_place() -> None:
    """A value that is empty is said to be empty."""
    item = Item(path="plan.features[7].gets", value="", source="CMakeLists.txt:578")

    assert wording.evidence_line(item) == "plan.features[7].gets: empty"
    assert wording.source_line(item) == "from CMakeLists.txt:578"


def test_gaps_are_told_with_their_reasons(canned: Any) -> None:
    """What was not seen, and which rules cannot tell for that."""
    assert wording.not_seen_lines(canned.NVFP4)[0] == (
        "gpus",
        "No NVIDIA driver answers here; name the GPU with --gpu 12.0.",
    )
    assert wording.undecided_lines(canned.NVFP4) == (
        ("driver-too-old-for-toolkit", "needs driver.version: no NVIDIA driver answers here"),
    )
    assert wording.not_seen_summary(canned.NVFP4) == "3 parts not examined; 1 rule cannot tell"


@pytest.mark.parametrize(("report", "gaps"), [("HEALTHY", False), ("UNSURE", True), ("NOTHING", True)])
def test_health_that_was_not_seen_is_not_claimed(canned: Any, report: str, gaps: bool) -> None:  # noqa: FBT001 - a table of answers
    """Only a report without gaps is a clean bill."""
    assert wording.has_gaps(getattr(canned, report)) is gaps
