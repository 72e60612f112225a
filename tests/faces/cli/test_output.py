"""Standard output is data and nothing else, whatever it leads to."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from buildDoctor.faces.cli.arguments import COMMANDS
from buildDoctor.faces.reports.json_v1 import schema, schema_text

Run = Callable[..., Any]
ROOT = Path(__file__).parents[3]
SHIPPED = ROOT / "buildDoctor" / "faces" / "reports" / "report-v1.schema.json"


def _environment(**more: str) -> dict[str, str]:
    return {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "HOME": "/", "LANG": "C.UTF-8", **more}


def test_the_shipped_schema_is_current() -> None:
    """The file beside the converter holds what `schema_text` gives."""
    assert schema_text() == SHIPPED.read_text(encoding="utf-8")


REPORTS = {
    "the demo": ["demo", "--json"],
    "the demo by format": ["demo", "--format", "json"],
    "a shared object": ["{demo}/_C.abi3.so", "--json"],
    "a shared object for a GPU": ["{demo}/_C.abi3.so", "--json", "--gpu", "12.0,10.3"],
    "a source tree": ["{demo}", "--json", "--gpu", "12.0", "--cuda", "12.9"],
    "a plan": ["plan", "{demo}", "--json", "--gpu", "12.0", "--cuda", "12.9"],
    "a look inside": ["inspect", "{demo}/_C.abi3.so", "--json"],
    "a look at the kernels": ["inspect", "{demo}/_C.abi3.so", "--json", "--kernels", "*", "--gpu", "12.0"],
    "nothing at all": ["--json"],
}


@pytest.mark.parametrize("words", [pytest.param(words, id=name) for name, words in REPORTS.items()])
def test_json_is_one_document_of_the_schema_and_nothing_else(words: list[str], demo: Path, run: Run) -> None:
    """Every command prints the same kind of document, and talks on standard error only."""
    ended = run(*(word.format(demo=demo) for word in words))

    document = json.loads(ended.output)
    jsonschema.validate(document, schema())
    assert document["schema_version"] == 1
    assert ended.output.endswith("}\n")
    assert ended.errors == ""


@pytest.mark.parametrize("words", [pytest.param(words, id=name) for name, words in REPORTS.items()])
def test_the_same_evidence_gives_the_same_bytes(words: list[str], demo: Path, run: Run) -> None:
    """Two runs over the same inputs do not differ in one byte, whatever order Python hashes in."""
    filled = [word.format(demo=demo) for word in words]

    first, second = (run(*filled, variables={"PYTHONHASHSEED": seed}) for seed in ("1", "2"))

    assert first.output == second.output


def test_a_saved_report_says_the_same_when_it_is_judged_again(run: Run, folder: Path) -> None:
    """Findings, evidence and what was not seen come back; the target is another, and what was tried is a claim."""
    first = run("demo", "--json", "--output", "report.json")
    again = run("report.json", "--json")

    assert (first.output, first.code, again.code) == ("", 1, 1)
    saved, judged = json.loads((folder / "report.json").read_text(encoding="utf-8")), json.loads(again.output)
    assert judged["targets"] == ["report.json"]
    assert judged["verdict"] == saved["verdict"].replace("Proven fix:", "Proven fix, as the report says:")
    assert all(fix["trial"].pop("claimed") for finding in judged["findings"] for fix in finding["fixes"])
    assert {**saved, "targets": [], "verdict": ""} == {**judged, "targets": [], "verdict": ""}


def test_every_finding_of_the_demo_says_where_it_was_seen(run: Run) -> None:
    """No evidence of a finding is without its source."""
    report = json.loads(run("demo", "--json").output)

    sources = {item["source"] for finding in report["findings"] for item in finding["evidence"]}
    assert "not recorded" not in sources
    assert report["summary"]["error"] > 0


@pytest.mark.parametrize(
    ("words", "code"),
    [
        pytest.param([], 1, id="an error by default"),
        pytest.param(["--fail-on", "warning"], 1, id="a warning"),
        pytest.param(["--fail-on", "never"], 0, id="never"),
        pytest.param(["--ignore", "plan", "--ignore", "binary"], 0, id="all families of the errors left out"),
        pytest.param(["--select", "toolkit"], 0, id="a family without findings"),
        pytest.param(["--select", "stub-only-kernel"], 1, id="one rule"),
    ],
)
def test_the_exit_code_says_what_was_found(words: list[str], code: int, run: Run) -> None:
    """`--fail-on`, `--select` and `--ignore` decide about the code."""
    ended = run("demo", *words)

    assert ended.code == code
    assert ended.errors == ""


def test_select_and_ignore_leave_only_what_was_asked_for(run: Run) -> None:
    """A family is selected, one rule of it is left out."""
    words = ["--select", "plan", "--ignore", "feature-gets-no-architecture"]

    rules = {finding["rule"] for finding in json.loads(run("demo", "--json", *words).output)["findings"]}

    assert "supported-suffix-consumes-target" in rules
    assert not rules & {"feature-gets-no-architecture", "stub-only-kernel"}


def test_a_full_disk_is_told() -> None:
    """What cannot be written is no traceback."""
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        ended = subprocess.run(
            [sys.executable, "-m", "buildDoctor", "demo"],
            env=_environment(), stdout=full, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip

    assert ended.returncode == 2
    assert ended.stderr == "build-doctor: standard output cannot be written: No space left on device\n"


@pytest.mark.parametrize("words", [["demo"], ["demo", "--json"], ["--version"], ["rules", "list"]], ids=" ".join)
def test_closed_streams_are_no_traceback(words: list[str], tmp_path: Path) -> None:
    """Without standard output that is told; without standard error the code says it alone."""
    command = f"{sys.executable} -m buildDoctor {' '.join(words)}"
    without_output = subprocess.run(
        ["sh", "-c", f"{command} >&-"], env=_environment(), capture_output=True, text=True, check=False, cwd=tmp_path
    )
    without_errors = subprocess.run(
        ["sh", "-c", f"{command} 2>&-"], env=_environment(), capture_output=True, text=True, check=False, cwd=tmp_path
    )

    assert without_output.returncode == 2
    assert without_output.stderr.startswith("build-doctor: standard output is closed")
    assert without_errors.returncode in {0, 1}
    assert without_errors.stdout


def test_a_reader_that_leaves_ends_the_run_quietly(demo: Path, tmp_path: Path) -> None:
    """`build-doctor … | head -c 10` says nothing on standard error."""
    report = tmp_path / "big.json"
    command = f"{sys.executable} -m buildDoctor inspect --kernels '*' --json $(yes {demo}/_C.abi3.so | head -60)"
    ended = subprocess.run(
        ["bash", "-c", f"{command} | head -c 10 > {report}; echo ${{PIPESTATUS[0]}}"],
        env=_environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert ended.stderr == ""
    assert ended.stdout == "141\n"
    assert report.read_text(encoding="utf-8").startswith("{\n")


def test_an_interrupt_ends_the_run_quietly(tmp_path: Path) -> None:
    """Ctrl-C while the scripts run: code 130, no traceback, no folder left behind."""
    (tmp_path / "CMakeLists.txt").write_text("while(TRUE)\nendwhile()\n", encoding="utf-8")
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    process = subprocess.Popen(
        [sys.executable, "-m", "buildDoctor", "plan", str(tmp_path), "--gpu", "12.0", "--cuda", "12.9"],
        env=_environment(TMPDIR=str(temporary)), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    deadline = time.monotonic() + 10
    while not any(temporary.glob("build-doctor-*/trace")) and time.monotonic() < deadline:
        time.sleep(0.02)

    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=10)

    assert (process.returncode, output, errors) == (130, "", "")
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_the_encoding_of_standard_output_does_not_matter(encoding: str, run: Run) -> None:
    """Text loses what cannot be shown; JSON loses nothing."""
    ended = [
        subprocess.run(
            [sys.executable, "-m", "buildDoctor", *words],
            env=_environment(PYTHONIOENCODING=encoding), capture_output=True, check=False,
        )
        for words in (["demo"], ["demo", "--json"])
    ]  # fmt: skip

    assert [(one.returncode, one.stderr) for one in ended] == [(1, b""), (1, b"")]
    assert json.loads(ended[1].stdout.decode(encoding)) == json.loads(run("demo", "--json").output)


def _on_a_terminal(*words: str, **variables: str) -> str:
    """What a terminal gets to see, when only standard output is one."""
    main, other = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "buildDoctor", *words],
        env=_environment(TERM="xterm", **variables), stdin=subprocess.DEVNULL, stdout=other, stderr=subprocess.DEVNULL,
    ):  # fmt: skip
        os.close(other)
        seen = b""
        try:
            while part := os.read(main, 65536):
                seen += part
        except OSError:
            # The other side is closed.
            pass
        finally:
            os.close(main)
    return seen.decode()


def test_colours_are_for_terminals_that_want_them() -> None:
    """A terminal gets them, `NO_COLOR` and `--no-color` take them away, and a pipe never has them."""
    assert "\x1b[" in _on_a_terminal("demo")
    assert "\x1b[" not in _on_a_terminal("demo", NO_COLOR="1")
    assert "\x1b[" not in _on_a_terminal("demo", "--no-color")


def test_a_pipe_gets_no_colours(run: Run) -> None:
    """Text that goes elsewhere is plain."""
    assert "\x1b" not in run("demo", variables={"TERM": "xterm", "FORCE_COLOR": "1"}).output


def test_static_starts_no_program_of_the_machine(folder: Path, demo: Path, run: Run, tmp_path: Path) -> None:
    """An nvidia-smi on the path is asked without `--static`, and left alone with it."""
    programs = tmp_path / "bin"
    programs.mkdir()
    mark = tmp_path / "started"
    (programs / "nvidia-smi").write_text(f"#!/bin/sh\n: > {mark}\nexit 9\n", encoding="utf-8")
    (programs / "nvidia-smi").chmod(0o755)
    variables = {"PATH": f"{programs}:/usr/bin:/bin"}

    run(demo / "_C.abi3.so", "--static", variables=variables)
    assert not mark.exists()

    run(demo / "_C.abi3.so", variables=variables)
    assert mark.exists()
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "without"),
    [
        pytest.param(["--version"], {"textual", "msgspec", "elftools", "tomli", "argparse"}, id="the version"),
        pytest.param(["{demo}/_C.abi3.so", "--json"], {"textual", "rich"}, id="a report as JSON"),
        pytest.param(["inspect", "{demo}/_C.abi3.so"], {"textual", "rich", "tomli"}, id="a look inside"),
        pytest.param(["plan", "{demo}", "--gpu", "12.0", "--cuda", "12.9"], {"textual", "rich"}, id="a plan"),
    ],
)
def test_a_run_imports_only_what_it_needs(words: list[str], without: set[str], demo: Path) -> None:
    """Told by the modules of a fresh interpreter at its end."""
    script = (
        "import sys\nfrom buildDoctor.__main__ import main\n"
        f"main({[word.format(demo=demo) for word in words]!r})\n"
        "print(*sorted({name.partition('.')[0] for name in sys.modules}), file=sys.stderr)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script], env=_environment(), capture_output=True, text=True, check=True
    )

    assert not without & set(ended.stderr.split())


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_every_command_has_help(command: str, run: Run) -> None:
    """`--help` names the options, on standard output, with code 0."""
    ended = run(*filter(None, [command]), "--help")

    assert ended.code == 0
    assert "--version" in ended.output
    assert ended.errors == ""


def test_the_version_is_that_of_the_package(run: Run) -> None:
    """Alone and behind a command it says the same."""
    from buildDoctor import __version__  # noqa: PLC0415  the one thing that is compared

    assert run("--version").output == f"build-doctor {__version__}\n"
    assert run("plan", "--version").output == f"build-doctor {__version__}\n"


def test_a_plan_shows_features_and_steps(demo: Path, run: Run) -> None:
    """The table of features, and with `--steps` the line that takes 12.0 away."""
    words = ["plan", demo, "--cuda", "12.9", "--arch-list", "9.0 12.0"]

    short, long = run(*words), run(*words, "--steps")

    assert (short.code, long.code) == (0, 0)
    assert ["NVFP4", "not", "built", "12.0a;12.1a", "empty", "CMakeLists.txt:59"] in [
        line.split() for line in short.output.splitlines()
    ]
    assert long.output.startswith(short.output)
    assert any(
        line.startswith("cmake/architectures.cmake:29") and line.split()[1:] == ["OPEN", "9.0;12.0", "9.0"]
        for line in long.output.splitlines()
    )


def test_a_look_inside_counts_images_and_says_what_runs(demo: Path, run: Run) -> None:
    """Images by architecture, units by capability, kernels by name."""
    ended = run("inspect", demo / "_C.abi3.so", "--gpu", "12.0,10.0", "--kernels", "*")

    lines = ended.output.splitlines()
    assert any(line.split()[:3] == ["cubin", "12.0", "zstd"] for line in lines)
    assert any(line.startswith("12.0 ") for line in lines)
    assert any(line.endswith("  silu_and_mul_kernel") for line in lines)
    assert (ended.code, ended.errors) == (0, "")


def test_the_pages_of_all_rules_can_be_read(run: Run) -> None:
    """A rule that is listed has a page that begins with its id."""
    listed = [line.split()[0] for line in run("rules", "list").output.splitlines()[1:]]

    assert len(listed) >= 14
    page = run("explain", listed[0])
    assert page.output.startswith(f"{listed[0]}\n")
    assert page.code == 0
