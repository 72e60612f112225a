"""Fixes are tried on a copy of the build scripts, and the tree stays as it is."""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from buildDoctor.core.findings import Fix, Outcome
from buildDoctor.core.report import Report
from buildDoctor.examine.options import Options
from buildDoctor.examine.run import examine, examine_demo

DEMO = Path(__file__).parents[2] / "buildDoctor" / "demo"
LIST = '"7.0;7.2;7.5;8.0;8.6;8.7;8.9;9.0;12.0;12.0a"'

Edited = Callable[[str, str], Path]


@pytest.fixture
def edited(tmp_path: Path) -> Edited:
    """Makes a copy of the demo's tree in which a text of CMakeLists.txt is another."""

    def make(old: str, new: str) -> Path:
        tree = tmp_path / "tree"
        shutil.copytree(DEMO, tree)
        script = tree / "CMakeLists.txt"
        text = script.read_text(encoding="utf-8")
        assert old in text
        script.write_text(text.replace(old, new), encoding="utf-8")
        return tree

    return make


def fixes_of(tree: Path) -> dict[str, Fix]:
    """The fixes of the case's cause, by the first words of their titles."""
    report = report_of(tree)
    cause = next(f for f in report.findings if f.rule == "supported-suffix-consumes-target")
    return {" ".join(fix.title.split()[:2]): fix for fix in cause.fixes}


def report_of(tree: Path) -> Report:
    """The report on a tree, asked as the case was."""
    return examine(
        Options(source=str(tree), cuda="12.9", arch_list="7.0 7.5 8.0 8.6 9.0 10.0 12.0+PTX", gpu="12.0", static=True)
    )


def test_the_case_is_mended_by_one_fix_and_not_by_the_other() -> None:
    """Dropping the suffixed entry is proven, adding what everybody recommends has no effect."""
    cause = examine_demo(Options()).findings[0]

    assert cause.rule == "supported-suffix-consumes-target"
    assert {fix.title.split()[0]: fix.trial.outcome for fix in cause.fixes} == {
        "Drop": Outcome.PROVEN,
        "Add": Outcome.NO_EFFECT,
    }


def test_a_trial_does_not_touch_the_tree(edited: Edited) -> None:
    """What is proven on a copy is not yet done."""
    tree = edited(LIST, LIST)
    before = (tree / "CMakeLists.txt").read_bytes()

    fixes = fixes_of(tree)

    assert fixes["Drop 12.0a"].trial.outcome is Outcome.PROVEN
    assert (tree / "CMakeLists.txt").read_bytes() == before


def test_a_list_that_is_not_spelt_out_is_not_edited(edited: Edited) -> None:
    """The reason is part of the answer, and there is no patch."""
    tree = edited(f"set(CUDA_SUPPORTED_ARCHS {LIST})", f'set(ALL {LIST})\n  set(CUDA_SUPPORTED_ARCHS "${{ALL}}")')

    fix = fixes_of(tree)["Drop 12.0a"]

    assert (fix.trial.outcome, fix.trial.why) == (Outcome.CANNOT_TRY, "the command does not spell its list out")
    assert fix.patch is None


def test_a_fix_that_the_scripts_refuse_is_not_proven(edited: Edited) -> None:
    """A script that ends with an error once the list is edited says so in the trial."""
    check = 'if(NOT "12.0a" IN_LIST CUDA_SUPPORTED_ARCHS)\n  message(FATAL_ERROR "12.0a is needed")\nendif()\n'
    tree = edited("requested_architectures(CUDA_ARCHS)", f"{check}requested_architectures(CUDA_ARCHS)")

    trial = fixes_of(tree)["Drop 12.0a"].trial

    assert trial.outcome is Outcome.MAKES_WORSE
    assert trial.why.startswith("the build scripts refuse it: CMakeLists.txt:")
    assert trial.why.endswith(": 12.0a is needed")


