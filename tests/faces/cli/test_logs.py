"""`build-doctor explain` of a log, and `--log` beside an examination."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from buildDoctor.faces.reports.json_v1 import schema

Run = Callable[..., Any]
ROOT = Path(__file__).parents[3]
LOG = """\
-- DeepGEMM will not compile: unsupported CUDA architecture 12.0
FAILED: CMakeFiles/_C.dir/a.cu.o
nvcc fatal   : Unsupported gpu architecture 'compute_120a'
ninja: build stopped: subcommand failed.
RuntimeError: Error compiling objects for extension
"""


def explained(content: bytes) -> str:
    """What is said of a log on standard input."""
    ended = subprocess.run(
        [sys.executable, "-m", "buildDoctor", "explain", "-", "--isolated"], input=content, capture_output=True,
        check=True, timeout=60, cwd=ROOT, env={**os.environ, "COLUMNS": "100"},
    )  # fmt: skip
    assert ended.stderr == b""
    return ended.stdout.decode()


def test_a_log_on_standard_input_is_explained() -> None:
    """The first error, the loud last one, the rule with its line, and what is harmless."""
    said = explained(LOG.encode())

    assert said.startswith("standard input: 5 lines, 1 error")
    first, last = said.index("line 3: nvcc fatal"), said.index("line 5: RuntimeError")
    assert first < last < said.index("nvcc does not know compute_120a")
    assert "from standard input, line 3" in said
    assert "Harmless\n  line 1: -- DeepGEMM will not compile" in said


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(LOG.encode("utf-16"), id="UTF-16 with a mark"),
        pytest.param(LOG.encode("utf-16-le"), id="UTF-16 without one"),
        pytest.param(LOG.replace("\n", "\r\n").encode(), id="line ends of Windows"),
    ],
)
def test_a_log_of_another_system_says_the_same(content: bytes) -> None:
    assert explained(content) == explained(LOG.encode())


def test_a_log_that_says_nothing_known_says_so() -> None:
    assert "No rule knows a line of this log." in explained(b"all went well\n")
    assert "0 lines, no line that is an error" in explained(b"")


def test_a_log_of_binary_data_is_no_fault() -> None:
    assert "No rule knows" in explained(bytes(range(256)) * 5_000)


def test_the_text_of_a_log_cannot_paint_the_terminal() -> None:
    """What a terminal would obey is shown as an escape."""
    assert "\x07" not in explained(b"error: \x07bell \x9b31m\n")


def test_json_of_a_log_is_a_report(run: Run, folder: Path) -> None:
    (folder / "x.log").write_text(LOG, encoding="utf-8")

    document = json.loads(run("explain", "x.log", "--json").output)

    jsonschema.validate(document, schema())
    assert [one["rule"] for one in document["findings"]] == [
        "nvcc-too-old-for-architecture",
        "components-for-other-chips-are-skipped",
    ]
    assert document["findings"][0]["evidence"][0]["source"] == "x.log, line 3"


def test_a_log_stands_beside_an_examination(run: Run, folder: Path, demo: Path) -> None:
    """Its findings join the others, and a saved report keeps what mattered of it."""
    (folder / "x.log").write_text(
        "NotImplementedError: No compiled nvfp4 mm kernel, vLLM should be\n", encoding="utf-8"
    )

    run(f"{demo}/_C.abi3.so", "--gpu", "12.0", "--log", "x.log", "--json", "--output", "report.json")
    again = json.loads(run("report.json", "--json").output)

    said = {one["rule"]: one for one in again["findings"]}
    assert said["nvfp4-kernel-not-compiled"]["explained_by"] == "stub-only-kernel"
    assert said["stub-only-kernel"]["evidence"][0]["source"] == "x.log, line 1"


def test_what_was_not_given_is_no_gap(run: Run, demo: Path) -> None:
    """Rules about logs, wheels and models do not count as rules that cannot tell."""
    document = json.loads(run(f"{demo}/_C.abi3.so", "--gpu", "12.0", "--json").output)

    assert "nvcc-too-old-for-architecture" in document["unasked"]
    assert not {one["rule"] for one in document["cannot_tell"]} & set(document["unasked"])


@pytest.mark.parametrize("word", ["absent.log", "./absent", "."])
def test_a_log_that_cannot_be_read_is_a_wrong_request(run: Run, word: str) -> None:
    ended = run("explain", word)

    assert (ended.code, ended.output) == (2, "")
    assert f"{word}: the log cannot be read" in ended.errors
