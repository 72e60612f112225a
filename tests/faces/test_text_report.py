from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from buildDoctor.adapters.recorded import evidence_from, healthy, overlay
from buildDoctor.adapters.rule_files import load_rules
from buildDoctor.core.evidence import Evidence, NotSeen, Origin
from buildDoctor.core.findings import Item, Outcome, Severity, Trial, by_hand
from buildDoctor.core.judging.judge import judge
from buildDoctor.core.report import Report
from buildDoctor.core.reporting.clearing import checks_of
from buildDoctor.core.reporting.composing import finding_of, in_order, unasked, undecided, verdict
from buildDoctor.core.rules.rule import Rule
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


def test_parts_that_were_not_seen_share_a_line() -> None:
    """Why stands under what was not examined, once."""
    absent = ("driver", "torch", "plan", "toolkits")
    gaps = tuple(NotSeen(path=name, reason=f"{name} is not here") for name in absent)
    evidence = replace(evidence_from(overlay(healthy(), dict.fromkeys(absent, "not seen"))), not_seen=gaps)

    text = render(report_of(evidence, load_rules().rules), color=False, width=100, verbose=False)

    assert "? not known, for what was not examined: torch, driver, toolkit" in text
    assert [text.count(f"{name} is not here") for name in absent] == [1, 1, 1, 1]


def test_what_many_rules_lack_is_counted_and_the_rules_are_named_on_request() -> None:
    """Nobody reads the names of sixty rules that say nothing."""
    gaps = (NotSeen(path="driver", reason="no driver"), NotSeen(path="plan", reason="no tree"))
    evidence = replace(evidence_from(overlay(healthy(), {"driver": "not seen", "plan": "not seen"})), not_seen=gaps)
    report = report_of(evidence, load_rules().rules)

    short, long = (render(report, color=False, width=100, verbose=verbose) for verbose in (False, True))

    by_lack = Counter(", ".join(one.needs) for one in report.undecided)
    assert "They lack plan (" in short
    assert f"driver ({by_lack['driver']})" in short
    assert not [one.rule for one in report.undecided if one.rule in short]
    assert all(one.rule in long for one in report.undecided)


def test_evidence_of_one_place_names_it_once_and_shortly(canned: Any) -> None:
    """A path of a hundred characters beneath each line hides what it is about; all of it comes with --verbose."""
    place = "/home/u/dist/p-1-py3-none-any.whl!p/_C.so, section .nv_fatbin"
    items = tuple(Item(path=f"binaries[0].units[{at}].cubins", value="9.0", source=place) for at in range(3))
    other = Item(path="binaries[1].path", value="x", source="/env/lib/python3.12/site-packages/p/_D.so, its header")
    finding = replace(canned.NVFP4.findings[0], evidence=(*items, other), fixes=())
    report = replace(canned.NVFP4, findings=(finding,))

    short, long = (render(report, color=False, width=100, verbose=verbose) for verbose in (False, True))

    assert short.count("from p/_C.so, section .nv_fatbin") == 1
    assert "from p/_D.so, its header" in short
    assert "whl!" not in short
    assert long.count(f"from {place}") == 1


def test_a_note_shows_little_evidence(canned: Any) -> None:
    """What is merely worth knowing takes a few lines."""
    items = tuple(Item(path=f"binaries[{at}].path", value="x", source=f"place {at}") for at in range(4))
    finding = replace(canned.NVFP4.findings[0], evidence=items, severity=Severity.NOTE)

    text = render(replace(canned.NVFP4, findings=(finding,)), color=False, width=80, verbose=False)

    assert "from place 1" in text
    assert "from place 2" not in text
    assert "and 2 more, shown with --verbose" in text


def test_what_is_done_by_hand_is_no_failed_trial(canned: Any) -> None:
    """A command to look further needs no reason why it was not replayed; a change that lacks its tree does."""
    hand = by_hand("it is a change by hand, which a replay of the build scripts cannot show")
    treeless = Trial(outcome=Outcome.CANNOT_TRY, why="the source tree is not at hand")
    first = canned.NVFP4.findings[0]
    fixes = tuple(
        replace(first.fixes[0], title=title, patch=None, trial=trial)
        for title, trial in (("Look", hand), ("Edit", treeless))
    )

    text = render(replace(canned.NVFP4, findings=(replace(first, fixes=fixes),)), color=False, width=80, verbose=False)

    assert "? by hand: Look" in text
    assert "replay of the build scripts cannot" not in text
    assert "? cannot be tried: Edit\n      the source tree is not at hand" in text


def test_what_was_examined_names_the_environment_and_the_log() -> None:
    """An environment that was named by --python is no target, and is what most of the report is about."""
    evidence = evidence_from(overlay(healthy(), {"python": {"path": "/envs/x"}, "log": {"path": "crash.log"}}))

    text = render(report_of(evidence, load_rules().rules), color=False, width=80, verbose=False)

    assert "Examined: x, the environment /envs/x, the log crash.log" in text


def test_files_are_held_against_gpus_by_their_units_with_kernels() -> None:
    """The same numbers as inspect has, and files without device code by name."""
    units = [
        {"index": 0, "cubins": ["12.0"], "ptx": [], "kernel_count": 2},
        {"index": 1, "cubins": ["9.0"], "ptx": ["9.0"], "kernel_count": 1},
        {"index": 2, "cubins": ["9.0a"], "ptx": [], "kernel_count": 1},
        {"index": 3, "cubins": ["9.0a"], "ptx": [], "kernel_count": 0},
    ]
    binaries = [
        {"path": "/w/p.whl!p/_C.so", "units": units},
        {"path": "/e/site-packages/p/x.so", "images": [], "units": []},
    ]
    evidence = evidence_from(overlay(healthy(), {"binaries": binaries, "capabilities": ["12.0", "8.0"]}))

    text = render(report_of(evidence, ()), color=False, width=100, verbose=False)

    assert "  file     units  GPU 12.0                 GPU 8.0\n" in text
    assert "  p/_C.so  3      1 native, 1 PTX, 1 none  no code\n" in text
    assert "  without device code: p/x.so\n" in text


def test_a_plan_is_told_in_a_few_lines() -> None:
    """What the build is asked for, by whom, and which features get something."""
    features = [
        {"name": "FP8", "wants": ["9.0a"], "gets": ["9.0a"], "built": True},
        {"name": "FP4", "wants": ["12.0a"], "gets": [], "built": False},
    ]
    data = overlay(healthy(), {"plan": {"request": ["9.0"], "cuda_version": "12.9", "features": features}})
    evidence = replace(evidence_from(data), origins=(Origin(path="plan.request", source="--arch-list"),))

    text = render(report_of(evidence, ()), color=False, width=80, verbose=False)

    assert (
        "The plan\n  asked for: 9.0 (from --arch-list)\n  planned with CUDA: 12.9\n"
        "  built: FP8 for 9.0a\n  not built: FP4\n"
    ) in text


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
