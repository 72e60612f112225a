"""The action, the hooks and the documents for pipelines say what is so, and the action runs."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from buildDoctor.faces.cli import arguments
from buildDoctor.faces.cli.exit_codes import ExitCode

ROOT = Path(__file__).parents[1]
ACTION = (ROOT / "action.yml").read_text(encoding="utf-8")
PAGES = ("ci.md", "contracts.md", "json.md", "api.md")


def _step(begin: str) -> str:
    """The script of the action that begins with a word."""
    scripts = re.findall(r"run: \|\n((?: {8}.*\n?|\n)+)", ACTION)
    return next(textwrap.dedent(script) for script in scripts if script.strip().startswith(begin))


def _act(folder: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
    """Run the action's own script, with a program that is already there."""
    program = folder / "build-doctor" / "bin" / "build-doctor"
    program.parent.mkdir(parents=True, exist_ok=True)
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m buildDoctor "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    names = ("TARGETS", "COMMAND", "GPU", "SOURCE", "CUDA", "ARCH_LIST", "BASELINE", "FAIL_ON", "SARIF", "JSON")
    values = dict.fromkeys(names, "") | {"COMMAND": "diagnose", "FAIL_ON": "error"} | inputs
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", _step("doctor=")], cwd=folder, capture_output=True, text=True, check=False,
        env={
            "PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "HOME": "/", "GITHUB_ACTIONS": "true",
            "RUNNER_TEMP": str(folder), "GITHUB_OUTPUT": str(folder / "output"), **values,
        },
    )  # fmt: skip


def test_the_action_annotates_fails_and_writes_its_files(tmp_path: Path) -> None:
    """A pattern, a path with a space, and a shell word in an input that stays a word."""
    binary = (ROOT / "buildDoctor" / "demo" / "_C.abi3.so").read_bytes()
    for name in ("one.so", "a two.so"):
        (tmp_path / name).write_bytes(binary)

    ended = _act(tmp_path, TARGETS="*.so\n", GPU="12.0", SARIF="out.sarif", JSON="out.json")

    assert ended.returncode == 1
    assert (tmp_path / "output").read_text(encoding="utf-8") == "exit-code=1\n"
    assert "::error file=one.so,title=stub-only-kernel::" in ended.stdout
    assert "::error file=a two.so,title=stub-only-kernel::" in ended.stdout
    assert (tmp_path / "out.sarif").is_file()
    assert _act(tmp_path, TARGETS="*.so\n", GPU="12.0", BASELINE="out.json").returncode == 0
    assert _act(tmp_path, TARGETS="one.so; touch bad", GPU="$(touch bad)").returncode == 2
    assert not (tmp_path / "bad").exists()


def test_every_input_of_the_action_is_used() -> None:
    inputs = re.findall(r"^  ([\w-]+):\n    description", ACTION.split("outputs:")[0], re.MULTILINE)

    assert len(inputs) > 8
    assert [name for name in inputs if f"inputs.{name} " not in ACTION] == []


def test_no_input_reaches_a_script_but_through_a_variable() -> None:
    """`${{ }}` inside of a script would let an input write code."""
    assert "${{" not in _step("doctor=") + _step("python3")


def test_the_hooks_run_commands_that_there_are() -> None:
    entries = re.findall(
        r"^  entry: (.+)$", (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"), re.MULTILINE
    )

    assert len(entries) == 2
    for entry in entries:
        program, *words = shlex.split(entry)
        assert program == "build-doctor"
        arguments.parse(words)


@pytest.mark.parametrize("page", PAGES)
def test_every_command_of_a_page_can_be_parsed(page: str) -> None:
    blocks = re.findall(r"```(?:sh|yaml)\n(.*?)```", (ROOT / "docs" / page).read_text(encoding="utf-8"), re.DOTALL)
    lines = [line.strip().removeprefix("- ") for block in blocks for line in block.splitlines()]

    for line in lines:
        if line.startswith("build-doctor "):
            arguments.parse(shlex.split(line.split(" > ")[0])[1:])


def test_the_exit_codes_of_the_page_are_those_of_the_program() -> None:
    rows = re.findall(r"^\| (\d+) \|", (ROOT / "docs" / "ci.md").read_text(encoding="utf-8"), re.MULTILINE)

    assert [int(row) for row in rows] == sorted(ExitCode)
