"""What torch makes of a request, through its own script where that is there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from buildDoctor.adapters.cmake.plan import PlanReading, read_plan
from buildDoctor.adapters.cmake.question import Question, definitions_in, names_in, split_request
from buildDoctor.adapters.cmake.replay import TORCH_SCRIPT
from buildDoctor.adapters.cmake.torch_script import find_torch_script
from buildDoctor.core.device.architectures import ArchitectureError
from buildDoctor.core.evidence import Plan

DEMO = Path(__file__).parents[3] / "buildDoctor" / "demo"
SMALL = """\
function(cuda_select_nvcc_arch_flags out)
  set(list "${ARGN}")
  if("X${list}" STREQUAL "X")
    file(WRITE ${PROJECT_BINARY_DIR}/detect_cuda_compute_capabilities.cu "x")
    try_run(ran compiled ${PROJECT_BINARY_DIR} ${PROJECT_BINARY_DIR}/detect_cuda_compute_capabilities.cu
      RUN_OUTPUT_VARIABLE list)
    string(REPLACE "2.1" "2.1(2.0)" list "${list}")
  endif()
  string(REGEX REPLACE "[ \\t]+" ";" list "${list}")
  set(flags "")
  foreach(one IN LISTS list)
    if(one MATCHES "^([0-9]+)\\\\.([0-9])\\\\(([0-9])\\\\.([0-9])\\\\)$")
      set(pair "arch=compute_${CMAKE_MATCH_3}${CMAKE_MATCH_4},code=sm_${CMAKE_MATCH_1}${CMAKE_MATCH_2}")
      list(APPEND flags -gencode ${pair})
    elseif(one MATCHES "^([0-9]+)\\\\.([0-9])$")
      set(pair "arch=compute_${CMAKE_MATCH_1}${CMAKE_MATCH_2},code=sm_${CMAKE_MATCH_1}${CMAKE_MATCH_2}")
      list(APPEND flags -gencode ${pair})
    elseif(one)
      message(SEND_ERROR "Unknown CUDA Architecture Name ${one} in CUDA_SELECT_NVCC_ARCH_FLAGS")
    endif()
  endforeach()
  set(${out} ${flags} PARENT_SCOPE)
endfunction()
"""


@pytest.fixture
def torch_script(tmp_path: Path) -> Path:
    """A script with the faults of real ones, written for this test."""
    script = tmp_path / "site" / TORCH_SCRIPT
    script.parent.mkdir(parents=True)
    script.write_text(SMALL, encoding="utf-8")
    found = find_torch_script(tmp_path / "site" / "torch")
    assert found is not None
    return found


def asked(question: Question) -> PlanReading:
    """The demo, which takes its request from torch."""
    return read_plan(DEMO, question)


def plan_of(reading: PlanReading) -> Plan:
    """The plan, which must be there."""
    assert reading.plan is not None, reading.not_seen
    return reading.plan


def test_a_detected_gpu_goes_through_torchs_script(torch_script: Path) -> None:
    """12.1 ends in 2.1, so it becomes code made of the oldest PTX: a step, and evidence with its place."""
    question = Question(cuda="12.9", request=("12.1",), detects=True, torch_script=torch_script)

    reading = asked(question)

    plan = plan_of(reading)
    assert plan.gencode == ("12.1(2.0)",)
    assert plan.architectures == ()
    steps = [
        (step.before, step.after, step.file) for step in plan.steps or () if step.variable == "TORCH_CUDA_ARCH_LIST"
    ]
    assert steps == [(("12.1",), ("12.1(2.0)",), str(TORCH_SCRIPT))] * 2
    line = SMALL[: SMALL.index("string(REPLACE")].count("\n") + 1
    assert next(step.line for step in plan.steps or ()) == line
    assert [origin.source for origin in reading.origins if origin.path == "plan.gencode"] == [str(torch_script)]


def test_a_stated_list_is_taken_as_it_is(torch_script: Path) -> None:
    """Only what is detected is rewritten."""
    plan = plan_of(asked(Question(cuda="12.9", request=("12.1",), torch_script=torch_script)))

    assert plan.gencode == ("12.1",)


def test_what_torch_does_not_know_is_named(torch_script: Path) -> None:
    """The script's own complaint says it; the rest of the request goes on."""
    plan = plan_of(asked(Question(cuda="12.9", request=("9.0", "12.0a"), torch_script=torch_script)))

    assert (plan.gencode, plan.rejected) == (("9.0",), ("12.0a",))


