"""The report for other programs: as it was promised, valid in the eyes of others, and safe whatever names hold."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from msgspec.structs import replace

from buildDoctor import __version__
from buildDoctor.core.findings import Severity, Trial
from buildDoctor.core.fixes.patches import patched
from buildDoctor.core.report import Report
from buildDoctor.faces.reports import github, json_v1, junit, sarif
from buildDoctor.faces.reports.sarif_changes import changes_of

ROOT = Path(__file__).parents[2]
GOLDEN = Path(__file__).parent / "golden"
SARIF = json.loads((ROOT / "tests" / "data" / "sarif-schema-2.1.0.json").read_text(encoding="utf-8"))
FORMS = {"json": json_v1.render, "sarif": sarif.render, "xml": junit.render, "github": github.render}
REPORTS = ("NVFP4", "HEALTHY", "UNSURE", "NOTHING", "HOSTILE")
CONTROL = "a\x00b\x1b[31mc\nd\re\u2028f\ud800g\ufffeh]]>&<i a='j' %0A::error::k,l:m"
"""What no format may let through as it is."""


def hostile(report: Report) -> Report:
    """The report with a title and a subject that no format may let through as they are."""
    return replace(
        report, findings=tuple(replace(f, title=CONTROL, subject=CONTROL, why=CONTROL) for f in report.findings)
    )


@pytest.mark.parametrize("name", ["NVFP4", "NOTHING"])
@pytest.mark.parametrize("form", FORMS)
def test_a_form_reads_as_it_did(canned: Any, name: str, form: str) -> None:
    """The whole document; a change of it is a decision, and of the JSON document a promise."""
    text = FORMS[form](getattr(canned, name)).replace(__version__, "VERSION")

    assert text == (GOLDEN / f"{name.lower()}.{form}").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", REPORTS)
def test_json_is_of_the_schema_that_is_shipped(canned: Any, name: str) -> None:
    report = getattr(canned, name)
    for one in (report, hostile(report)):
        jsonschema.validate(json.loads(json_v1.render(one)), json_v1.schema())


def test_every_field_of_the_schema_is_described_and_no_other_is_allowed() -> None:
    shapes = json_v1.schema()["$defs"]

    undescribed = [
        (s, f)
        for s, shape in shapes.items()
        for f, about in shape["properties"].items()
        if not about.get("description")
    ]

    assert len(shapes) > 30
    assert undescribed == []
    assert [name for name, shape in shapes.items() if shape.get("additionalProperties") is not False] == []


@pytest.mark.parametrize("name", REPORTS)
def test_sarif_is_of_the_official_schema(canned: Any, name: str) -> None:
    report = getattr(canned, name)
    for one in (report, hostile(report)):
        jsonschema.validate(json.loads(sarif.render(one)), SARIF)
    jsonschema.validate(json.loads(sarif.render_error(CONTROL)), SARIF)


def test_sarif_shows_a_finding_at_its_line_with_its_rule_and_its_fix(canned: Any) -> None:
    (run,) = json.loads(sarif.render(canned.NVFP4))["runs"]
    first = run["results"][0]

    place = first["locations"][0]["physicalLocation"]
    assert (place["artifactLocation"]["uri"], place["region"]) == ("vllm/CMakeLists.txt", {"startLine": 97})
    rule = run["tool"]["driver"]["rules"][first["ruleIndex"]]
    assert rule["id"] == first["ruleId"] == "supported-suffix-consumes-target"
    assert "helpUri" not in rule
    assert "build-doctor explain supported-suffix-consumes-target" in rule["help"]["text"]
    assert "](https://github.com/vllm-project/vllm/issues/56548)" in rule["help"]["markdown"]
    (fix,) = first["fixes"]
    assert fix["description"]["text"] == "✓ proven: Drop 12.0a from CUDA_SUPPORTED_ARCHS"


def test_sarif_hands_over_no_fix_that_only_a_report_calls_proven(canned: Any) -> None:
    """A tool may apply it unread."""
    first = canned.NVFP4.findings[0]
    claimed = tuple(replace(fix, trial=replace(fix.trial, claimed=True)) for fix in first.fixes)

    (result,) = json.loads(sarif.render(replace(canned.NVFP4, findings=(replace(first, fixes=claimed),))))["runs"][0][
        "results"
    ]

    assert "fixes" not in result
    assert "✓ proven, as the report says: Drop 12.0a" in result["message"]["text"]


PATCHES = {
    "a line is replaced": ("a\nb\nc\n", "--- a/f\n+++ b/f\n@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n"),
    "two lines become three": ("a\nb\nc\n", "--- a/f\n+++ b/f\n@@ -1,3 +1,4 @@\n a\n-b\n-c\n+B\n+C\n+D\n"),
    "lines go": ("a\nb\nc\nd\n", "--- a/f\n+++ b/f\n@@ -1,4 +1,2 @@\n a\n-b\n-c\n d\n"),
    "the last line goes": ("a\nb\n", "--- a/f\n+++ b/f\n@@ -1,2 +1,1 @@\n a\n-b\n"),
    "lines come": ("a\nb\n", "--- a/f\n+++ b/f\n@@ -1,2 +1,4 @@\n a\n+x\n+y\n b\n"),
    "a line comes without context": ("a\nb\n", "--- a/f\n+++ b/f\n@@ -1,0 +2,1 @@\n+x\n"),
    "two hunks": ("a\nb\nc\nd\ne\n", "--- a/f\n+++ b/f\n@@ -1,2 +1,1 @@\n-a\n b\n@@ -4,2 +3,2 @@\n d\n-e\n+E\n"),
    "lines that look like heads": ("-- x\n++ y\n", "--- a/f\n+++ b/f\n@@ -1,2 +1,2 @@\n--- x\n+++ z\n ++ y\n"),
}


@pytest.mark.parametrize("case", PATCHES)
def test_the_replacements_of_a_patch_do_what_the_patch_does(case: str) -> None:
    """Applied as SARIF says, from the last to the first, against our own patching."""
    text, patch = PATCHES[case]

    (change,) = changes_of(patch)
    for replacement in reversed(change.replacements):
        text = _replaced(text, replacement)

    assert (change.file, text) == ("f", patched(PATCHES[case][0], patch))


def _replaced(text: str, replacement: dict[str, Any]) -> str:
    region, lines = replacement["deletedRegion"], text.splitlines(keepends=True)
    starts = [sum(map(len, lines[:at])) for at in range(len(lines) + 1)]
    start = starts[region["startLine"] - 1]
    end = starts[region["endLine"] - 1] if "endColumn" in region else starts[region["endLine"]] - 1
    return text[:start] + replacement["insertedContent"]["text"] + text[end:]


@pytest.mark.parametrize("name", REPORTS)
def test_junit_is_xml_whatever_names_hold(canned: Any, name: str) -> None:
    report = getattr(canned, name)
    for text in (junit.render(report), junit.render(hostile(report)), junit.render_error(CONTROL)):
        root = ET.fromstring(text.encode())  # noqa: S314  our own output
        cases = list(root.iter("testcase"))
        assert int(root.attrib["tests"]) == len(cases) > 0
        assert int(root.attrib["failures"]) == len(list(root.iter("failure")))
        assert int(root.attrib["skipped"]) == len(list(root.iter("skipped")))
        assert int(root.attrib["errors"]) == len(list(root.iter("error")))


@pytest.mark.parametrize(("fail_on", "failures"), [("error", 4), ("warning", 5), ("note", 6), ("never", 0)])
def test_junit_fails_what_the_exit_code_fails(canned: Any, fail_on: str, failures: int) -> None:
    assert f'tests="7" failures="{failures}"' in junit.render(canned.NVFP4, fail_on=fail_on)


def test_junit_has_one_suite_for_a_family_whose_findings_lie_apart(canned: Any) -> None:
    """They come by severity; a reader that keeps suites by name loses none."""
    one, other = replace(canned.NVFP4.findings[0], family="plan"), replace(canned.NVFP4.findings[0], family="torch")
    last = replace(one, severity=Severity.NOTE, rule="last")
    root = ET.fromstring(junit.render(replace(canned.NVFP4, findings=(one, other, last), undecided=())))  # noqa: S314  our own output

    suites = [(suite.attrib["name"], suite.attrib["tests"], suite.attrib["failures"]) for suite in root]
    assert suites == [("plan", "2", "1"), ("torch", "1", "1")]
    assert root.attrib["tests"] == "3"


@pytest.mark.parametrize("name", REPORTS)
def test_an_annotation_is_one_line_and_no_name_begins_another(canned: Any, name: str) -> None:
    report = getattr(canned, name)
    lines = github.render(hostile(report)).split("\n")

    assert lines[-1] == ""
    assert len(lines) == max(len(report.findings), 0) + 2
    commands = [line for line in lines if line.startswith("::")]
    assert all(
        re.match(r"::(error|warning|notice) (file=[^,:]+(,line=\d+)?,)?title=[^,:]+::[^\r\n]", line)
        for line in commands
    )
    assert len(commands) == (len(report.findings) or name == "NOTHING")


@pytest.mark.parametrize("name", ["##[stop-commands]a", " ::error::a", "a\n::error::b"])
def test_the_last_line_begins_no_command(canned: Any, name: str) -> None:
    """The runner looks behind spaces for a command, and anywhere in a line for one in the older form."""
    line = github.render(replace(canned.NVFP4, verdict=name)).split("\n")[-2]

    assert "##[" not in line
    assert not line.lstrip().startswith("::")


def test_annotations_carry_severity_file_and_line(canned: Any) -> None:
    lines = github.render(canned.NVFP4).splitlines()

    assert lines[0].startswith("::error file=vllm/CMakeLists.txt,line=97,title=supported-suffix-consumes-target::NVFP4")
    assert [line.split()[0] for line in lines[:-1]] == ["::error"] * 4 + ["::warning", "::notice"]


@pytest.mark.parametrize("form", FORMS)
def test_the_order_of_hashes_changes_no_form(form: str, tmp_path: Path) -> None:
    """Two interpreters with other hashes write the same bytes."""
    name = {"xml": "junit"}.get(form, form)
    command = [
        sys.executable,
        "-m",
        "buildDoctor",
        str(ROOT / "buildDoctor" / "demo" / "_C.abi3.so"),
        "--gpu",
        "12.0",
        "--format",
        name,
    ]
    answers = [
        subprocess.run(
            command, cwd=tmp_path, capture_output=True, check=False,
            env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "HOME": "/", "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    ]  # fmt: skip

    assert answers[0]
    assert answers[0] == answers[1]


def test_what_a_report_claims_is_called_a_claim(canned: Any, tmp_path: Path) -> None:
    """A report may come from a stranger: what it calls proven is proven there and not here."""
    from buildDoctor.faces.reports.saved_reports import read_report  # noqa: PLC0415  what is tested
    from buildDoctor.faces.reports.text import render  # noqa: PLC0415  as above

    (tmp_path / "report.json").write_text(json_v1.render(canned.NVFP4), encoding="utf-8")
    read = read_report(tmp_path / "report.json")
    trials: list[Trial] = [fix.trial for finding in read.findings for fix in finding.fixes]

    assert trials
    assert all(trial.claimed for trial in trials)
    text = render(read, color=False, width=80, verbose=False)
    assert "✓ proven, as the report says: Drop 12.0a" in text
    assert "✓ proven:" not in text
