"""What a pipeline relies on: codes, documents, quiet ends, and nothing left behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from buildDoctor.faces.cli.exit_codes import ExitCode
from buildDoctor.faces.reports.json_v1 import schema

Run = Callable[..., Any]
ROOT = Path(__file__).parents[3]
SARIF = json.loads((ROOT / "tests" / "data" / "sarif-schema-2.1.0.json").read_text(encoding="utf-8"))
WRONG = {
    "an option that there is not": ["--jsn", "x.so"],
    "an option without its value": ["demo", "--gpu"],
    "a form that there is not": ["--format", "yaml"],
    "a target that is not there": ["nothere.so"],
    "a command's target that is not there": ["inspect", "nothere.so"],
    "a tree without build scripts": ["plan", "."],
    "a build that is not there": ["diff", "nothere.so", "neither.so"],
    "no contract": ["check", "nothere.so"],
    "a rule that is not there": ["demo", "--select", "nothing"],
}
"""Without `--json`."""


@pytest.mark.parametrize("words", [pytest.param(words, id=name) for name, words in WRONG.items()])
def test_a_wrong_request_is_a_document_too(words: list[str], run: Run) -> None:
    """Standard output, standard error and code say the same."""
    ended = run(*words, "--json")

    document = json.loads(ended.output)
    jsonschema.validate(document, schema())
    assert (ended.code, document["error"]["exit_code"], document["error"]["kind"]) == (2, 2, "request")
    assert document["error"]["message"] in ended.errors
    assert document["findings"] == []


def test_nothing_to_examine_is_a_document_too(run: Run) -> None:
    ended = run("--json", "--static")

    document = json.loads(ended.output)
    jsonschema.validate(document, schema())
    assert (ended.code, document["error"]["exit_code"], document["error"]["kind"]) == (3, 3, "nothing")


@pytest.mark.parametrize("form", ["sarif", "junit", "github"])
@pytest.mark.parametrize("words", [["nothere.so"], ["--static"]], ids=["a wrong request", "nothing to examine"])
def test_no_diagnosis_is_said_in_every_form(words: list[str], form: str, run: Run) -> None:
    """A step that uploads the output has something to upload, and it does not look like a success."""
    ended = run(*words, f"--format={form}")

    assert ended.code in {2, 3}
    if form == "sarif":
        document = json.loads(ended.output)
        jsonschema.validate(document, SARIF)
        assert document["runs"][0]["invocations"][0]["executionSuccessful"] is False
    elif form == "junit":
        assert ET.fromstring(ended.output.encode()).attrib["errors"] == "1"  # noqa: S314  our own output
    else:
        assert ended.output.startswith("::error title=build-doctor::")


def test_the_answer_to_a_wrong_request_goes_where_the_report_would(run: Run, folder: Path) -> None:
    """A report of an earlier run does not stay there as if it were this one's."""
    (folder / "report.json").write_text("old", encoding="utf-8")

    ended = run("nothere.so", "--json", "--output", "report.json")

    assert (ended.code, ended.output) == (2, "")
    assert json.loads((folder / "report.json").read_text(encoding="utf-8"))["error"]["kind"] == "request"


def test_the_answer_to_a_wrong_request_is_no_report(run: Run) -> None:
    run("nothere.so", "--json", "--output", "report.json")

    ended = run("report.json")

    assert ended.code == 2
    assert "the answer to a wrong request, not a report: nothere.so: there is no such file" in ended.errors


@pytest.mark.parametrize(
    ("words", "code"),
    [
        pytest.param(["demo", "--fail-on", "never"], ExitCode.OK, id="nothing that fails"),
        pytest.param(["demo"], ExitCode.FOUND, id="an error"),
        pytest.param(["demo", "--select", "torch-architecture-not-supported"], ExitCode.OK, id="a note"),
        pytest.param(
            ["demo", "--select", "torch-architecture-not-supported", "--fail-on", "note"], ExitCode.FOUND, id="a note that fails"
        ),
        pytest.param(["nothere"], ExitCode.REQUEST, id="a wrong request"),
        pytest.param(["--static"], ExitCode.NOTHING, id="nothing"),
    ],
)  # fmt: skip
def test_every_code_is_reached(words: list[str], code: ExitCode, run: Run) -> None:
    """The others, of a process that is ended, stand below and in `test_output.py`."""
    assert run(*words).code == code


def test_a_fault_of_our_own_is_not_taken_for_a_finding(folder: Path) -> None:
    """Python would end with 1."""
    script = (
        "import sys, buildDoctor.faces.cli.main as main\n"
        "main.options_of = lambda arguments: 1 / 0\n"
        "from buildDoctor.__main__ import main as door\nsys.exit(door(['demo']))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script], cwd=folder, env=_variables(), capture_output=True, text=True, check=False
    )

    assert (ended.returncode, ended.stdout) == (ExitCode.FAULT, "")
    assert "ZeroDivisionError" in ended.stderr
    assert ended.stderr.endswith("itself. Please report it with the lines above.\n")


