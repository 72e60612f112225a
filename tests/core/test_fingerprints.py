"""What stays the same of a finding."""

from __future__ import annotations

from buildDoctor.core.evidence import Binary, Evidence
from buildDoctor.core.findings import Confidence, Finding, Item, Severity
from buildDoctor.core.fingerprints import fingerprints, place_of
from buildDoctor.core.report import Report
from buildDoctor.core.reporting.baselines import against


def finding(rule: str = "r", subject: str = "", source: str = "CMakeLists.txt:1", cause: str | None = None) -> Finding:
    return Finding(
        rule=rule, title="t", severity=Severity.ERROR, confidence=Confidence.LIKELY, family="binary", why="", limits="",
        subject=subject, evidence=(Item(path="a", value="b", source=source),), explained_by=cause,
    )  # fmt: skip


def report(*findings: Finding, path: str = "a.so") -> Report:
    evidence = Evidence(binaries=(Binary(path=path),))
    return Report(targets=(), verdict="v", findings=findings, undecided=(), evidence=evidence)


def test_lines_do_not_count() -> None:
    assert fingerprints([finding(source="a.txt:1")], Evidence()) == fingerprints(
        [finding(source="a.txt:9")], Evidence()
    )


def test_rule_and_subject_count() -> None:
    marks = fingerprints([finding(), finding(rule="s"), finding(subject="x"), finding()], Evidence())

    assert len(set(marks)) == 4


def test_the_place_of_a_file_is_what_machines_share() -> None:
    assert place_of("/home/build-1/_C.so") == place_of("_C.so") == "_C.so"
    assert (
        place_of("d/p-1.0-py3-none-any.whl!p/_C.so") == place_of("/v/lib/python3.12/site-packages/p/_C.so") == "p/_C.so"
    )
    assert place_of("d/p-1.0-py3-none-any.whl") == place_of("p-2.0-py3-none-any.whl") == "p"


def test_a_file_in_another_folder_or_wheel_is_the_same_subject() -> None:
    marks = {
        fingerprints([finding(subject=f"b={path}")], report(path=path).evidence)
        for path in ("/a/p-1.0-x.whl!p/_C.so", "q/p-2.0-x.whl!p/_C.so", "/x/site-packages/p/_C.so")
    }

    assert len(marks) == 1


def test_a_baseline_leaves_what_is_new_and_names_what_is_gone() -> None:
    before, after = report(finding("old"), finding("gone")), report(finding("old"), finding("new"))

    left = against(after, "base.json", before)

    assert [one.rule for one in left.findings] == ["new"]
    assert left.baseline is not None
    assert (left.baseline.known, [one.rule for one in left.baseline.gone]) == (1, ["gone"])
    assert left.verdict == "New against base.json: t."


def test_a_second_finding_of_the_same_kind_is_new() -> None:
    assert len(against(report(finding(), finding()), "b", report(finding())).findings) == 1


def test_a_finding_whose_cause_is_left_out_stands_by_itself() -> None:
    (left,) = against(
        report(finding("cause"), finding("effect", cause="cause")), "b", report(finding("cause"))
    ).findings

    assert left.explained_by is None
