from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from buildDoctor.core.evidence import (
    ArchitectureCount,
    BuiltExtension,
    CompiledSource,
    Configured,
    Evidence,
    Plan,
    SourceDifference,
)
from buildDoctor.core.report import Report
from buildDoctor.faces.tui.app import BuildDoctor
from buildDoctor.faces.wording.built_words import built_lines, built_summary, configured_lines, differs

Drive = Callable[..., Any]
Shown = Callable[[BuildDoctor], str]

DIFFERENCE = SourceDifference(path="csrc/fp4.cu", extension="_C", planned=("12.0a",), compiled=("9.0", "12.0"))
FOLDER = Configured(
    folder="build[/x]",
    older_than=("CMakeLists.txt", "cmake/utils.cmake"),
    generator="Ninja",
    cuda_version="12.9.86",
    request=("9.0", "12.0"),
    request_variable="TORCH_CUDA_ARCH_LIST",
    architectures=("9.0", "12.0"),
    sources=(CompiledSource(path="csrc/fp4.cu"), CompiledSource(path="csrc/a.cu")),
    differences=(DIFFERENCE,),
    not_compiled=("csrc/new.cu",),
    not_planned=(),
)
BUILT = BuiltExtension(
    extension="_C",
    binary="pkg/_C.so",
    compared_by="names",
    differences=(DIFFERENCE,),
    missing=("a.cu", "b.cu", "c.cu", "d.cu"),
    unplanned=("odd",),
)
COUNTED = BuiltExtension(
    extension="_moe_C",
    binary="pkg/_moe_C.so",
    compared_by="counts",
    counts=(
        ArchitectureCount(architecture="9.0a", planned=3, found=3),
        ArchitectureCount(architecture="12.0a", planned=4, found=0),
    ),
)
PLAN = Plan(
    source="tree",
    cuda_version="12.9",
    request=("9.0", "12.0"),
    architectures=("9.0", "12.0"),
    features=(),
    configured=(FOLDER,),
    built=(BUILT, COUNTED),
    made_for=("9.0",),
    made_for_cuda="12.8",
)


def test_plan_screen_says_what_build_folder_and_binary_have(drive: Drive, shown: Shown) -> None:
    """The line on top says which differ, and the page how."""
    report = Report(targets=(), verdict="", findings=(), undecided=(), evidence=Evidence(plan=PLAN))

    text = drive(report, (98, 60)).press("4", look=shown)

    assert "! 0 of 0 feature blocks built" in text
    assert "Not as planned: build folder build[/x], _C, _moe_C. Press b to see it." in text
    for heading in ("Build folders", "Binaries beside the plan"):
        assert heading in text
    assert "configured with CUDA 12.9.86 by Ninja" in text
    assert "asked for 9.0 with CUDA 12.8" in " ".join(text.split())


def test_b_shows_it_alone_and_goes_back(drive: Drive, shown: Shown) -> None:
    """It is read with two keys where the page is short; without folders and binaries the key does nothing."""
    report = Report(targets=(), verdict="", findings=(), undecided=(), evidence=Evidence(plan=PLAN))
    bare = replace(report, evidence=Evidence(plan=replace(PLAN, configured=(), built=None)))

    text = drive(report).press("4", "b", look=shown)
    assert "asked for 9.0 12.0 (TORCH_CUDA_ARCH_LIST)" in " ".join(text.split())
    assert "feature blocks" not in text
    assert "feature blocks" in drive(report).press("4", "b", "b", look=shown)
    assert "feature blocks" in drive(bare).press("4", "b", look=shown)


def test_lines_name_what_differs() -> None:
    """Sources with their architectures, scripts that are newer, and what is on one side only."""
    folder = "\n".join(configured_lines(PLAN))
    assert "asked for 9.0 12.0 (TORCH_CUDA_ARCH_LIST)" in folder
    assert "older than CMakeLists.txt, cmake/utils.cmake" in folder
    assert "compiles 2 CUDA sources for 9.0 12.0" in folder
    assert "csrc/fp4.cu: planned for 12.0a, compiled for 9.0 12.0" in folder
    assert "planned, not compiled: csrc/new.cu" in folder

    binary = "\n".join(built_lines(PLAN))
    assert "_C in pkg/_C.so: 1 source for other architectures than planned, 4 planned missing, 1 not planned" in binary
    assert "planned, not in it: a.cu, b.cu, c.cu, and 1 more" in binary
    assert "12.0a: 4 sources planned, 0 fatbins in the file" in binary
    assert "9.0a" not in binary


def test_binaries_that_no_request_explains_are_said_to_be_so() -> None:
    """An empty request was looked for; none at all was not."""
    assert built_lines(replace(PLAN, made_for=()))[0] == "no request that was tried explains what the binaries hold"
    assert built_lines(replace(PLAN, made_for=None))[0].startswith("_C in pkg/_C.so")


def test_what_is_as_planned_is_no_warning() -> None:
    """A folder that compiles what is planned, or that was not compared, differs in nothing."""
    same = replace(FOLDER, older_than=(), differences=(), not_compiled=())
    assert not differs(replace(PLAN, configured=(same, replace(same, differences=None)), built=None))
    assert built_summary(replace(PLAN, configured=(same,), built=())) == "as planned: build folder build[/x]"
    assert built_summary(Plan()) == ""
    assert differs(PLAN)
