"""What a build would decide after a change; the tree stays as it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from buildDoctor.core.evidence import Plan
from buildDoctor.core.fixes.plan_changes import Changes, ListChange, WhatIf
from buildDoctor.examine.options import Options
from buildDoctor.examine.run import examine_demo
from buildDoctor.examine.what_if import what_if

DEMO = Path(__file__).parents[2] / "buildDoctor" / "demo"


@pytest.fixture(scope="module")
def plan() -> Plan:
    """The plan of the bundled case."""
    found = examine_demo(Options()).evidence.plan
    assert found is not None
    return found


def _tried(plan: Plan, changes: Changes) -> WhatIf:
    return what_if(plan, DEMO, changes, capabilities=("12.0",))


def _supported(plan: Plan, after: str) -> ListChange:
    assert plan.supported is not None
    assert plan.supported.architectures is not None
    assert plan.supported.line is not None
    return ListChange(
        file="CMakeLists.txt", line=plan.supported.line, before=plan.supported.architectures, after=tuple(after.split())
    )


def test_list_without_the_suffix_gives_the_kernels_back(plan: Plan) -> None:
    """The fix of the case, typed by hand: NVFP4 is gained, nothing is lost, and the patch says so."""
    before = (DEMO / "CMakeLists.txt").read_bytes()

    result = _tried(plan, Changes(lists=(_supported(plan, "7.0 7.2 7.5 8.0 8.6 8.7 8.9 9.0 12.0"),)))

    assert result.gained == ("NVFP4 on 12.0",)
    assert result.compared is not None
    assert result.compared.lost == ()
    assert '+  set(CUDA_SUPPORTED_ARCHS "7.0;7.2;7.5;8.0;8.6;8.7;8.9;9.0;12.0")\n' in result.patch
    assert (DEMO / "CMakeLists.txt").read_bytes() == before


def test_what_is_lost_is_named(plan: Plan) -> None:
    """A list without 9.0 takes every kernel for 9.0 away."""
    result = _tried(plan, Changes(lists=(_supported(plan, "7.5 8.0 12.0"),)))

    assert result.compared is not None
    assert "scaled_mm_sm90 on 9.0" in result.compared.lost


def test_toolkit_and_request_are_changed_without_a_patch(plan: Plan) -> None:
    """They are no edit of a script."""
    result = _tried(plan, Changes(cuda="13.0", request="12.0"))

    assert result.plan is not None
    assert (result.plan.cuda_version, result.plan.request, result.patch) == ("13.0", ("12.0",), "")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        pytest.param(Changes(cuda="12."), "'12.' is not a toolkit version", id="half-a-version"),
        pytest.param(Changes(request="12.0 ninety"), "'ninety' is not an NVIDIA architecture", id="no-architecture"),
        pytest.param(
            Changes(lists=(ListChange(file="CMakeLists.txt", line=15, before=(), after=("12.x",)),)),
            "'12.x' is not an NVIDIA architecture",
            id="no-architecture-in-a-list",
        ),
        pytest.param(
            Changes(lists=(ListChange(file="../x.cmake", line=1, before=("9.0",), after=()),)),
            "does not stand in the tree",
            id="a-script-elsewhere",
        ),
        pytest.param(
            Changes(lists=(ListChange(file="CMakeLists.txt", line=15, before=("5.0",), after=()),)),
            "5.0 is not an element of the list",
            id="an-element-that-is-not-there",
        ),
    ],
)
def test_what_cannot_be_tried_is_said_in_words(plan: Plan, changes: Changes, reason: str) -> None:
    """A half-typed field is no error of the program."""
    result = _tried(plan, changes)

    assert result.plan is None
    assert reason in result.why
