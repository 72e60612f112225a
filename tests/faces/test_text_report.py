from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from buildDoctor.adapters.recorded import evidence_from, healthy, overlay
from buildDoctor.adapters.rule_files import load_rules
from buildDoctor.core.clearing import checks_of
from buildDoctor.core.evidence import Evidence, NotSeen
from buildDoctor.core.judge import judge
from buildDoctor.core.report import Report
from buildDoctor.core.reporting import finding_of, in_order, unasked, undecided, verdict
from buildDoctor.core.rules import Rule
from buildDoctor.faces.reports.text import render

GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize("report", ["NVFP4", "HEALTHY", "UNSURE", "NOTHING"])
@pytest.mark.parametrize("verbose", [False, True], ids=["short", "verbose"])
def test_report_reads_as_it_did(canned: Any, report: str, verbose: bool) -> None:  # noqa: FBT001 - a table of options
    """The whole text at 80 columns; a change of it is a decision."""
    expected = GOLDEN / f"{report.lower()}{'-verbose' if verbose else ''}.txt"

    text = render(getattr(canned, report), color=False, width=80, verbose=verbose)

    assert text == expected.read_text(encoding="utf-8")


def test_verdict_comes_first_and_summary_last(canned: Any) -> None:
    """What matters is where the eye is."""
    lines = render(canned.NVFP4, color=False, width=80, verbose=False).splitlines()

    assert lines[0].startswith("The NVFP4 kernels are lost at CMakeLists.txt:97")
    assert lines[-1] == "4 errors, 1 warning, 1 note; 1 rule cannot tell"


@pytest.mark.parametrize("width", [40, 60, 80, 100, 200])
def test_no_prose_is_wider_than_the_terminal(canned: Any, width: int) -> None:
    """Only patches, commands and single long words may be longer."""
    text = render(canned.NVFP4, color=False, width=width, verbose=True)
    patch = {line.strip() for fix in canned.NVFP4.findings[0].fixes for line in fix.patch.splitlines()}

    wide = [line for line in text.splitlines() if len(line) > width and line.strip() not in patch]

    assert [line for line in wide if len(line.split()) > 1 and not re.match(r" +(\$|build-doctor) ", line)] == []


def test_colours_change_nothing_but_colours(canned: Any) -> None:
    """Without its colour codes the painted report is the plain one, and each line ends its own colours."""
    plain = render(canned.NVFP4, color=False, width=80, verbose=True)
    painted = render(canned.NVFP4, color=True, width=80, verbose=True)

    assert "\x1b" not in plain
    assert re.sub(r"\x1b\[[0-9;]*m", "", painted) == plain
    assert all(line.count("\x1b[") == 2 * line.count("\x1b[0m") for line in painted.splitlines())


def test_patch_is_shown_once(canned: Any) -> None:
    """Another finding with the same patch refers to it."""
    text = render(canned.NVFP4, color=False, width=80, verbose=False)

    assert text.count("+++ b/CMakeLists.txt") == 1
    assert text.count("the patch stands under supported-suffix-consumes-target") == 1


def test_patch_in_vain_is_not_shown(canned: Any) -> None:
    """The popular fix is named with its outcome and not offered."""
    text = render(canned.NVFP4, color=False, width=80, verbose=True)

    assert "– no effect: Add 10.0 and 10.0a to CUDA_SUPPORTED_ARCHS" in text  # noqa: RUF001 - the dash is the sign
    assert "12.0a;10.0;10.0a" not in text


def test_names_from_files_are_shown_as_they_are(canned: Any) -> None:
    """Brackets are text."""
    text = render(canned.HOSTILE, color=False, width=100, verbose=True)

    for name in canned.MARKUP_NAMES:
        assert text.count(name) >= 8


def test_a_build_that_is_in_order_is_cleared_in_words() -> None:
    """What was checked stands there, and what kind of cause is left."""
    rules = load_rules().rules
    report = report_of(evidence_from(healthy()), rules)

    text = render(report, color=False, width=80, verbose=False)

    assert text.startswith("The build is in order for 12.0: what fails has another kind of cause.")
    for part in ("torch", "driver", "toolkit", "C++ ABI and libraries", "build plan", "architecture of every kernel"):
        assert f"✓ {part} is in order" in text
    assert "What is left\n  - which kernel or backend the program chooses" in text


def test_what_is_in_order_is_said_beside_what_is_not() -> None:
    """Not an architecture problem; it is the C++ ABI. Nothing is left to look for elsewhere then."""
    data = overlay(healthy(), {"torch": {"cxx11_abi": "old"}})

    text = render(report_of(evidence_from(data), load_rules().rules), color=False, width=80, verbose=False)

    assert "architecture of every kernel" in text[text.index("In order:") :]
    assert "C++ ABI" not in text[text.index("In order:") :]
    assert "What is left" not in text


def test_a_part_that_was_not_seen_is_named_with_the_reason() -> None:
    """Nothing is cleared by not having been looked at."""
    evidence = replace(
        evidence_from(overlay(healthy(), {"driver": "not seen"})),
        not_seen=(NotSeen(path="driver", reason="nvidia-smi is not here"),),
    )

    text = render(report_of(evidence, load_rules().rules), color=False, width=80, verbose=False)

    assert "? driver: nvidia-smi is not here" in text
    assert "What is left" not in text


def report_of(evidence: Evidence, rules: tuple[Rule, ...]) -> Report:
    """The report on evidence, without trials."""
    judgement = judge(evidence, rules)
    findings = in_order((finding_of(held, evidence, ()), held) for held in judgement.held)
    nobody = unasked(judgement.unclear, evidence)
    unclear = undecided((one for one in judgement.unclear if one.rule.id not in nobody), evidence)
    checks = checks_of(evidence, rules, findings, unclear)
    return Report(
        targets=("x",), verdict=verdict(findings, len(unclear), evidence, checks), findings=findings, undecided=unclear,
        evidence=evidence, checks=checks, unasked=nobody,
    )  # fmt: skip
