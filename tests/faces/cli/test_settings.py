"""Settings of a project in a whole run: in the text, in the JSON report, and in the exit code."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

Run = Callable[..., Any]
SUPPRESSED = '[[suppress]]\nrule = "stub-only-kernel"\nreason = "We ship no NVFP4."\nuntil = 2999-12-31\n'


def report(folder: Path, run: Run) -> str:
    """A saved report of the bundled case in the current folder."""
    (folder / "case.json").write_text(run("demo", "--json").output)
    return "case.json"


def test_what_is_suppressed_is_named_with_its_reason(folder: Path, run: Run) -> None:
    saved = report(folder, run)
    (folder / "build-doctor.toml").write_text(SUPPRESSED)

    text, document = run(saved).output, json.loads(run(saved, "--json").output)

    assert "Suppressed by the settings\n  stub-only-kernel (" in text
    assert "build-doctor.toml:1, until 2999-12-31:" in " ".join(text.split())
    assert text.endswith("2 suppressed\n")
    assert {one["reason"] for one in document["suppressed"]} == {"We ship no NVFP4."}
    assert "stub-only-kernel" not in {finding["rule"] for finding in document["findings"]}


def test_without_suppressions_the_report_has_no_word_of_them(folder: Path, run: Run) -> None:
    """The document of someone without settings stays byte for byte what it was."""
    assert "suppressed" not in json.loads(run(report(folder, run), "--json").output)


def test_an_expired_suppression_is_a_finding_with_its_place(folder: Path, run: Run) -> None:
    saved = report(folder, run)
    (folder / "build-doctor.toml").write_text(SUPPRESSED.replace("2999-12-31", "2020-01-01"))

    findings = json.loads(run(saved, "--json").output)["findings"]

    (expired,) = [finding for finding in findings if finding["rule"] == "suppression-expired"]
    assert (expired["severity"], expired["evidence"][0]["source"]) == ("warning", "build-doctor.toml:1")
    assert "stub-only-kernel" in {finding["rule"] for finding in findings}


def test_settings_decide_the_exit_code(folder: Path, run: Run) -> None:
    saved = report(folder, run)
    (folder / "build-doctor.toml").write_text('select = ["suffix-lost"]\n')

    assert (run(saved).code, run(saved, "--isolated").code, run(saved, "--fail-on", "warning").code) == (0, 1, 1)


def test_the_demo_is_the_same_whatever_stands_beside_it(folder: Path, run: Run) -> None:
    before = run("demo", "--json").output
    (folder / "build-doctor.toml").write_text("not TOML")

    assert run("demo", "--json").output == before


def test_settings_that_are_wrong_end_with_2(folder: Path, run: Run) -> None:
    (folder / "build-doctor.toml").write_text('ignroe = ["plan"]\n')

    ended = run("--json")

    assert (ended.code, json.loads(ended.output)["error"]["kind"]) == (2, "request")
    assert ended.errors == (
        "build-doctor: build-doctor.toml:1:1: 'ignroe' is not a key of the settings; did you mean 'ignore'?\n"
    )


def test_a_rule_that_does_not_exist_is_told_with_file_line_and_column(folder: Path, run: Run) -> None:
    (folder / "pyproject.toml").write_text('[tool.build-doctor]\nignore = ["plan", "stub-only-kernal"]\n')

    ended = run("--json")

    assert ended.errors == (
        "build-doctor: pyproject.toml:2:19: there is no rule or family of rules called 'stub-only-kernal'; "
        "did you mean 'stub-only-kernel'?\n"
    )
    assert run("rules", "check").output.startswith("pyproject.toml:2:19: there is no rule")


def test_a_project_says_where_the_pages_of_rules_are_published(folder: Path, run: Run) -> None:
    """And its settings are left out where they shall not count."""
    saved = report(folder, run)
    (folder / "build-doctor.toml").write_text('[sarif]\nrule_pages = "https://ci.example.org/rules.html#{rule}"\n')

    told, alone = run(saved, "--format", "sarif"), run(saved, "--format", "sarif", "--isolated")

    (rules, others) = (json.loads(one.output)["runs"][0]["tool"]["driver"]["rules"] for one in (told, alone))
    assert {one["helpUri"] for one in rules} == {f"https://ci.example.org/rules.html#{one['id']}" for one in rules}
    assert [one for one in others if "helpUri" in one] == []
    assert all("## When it holds" in one["help"]["markdown"] for one in rules)


def test_an_address_of_another_kind_is_a_mistake_with_its_place(folder: Path, run: Run) -> None:
    (folder / "build-doctor.toml").write_text('[sarif]\nrule_pages = "javascript:{rule}"\n')

    ended = run("--json", "--static")

    assert ended.code == 2
    assert "build-doctor.toml:2:1: 'javascript:{rule}' is no address that begins with https://" in ended.errors
