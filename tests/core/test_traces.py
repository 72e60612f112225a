"""The first point of loss, and the list operation behind it."""

from __future__ import annotations

from pathlib import Path

import pytest

from buildDoctor.adapters.cmake.plan import read_plan
from buildDoctor.adapters.cmake.question import Question
from buildDoctor.core.evidence import Evidence, Plan
from buildDoctor.core.flow import Layer, State
from buildDoctor.core.subjects import subject_of
from buildDoctor.core.traces import Trace, Way, trace

DEMO = Path(__file__).parents[2] / "buildDoctor" / "demo"


def traced(name: str, request: str, cuda: str = "12.9", capabilities: tuple[str, ...] | None = None) -> Trace:
    plan = read_plan(DEMO, Question(cuda=cuda, request=tuple(request.split()))).plan
    assert isinstance(plan, Plan)
    return trace(Evidence(plan=plan, capabilities=capabilities), plan, subject_of(plan, name))


def way(name: str, request: str, capability: str, cuda: str = "12.9") -> Way:
    (found,) = traced(name, request, cuda, (capability,)).ways
    return found


def test_the_case_is_lost_where_the_offer_is_dropped() -> None:
    """12.0a is offered, finds no plain 12.0, and is gone; the supported list's 12.0a has taken it before."""
    lost = way("NVFP4", "9.0 12.0", "12.0")

    assert lost.row.first_loss is not None
    assert lost.row.first_loss.layer is Layer.FEATURE
    assert lost.place == "CMakeLists.txt:59"
    assert lost.lost_by is not None
    assert (lost.lost_by.file, lost.lost_by.command) == ("cmake/architectures.cmake", "list(REMOVE_ITEM OFFERS 12.0a)")
    assert lost.taken_by is not None
    assert (lost.taken_by.line, lost.taken_by.command) == (29, "list(REMOVE_ITEM OPEN 12.0)")


def test_a_request_that_the_supported_list_drops_is_lost_there() -> None:
    lost = way("csrc/activation_kernels.cu", "9.0 10.0", "10.0")

    assert lost.row.first_loss is not None
    assert lost.row.first_loss.layer is Layer.SUPPORTED
    assert lost.place == "CMakeLists.txt:15"
    assert lost.lost_by is not None
    assert lost.lost_by.command == "set(CUDA_ARCHS 9.0 PARENT_SCOPE)"


def test_what_nobody_asks_for_is_lost_by_no_list_operation() -> None:
    lost = way("NVFP4", "9.0", "12.0")

    assert lost.row.first_loss is not None
    assert lost.row.first_loss.layer is Layer.REQUEST
    assert (lost.lost_by, lost.place) == (None, "")


@pytest.mark.parametrize(
    ("name", "capability"),
    [("scaled_mm_sm90", "9.0"), ("csrc/scaled_mm_sm90.cu", "9.0"), ("SCALED_MM_ARCHS", "9.0")],
    ids=["feature", "source", "list"],
)
def test_what_arrives_has_no_loss(name: str, capability: str) -> None:
    arrived = traced(name, "9.0 12.0", capabilities=(capability,)).ways[0]

    assert arrived.row.first_loss is None
    assert (arrived.lost_by, arrived.taken_by, arrived.place) == (None, None, "")
    assert all(cell.state is State.KEPT for cell in arrived.row.cells if cell.state is not State.NOT_SEEN)


def test_the_layers_of_a_source_end_with_its_own_command() -> None:
    """The list of its feature comes before it; a plain source has none."""
    assert [cell.layer for cell in way("csrc/scaled_mm_sm90.cu", "9.0", "9.0").row.cells][-2:] == [
        Layer.FEATURE,
        Layer.COMPILE,
    ]
    assert Layer.FEATURE not in {cell.layer for cell in way("activation_kernels.cu", "9.0", "9.0").row.cells}


def test_without_a_gpu_the_request_says_what_to_look_for() -> None:
    assert [one.row.capability for one in traced("NVFP4", "9.0 12.0+PTX").ways] == ["9.0", "12.0"]


def test_each_step_begins_where_the_one_before_it_ended() -> None:
    """The steps of one list are a chain inside of one call: no change of it is missing."""
    steps = traced("supported", "7.0 9.0 10.0 12.0").steps
    values: dict[str | None, tuple[str, ...]] = {}
    for step in steps:
        if step.variable in values:
            assert (step.before or ()) == values[step.variable]
        values[step.variable] = step.after or ()
    assert values["CUDA_ARCHS"] == ("12.0a", "7.0", "9.0")