def test_without_torchs_files_the_usual_way_is_assumed_and_said() -> None:
    """Each architecture is a flag of its own, and the origin says that nobody looked."""
    reading = asked(Question(cuda="12.9", request=("9.0", "12.1+PTX")))

    assert plan_of(reading).gencode == ("9.0", "12.1", "compute_121")
    (source,) = (origin.source for origin in reading.origins if origin.path == "plan.gencode")
    assert source.startswith("assumed: ")


@pytest.mark.parametrize(
    ("text", "request_", "gencode"),
    [
        pytest.param("Hopper", ("9.0",), ("9.0",), id="one"),
        pytest.param("Ampere+PTX", ("8.0+PTX", "8.6+PTX"), ("8.0", "8.6", "compute_80", "compute_86"), id="with PTX"),
        pytest.param("Blackwell 9.0a", ("10.0", "12.0", "9.0a"), ("10.0", "12.0", "9.0a"), id="beside a number"),
    ],
)
def test_names_of_architectures_are_what_torch_takes_them_for(
    text: str, request_: tuple[str, ...], gencode: tuple[str, ...]
) -> None:
    """As a request, and as the flags that the scripts see."""
    question = Question(cuda="12.9", request=split_request(text), named=names_in(text))

    plan = plan_of(asked(question))

    assert (plan.request, plan.gencode) == (request_, gencode)


def test_a_list_that_only_torch_knows_needs_its_files() -> None:
    """`Common` depends on the version of torch; without it nothing is claimed."""
    reading = asked(Question(cuda="12.9", request=split_request("Common"), named=names_in("Common")))

    assert plan_of(reading).gencode == ()
    assert [gap.reason for gap in reading.not_seen if gap.path == "plan.gencode"] == [
        "what torch makes of 'Common' is not known without its files"
    ]


def test_a_name_that_nobody_knows_is_refused() -> None:
    """As any other text that is no architecture."""
    with pytest.raises(ArchitectureError):
        split_request("Hoper")


def test_a_script_that_reaches_for_the_originals_is_not_taken(tmp_path: Path) -> None:
    """What lies in the place of torch's script is looked through like any other."""
    script = tmp_path / TORCH_SCRIPT
    script.parent.mkdir(parents=True)
    script.write_text(f'_file(WRITE "{tmp_path}/mark" x)\n', encoding="utf-8")

    assert find_torch_script(tmp_path / "torch") is None


def test_a_tree_that_sets_the_list_itself_is_followed(make_tree: Callable[..., Path]) -> None:
    """Torch reads TORCH_CUDA_ARCH_LIST where it is found, after the script has had its say."""
    tree = make_tree('set(TORCH_CUDA_ARCH_LIST "8.0 9.0a")\nfind_package(Torch)\nadd_library(_C a.cu)')

    plan = plan_of(read_plan(tree, Question(cuda="12.9", request=("12.0",))))

    assert [source.architectures for source in plan.sources or ()] == [("8.0", "9.0a")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("-DA=1 -DB:BOOL=ON", (("A", "1"), ("B", "ON")), id="with and without a type"),
        pytest.param("-D A=1", (("A", "1"),), id="apart"),
        pytest.param("-DA='x y' -G Ninja", (("A", "x y"),), id="quoted"),
        pytest.param("-DBUILD_DOCTOR_HIP=1", (), id="a name of the replay"),
        pytest.param("-DA='x", (), id="a quote that does not end"),
    ],
)
def test_definitions_are_read_from_cmakes_arguments(text: str, found: tuple[tuple[str, str], ...]) -> None:
    """As CMAKE_ARGS holds them."""
    assert definitions_in(text) == found


@pytest.mark.corpus
def test_the_script_of_a_real_torch_mistakes_the_gpu_for_an_old_one(corpus: Any) -> None:
    """Torch 2.8.0 and a GB10, with no list stated; and the list, stated."""
    wheel = corpus.wheel("torch", "2.8.0")
    member = corpus.member(wheel, str(TORCH_SCRIPT))
    script = find_torch_script(member.parents[len(TORCH_SCRIPT.parts) - 1] / "torch")
    assert script is not None

    detected = plan_of(asked(Question(cuda="12.9", request=("12.1",), detects=True, torch_script=script)))
    stated = plan_of(asked(Question(cuda="12.9", request=("12.1",), torch_script=script)))
    common = plan_of(asked(Question(cuda="12.9", request=(), named="Common", torch_script=script)))

    assert (detected.gencode, stated.gencode) == (("12.1(2.0)",), ("12.1",))
    assert {"9.0a", "12.0a"} <= set(common.request or ())
