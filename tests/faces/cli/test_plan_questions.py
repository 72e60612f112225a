"""What `build-doctor plan` answers beside the plan, as text and as the one document."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from buildDoctor.faces.reports.json_v1 import schema

Run = Callable[..., Any]
ASKED = ("--cuda", "12.9", "--arch-list", "7.0 7.5 8.0 8.6 9.0 10.0 12.0+PTX", "--gpu", "12.0")


def document(ended: Any) -> dict[str, Any]:
    """The document of a run that was asked for JSON."""
    made: dict[str, Any] = json.loads(ended.output)
    jsonschema.validate(made, schema())
    assert ended.errors == ""
    return made


def test_a_trace_shows_every_step_and_the_first_loss(demo: Path, run: Run) -> None:
    """From the list to the operation that drops 12.0a, with file and line."""
    ended = run("plan", demo, *ASKED, "--trace", "FP4_ARCHS")

    assert (ended.code, ended.errors) == (0, "")
    assert "NVFP4 on 12.0 is lost at the layer feature list\n" in ended.output
    assert "  lost by  cmake/architectures.cmake:26  list(REMOVE_ITEM OFFERS 12.0a)\n" in ended.output
    assert "  earlier  cmake/architectures.cmake:29  list(REMOVE_ITEM OPEN 12.0)\n" in ended.output


def test_the_document_of_a_trace_holds_the_steps_of_that_list_only(demo: Path, run: Run) -> None:
    """Everything else is what `plan --json` gives."""
    whole = document(run("plan", demo, *ASKED, "--json"))
    narrowed = document(run("plan", demo, *ASKED, "--json", "--trace", "FP4_ARCHS"))

    (way,) = narrowed["answer"]["trace"]["ways"]
    assert (way["first_loss"], way["place"]) == ("feature list", "CMakeLists.txt:59")
    assert way["lost_by"]["command"] == "list(REMOVE_ITEM OFFERS 12.0a)"
    assert [step["call"] for step in narrowed["evidence"]["plan"]["steps"]] == ["CMakeLists.txt:59"] * 4
    assert narrowed["findings"] == whole["findings"]
    assert {**narrowed["evidence"]["plan"], "steps": []} == {**whole["evidence"]["plan"], "steps": []}


def test_a_what_if_shows_both_plans_and_the_patch(demo: Path, run: Run) -> None:
    """Gained and lost by feature and by source, and the verdict in one sentence."""
    ended = run("plan", demo, *ASKED, "--what-if", "supported-=12.0a")

    assert (ended.code, ended.errors) == (0, "")
    assert "NVFP4            empty   12.0a  12.0       -\n" in ended.output
    assert "\n2 sources " in ended.output
    assert "\nWith the change gained: NVFP4 on 12.0.\n" in ended.output
    assert "+++ b/CMakeLists.txt\n" in ended.output


def test_the_document_of_a_what_if_holds_the_changes(demo: Path, run: Run) -> None:
    """The plan in it stays the one that the tree has."""
    words = ("--what-if", "cuda=13.0", "--what-if", "request-=7.0")
    made = document(run("plan", demo, *ASKED, "--json", *words))

    changes = made["changes"]
    assert (changes["before"], changes["after"], changes["files"]) == ("the plan", "cuda=13.0; request-=7.0", [])
    assert changes["plan"]["before"]["cuda"] == made["evidence"]["plan"]["cuda_version"] == "12.9"
    assert changes["plan"]["after"]["cuda"] == "13.0"
    assert (
        changes["losses"]
        == len([one for part in ("features", "sources") for one in changes["plan"][part] if one["lost"]])
        == 2
    )


def test_a_search_shows_the_smallest_fix_and_the_popular_one(demo: Path, run: Run) -> None:
    """Told nothing but the GPU, it drops 12.0a, and says why adding 10.0 is of no use; the document has both."""
    ended = run("plan", demo, *ASKED, "--search")
    (found,) = document(run("plan", demo, *ASKED, "--search", "--json"))["answer"]["search"]

    assert (ended.code, ended.errors) == (0, "")
    assert "  1. Drop 12.0a from CUDA_SUPPORTED_ARCHS (CMakeLists.txt:15)\n" in ended.output
    assert "  of no use, though often proposed: Add 10.0 and 10.0a to CUDA_SUPPORTED_ARCHS" in ended.output
    assert "10.0 and 10.0a are nothing that NVFP4 asks for: its own list is 12.0a, 12.1a." in ended.output
    assert (found["feature"], found["capability"], found["first_loss"]) == ("NVFP4", "12.0", "feature list")
    assert found["proven"][0]["removed"] == ["12.0a"]
    assert found["candidates"] == found["filtered"] + found["replayed"] + found["left_out"]


def test_a_search_for_what_arrives_says_that_there_is_nothing_to_do(demo: Path, run: Run) -> None:
    """No change is offered for a plan that loses nothing."""
    ended = run("plan", demo, "--cuda", "12.9", "--gpu", "9.0", "--search")

    assert ended.output.startswith("The build scripts lose nothing that is meant for these GPUs")


def test_a_cover_is_a_request_to_copy(demo: Path, run: Run) -> None:
    """One line for the environment, what it gives, and what is not written for a GPU."""
    words = ("plan", demo, "--cuda", "12.9", "--cover", "9.0,12.0", "--features", "nvfp4")
    ended, made = run(*words), document(run(*words, "--json"))

    assert ended.code == 0
    assert ended.output.startswith('TORCH_CUDA_ARCH_LIST="9.0 12.0a"\n')
    assert "  9.0   nvfp4: not written for 9.0\n" in ended.output
    assert made["answer"]["cover"]["request"] == ["9.0", "12.0a"]


def test_a_gpu_that_cannot_be_covered_ends_with_code_1(demo: Path, run: Run) -> None:
    """The first loss is named."""
    ended = run("plan", demo, "--cuda", "12.9", "--cover", "10.0")

    assert ended.code == 1
    assert "asked for 10.0 alone, it is lost at the layer supported" in ended.output


def test_a_request_that_leaves_something_out_is_not_the_first_line(demo: Path, run: Run) -> None:
    """Who copies the first line would build without it."""
    ended = run("plan", demo, "--cuda", "12.9", "--cover", "10.3,12.0", "--features", "nvfp4")

    lines = ended.output.splitlines()
    assert ended.code == 1
    assert lines[0] == "no request gives plain sources on 10.3; the smallest for the rest:"
    assert lines[1].startswith("TORCH_CUDA_ARCH_LIST=")


@pytest.mark.parametrize(
    ("words", "error"),
    [
        pytest.param(["--trace", "FP4_ARCHZ"], "did you mean FP4_ARCHS", id="a-name-that-is-not-there"),
        pytest.param(["--what-if", "suported-=9.0"], "did you mean supported", id="a-list-that-is-not-there"),
        pytest.param(["--what-if", "cuda=thirteen"], "'thirteen' is not a toolkit version", id="no-version"),
        pytest.param(["--what-if", "supported"], "write a name, an operator and values", id="half-a-change"),
        pytest.param(["--what-if", "cuda=13.0", "--trace", "NVFP4"], "one of them at a time", id="two-questions"),
        pytest.param(["--search", "--features", "nvfp5"], "did you mean NVFP4", id="a-feature-that-is-not-there"),
        pytest.param(["--cover", "12.0a"], "is not a compute capability", id="no-capability"),
        pytest.param(["--rev", "a..b", "--static"], "which --static forbids", id="git-is-forbidden"),
    ],
)
def test_a_question_that_cannot_be_answered_is_a_wrong_request(
    words: list[str], error: str, demo: Path, run: Run
) -> None:
    """One sentence on standard error, nothing on standard output, code 2."""
    ended = run("plan", demo, *ASKED, *words)

    assert (ended.code, ended.output) == (2, "")
    assert error in ended.errors
    assert ended.errors.count("\n") == 1