def test_a_script_in_another_encoding_is_not_edited(edited: Edited) -> None:
    """A patch could not be made that applies."""
    tree = edited(LIST, LIST)
    script = tree / "CMakeLists.txt"
    script.write_bytes(script.read_bytes() + b"# caf\xe9\n")

    fix = fixes_of(tree)["Drop 12.0a"]

    assert (fix.trial.outcome, fix.patch) == (Outcome.CANNOT_TRY, None)
    assert fix.trial.why == "CMakeLists.txt is not UTF-8, so it is not edited here"


def test_line_ends_of_windows_stay(edited: Edited) -> None:
    """The patch holds them, so that it applies."""
    tree = edited(LIST, LIST)
    script = tree / "CMakeLists.txt"
    script.write_bytes(script.read_bytes().replace(b"\n", b"\r\n"))

    fix = fixes_of(tree)["Drop 12.0a"]

    assert fix.trial.outcome is Outcome.PROVEN
    assert fix.patch is not None
    changed = [line for line in fix.patch.split("\n") if line.startswith(("+ ", "- "))]
    assert [line[-1] for line in changed] == ["\r", "\r"]


def test_where_no_fix_of_a_rule_is_proven_a_search_finds_one(edited: Edited) -> None:
    """On 12.1 the FP4 list's 12.0a does not run; its family does. Plain 12.0, which may not compile, is not offered."""
    script = edited('"12.0a;12.1a"', '"12.0a"') / "CMakeLists.txt"
    script.write_text(script.read_text(encoding="utf-8").replace("9.0;12.0;12.0a", "9.0;12.0"), encoding="utf-8")

    report = examine(Options(source=str(script.parent), cuda="12.9", arch_list="12.1", gpu="12.1", static=True))

    found = {(finding.rule, finding.subject): finding.fixes for finding in report.findings}
    first, *others = found["planned-image-does-not-run", "c=12.1, feature=NVFP4"]
    assert first.title == "Put 12.0f in place of 12.0a in the list of NVFP4 (CMakeLists.txt:59) (found by a search)"
    assert first.trial.outcome is Outcome.PROVEN
    assert first.trial.why.endswith("only a build can tell")
    assert first.patch is not None
    assert not [fix for fix in others if "Put 12.0 in place" in fix.title]


def test_where_nothing_is_proven_the_search_itself_is_the_next_step(edited: Edited) -> None:
    """Asked as the plan was, and for what the log names, if a log was given: other kernels are lost as well."""
    script = edited('"12.0a;12.1a"', '"10.0a"') / "CMakeLists.txt"
    text = script.read_text(encoding="utf-8").replace(LIST, '"9.0;10.0;10.1;12.0"').replace('"12.0;12.0a"', '"10.1a"')
    script.write_text(text, encoding="utf-8")
    log = script.parent / "crash.log"
    log.write_text("NotImplementedError: No compiled nvfp4 quantization kernel\n", encoding="utf-8")

    asked = Options(source=str(script.parent), cuda="12.9", arch_list="10.3", gpu="10.3", static=True)
    commands = [
        fixes_by_rule(options)["supported-list-drops-request"][0].command
        for options in (asked, replace(asked, log=str(log)))
    ]

    tail = "--cuda 12.9 --arch-list 10.3 --gpu 10.3"
    tree = shlex.quote(str(script.parent))
    assert commands == [
        f"build-doctor plan {tree} --search {tail}",
        f"build-doctor plan {tree} --search --features NVFP4 {tail}",
    ]


def test_what_a_cause_mends_is_not_searched_for() -> None:
    """Nor is the search a next step of its consequences."""
    report = examine_demo(Options())

    assert not [fix.title for finding in report.findings for fix in finding.fixes if "--search" in (fix.command or "")]


def fixes_by_rule(options: Options) -> dict[str, tuple[Fix, ...]]:
    """The fixes of the first finding of each rule."""
    found: dict[str, tuple[Fix, ...]] = {}
    for finding in examine(options).findings:
        found.setdefault(finding.rule, finding.fixes)
    return found


def test_where_a_fix_of_a_rule_is_proven_nothing_is_searched_for() -> None:
    """The consequences of a cause that can be mended are mended with it."""
    report = examine_demo(Options())

    assert not [fix.title for finding in report.findings for fix in finding.fixes if "found by a search" in fix.title]