def _variables(**more: str) -> dict[str, str]:
    return {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "HOME": "/", "LANG": "C.UTF-8", **more}


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, ExitCode.INTERRUPTED), (signal.SIGTERM, ExitCode.TERMINATED)], ids=["ctrl-c", "terminated"]
)  # fmt: skip
def test_a_run_that_is_ended_leaves_nothing_behind(number: signal.Signals, code: ExitCode, tmp_path: Path) -> None:
    """A cancelled job: quiet, with the conventional code, and without its folder."""
    (tmp_path / "CMakeLists.txt").write_text("while(TRUE)\nendwhile()\n", encoding="utf-8")
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    process = subprocess.Popen(
        [sys.executable, "-m", "buildDoctor", "plan", str(tmp_path), "--gpu", "12.0", "--cuda", "12.9", "--json"],
        env=_variables(TMPDIR=str(temporary)), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    deadline = time.monotonic() + 20
    while not any(temporary.glob("build-doctor-*/trace")) and time.monotonic() < deadline:
        time.sleep(0.02)

    process.send_signal(number)
    output, errors = process.communicate(timeout=20)

    assert (process.returncode, output, errors) == (code, "", "")
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("form", ["text", "json", "sarif", "junit", "github"])
@pytest.mark.parametrize(
    "place", ["/dev/full", "closed/report", "."], ids=["a full disk", "a read-only folder", "a folder"]
)
def test_an_output_that_cannot_be_written_is_told(place: str, form: str, run: Run, folder: Path) -> None:
    closed = folder / "closed"
    closed.mkdir()
    closed.chmod(0o555)
    if place.startswith("closed") and os.access(closed, os.W_OK):
        pytest.skip("this user may write everywhere")

    ended = run("demo", "--format", form, "--output", place)

    assert (ended.code, ended.output) == (2, "")
    assert ended.errors.startswith(f"build-doctor: --output {place}: the report cannot be written: ")
    assert ended.errors.count("\n") == 1


def test_fifty_runs_at_once_give_one_answer_and_leave_nothing_behind(folder: Path, demo: Path, tmp_path: Path) -> None:
    """Nothing is shared between runs but what they read."""
    temporary, home = tmp_path / "temporary", tmp_path / "home"
    temporary.mkdir(), home.mkdir()
    command = [
        sys.executable,
        "-m",
        "buildDoctor",
        "--json",
        "--source",
        str(demo),
        "--gpu",
        "12.0",
        "--cuda",
        "12.9",
        str(demo / "_C.abi3.so"),
    ]

    def answer(_number: int) -> tuple[int, bytes, bytes]:
        ended = subprocess.run(
            command, cwd=folder, capture_output=True, check=False, env=_variables(TMPDIR=str(temporary), HOME=str(home))
        )
        return ended.returncode, ended.stdout, ended.stderr

    with ThreadPoolExecutor(50) as pool:
        answers = set(pool.map(answer, range(50)))

    ((code, output, errors),) = answers
    assert (code, errors) == (1, b"")
    assert json.loads(output)["findings"]
    assert [list(place.iterdir()) for place in (temporary, home, folder)] == [[], [], []]


def test_a_baseline_leaves_out_what_it_has(run: Run, folder: Path) -> None:
    """All of it, when nothing is new; any report is one."""
    run("demo", "--json", "--output", "baseline.json", "--select", "plan")

    same, more = (run("demo", "--json", "--baseline", "baseline.json", "--select", one) for one in ("plan", "binary"))

    document = json.loads(same.output)
    jsonschema.validate(document, schema())
    assert (same.code, document["findings"], document["baseline"]["gone"]) == (0, [], [])
    assert document["baseline"]["known"] > 3
    assert document["verdict"].startswith("Nothing is new; ")
    other = json.loads(more.output)
    assert more.code == 1
    assert {one["family"] for one in other["findings"]} == {"binary"}
    assert "supported-suffix-consumes-target" in {one["rule"] for one in other["baseline"]["gone"]}
    assert list(folder.iterdir()) == [folder / "baseline.json"]


def test_a_fingerprint_survives_moved_lines_and_folders(run: Run, folder: Path, demo: Path) -> None:
    """The same tree with a comment on top, in another place, has nothing new."""
    run("--json", "--source", demo, "--gpu", "12.0", "--cuda", "12.9", "--output", "baseline.json", demo / "_C.abi3.so")
    moved = folder / "elsewhere" / "copy"
    moved.mkdir(parents=True)
    for path in ("CMakeLists.txt", "_C.abi3.so", *(f"cmake/{one.name}" for one in (demo / "cmake").iterdir())):
        (moved / path).parent.mkdir(exist_ok=True)
        text = (demo / path).read_bytes()
        (moved / path).write_bytes(b"# moved\n\n\n" + text if path.endswith((".txt", ".cmake")) else text)

    words = ["--json", "--source", "elsewhere/copy", "--gpu", "12.0", "--cuda", "12.9", "elsewhere/copy/_C.abi3.so"]
    plain, against = run(*words), run(*words, "--baseline", "baseline.json")

    before, after = (
        json.loads(text) for text in ((folder / "baseline.json").read_text(encoding="utf-8"), plain.output)
    )
    lines = [{item["source"] for one in report["findings"] for item in one["evidence"]} for report in (before, after)]
    assert lines[0] != lines[1]
    assert [one["fingerprint"] for one in before["findings"]] == [one["fingerprint"] for one in after["findings"]]
    assert (against.code, json.loads(against.output)["findings"]) == (0, [])


def test_a_baseline_that_is_no_report_is_told(run: Run, folder: Path) -> None:
    (folder / "baseline.json").write_text("{}", encoding="utf-8")

    assert run("demo", "--baseline", "nothere.json").errors.startswith(
        "build-doctor: nothere.json: the report cannot be read"
    )
    assert run("demo", "--baseline", "baseline.json").errors.startswith(
        "build-doctor: baseline.json: this is not a report"
    )
