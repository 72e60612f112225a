"""The action, the hooks and the documents for pipelines say what is so, and the action runs."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import textwrap
import zipfile
from pathlib import Path

import pytest

from buildDoctor.faces.cli import arguments
from buildDoctor.faces.cli.exit_codes import ExitCode

ROOT = Path(__file__).parents[1]
ACTION = (ROOT / "action.yml").read_text(encoding="utf-8")
INPUTS = re.findall(
    r"^  ([\w-]+):\n    description: .+\n    default: (.*)$", ACTION.split("\noutputs:")[0], re.MULTILINE
)
DEFAULTS = {name.upper().replace("-", "_"): default.strip('"') for name, default in INPUTS}
"""The variables of the action's script, as they are when no input is given."""
PAGES = ("ci.md", "contracts.md", "json.md", "api.md")


def _step(begin: str) -> str:
    """The script of the action that begins with a word."""
    scripts = re.findall(r"run: \|\n((?: {8}.*\n?|\n)+)", ACTION)
    return next(textwrap.dedent(script) for script in scripts if script.strip().startswith(begin))


def _act(folder: Path, *, instead: str = "", **inputs: str) -> subprocess.CompletedProcess[str]:
    """Run the action's own script, with a program that is already there, or something in its place."""
    program = folder / "build-doctor" / "bin" / "build-doctor"
    program.parent.mkdir(parents=True, exist_ok=True)
    script = instead or f'exec {sys.executable} -m buildDoctor "$@"'
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(0o755)
    values = DEFAULTS | inputs
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


@pytest.mark.corpus
def test_the_action_installs_itself_and_examines(tmp_path: Path) -> None:
    """Both steps as the runner runs them, with packages from the index."""
    copy = tmp_path / "action"
    shutil.copytree(
        ROOT, copy, ignore=shutil.ignore_patterns(".*", "tests", "screenshots", "benchmarks", "__pycache__")
    )
    (tmp_path / "one.so").write_bytes((ROOT / "buildDoctor" / "demo" / "_C.abi3.so").read_bytes())
    left_out = {"PYTHONPATH", "VIRTUAL_ENV"}
    runner = {name: value for name, value in os.environ.items() if name not in left_out} | {
        "PATH": f"{Path(sys.executable).resolve().parent}:/usr/bin:/bin",
        "RUNNER_TEMP": str(tmp_path), "GITHUB_ACTION_PATH": str(copy), "GITHUB_OUTPUT": str(tmp_path / "output"),
    }  # fmt: skip
    inputs = DEFAULTS | {"TARGETS": "*.so", "GPU": "12.0", "SARIF": "a.sarif", "JUNIT": "a.xml"}
    bash = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c"]

    installed = subprocess.run(
        [*bash, _step("python3")], cwd=tmp_path, env=runner, capture_output=True, text=True, check=False
    )
    ended = subprocess.run(
        [*bash, _step("doctor=")], cwd=tmp_path, env=runner | inputs, capture_output=True, text=True, check=False
    )

    assert (installed.returncode, ended.returncode) == (0, 1), installed.stderr + ended.stderr
    assert "::error file=one.so,title=stub-only-kernel::" in ended.stdout
    assert [(tmp_path / name).is_file() for name in ("a.sarif", "a.xml")] == [True, True]


def test_every_input_of_the_action_is_used() -> None:
    """Each is handed to the script by the variable of its name."""
    names = re.findall(r"^  ([\w-]+):$", ACTION.split("\noutputs:")[0], re.MULTILINE)

    assert len(names) > 8
    assert [name for name, _default in INPUTS] == names
    handed = dict(re.findall(r"^        (\w+): \$\{\{ inputs\.([\w-]+) \}\}$", ACTION, re.MULTILINE))
    assert handed == {name.upper().replace("-", "_"): name for name in names}


WORDS = {
    "TARGETS": ("my dist/a b.whl\n\nvllm", ["--", "my dist/a b.whl", "vllm"]),
    "COMMAND": ("check", ["check", "--quiet"]),
    "GPU": ("10.0,12.0", ["--gpu=10.0,12.0"]),
    "SOURCE": ("a tree", ["--source=a tree"]),
    "CUDA": ("12.9", ["--cuda=12.9"]),
    "ARCH_LIST": ("9.0 12.0+PTX", ["--arch-list=9.0 12.0+PTX"]),
    "BASELINE": ("old report.json", ["--baseline=old report.json"]),
    "FAIL_ON": ("never", ["--fail-on=never"]),
    "SARIF": ("a.out", ["--format=sarif", "--output=a.out"]),
    "JSON": ("-a.out", ["--format=json", "--output=-a.out"]),
    "JUNIT": ("a $(b).out", ["--format=junit", "--output=a $(b).out"]),
}
"""For each variable a value, and the words that it becomes."""


@pytest.mark.parametrize("name", DEFAULTS)
def test_an_input_becomes_words_that_the_program_takes(name: str, tmp_path: Path) -> None:
    """Without it they are absent."""
    value, expected = WORDS[name]
    instead = f'for word in "$@"; do printf "%s\\0" "$word"; done > {shlex.quote(str(tmp_path / "words"))}'

    def words(**inputs: str) -> list[str]:
        assert _act(tmp_path, instead=instead, **inputs).returncode == 0
        return (tmp_path / "words").read_text(encoding="utf-8").split("\0")[:-1]

    given, without = words(**{name: value}), words()
    assert any(given[at : at + len(expected)] == expected for at in range(len(given)))
    assert not any(without[at : at + len(expected)] == expected for at in range(len(without)))
    if name != "COMMAND":
        arguments.parse(given)


def test_one_run_writes_all_files_and_the_annotations(tmp_path: Path) -> None:
    """Each is what a run of its own gives."""
    (tmp_path / "one.so").write_bytes((ROOT / "buildDoctor" / "demo" / "_C.abi3.so").read_bytes())
    counting = f'printf x >> count; exec {sys.executable} -m buildDoctor "$@"'

    together = _act(
        tmp_path, instead=counting, TARGETS="one.so", GPU="12.0", SARIF="a.sarif", JSON="a.json", JUNIT="a.xml"
    )

    assert (tmp_path / "count").read_text(encoding="utf-8") == "x"
    assert together.returncode == 1
    assert together.stdout == _act(tmp_path, TARGETS="one.so", GPU="12.0").stdout
    for form, file in (("sarif", "a.sarif"), ("json", "a.json"), ("junit", "a.xml")):
        words = [sys.executable, "-m", "buildDoctor", "--gpu=12.0", f"--format={form}", "one.so"]
        alone = subprocess.run(
            words, cwd=tmp_path, capture_output=True, text=True, check=False,
            env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "HOME": "/"},
        )  # fmt: skip
        assert (tmp_path / file).read_text(encoding="utf-8") == alone.stdout != ""


def test_a_file_that_cannot_be_written_ends_the_step(tmp_path: Path) -> None:
    """With a document for the others, and an annotation that says which."""
    (tmp_path / "one.so").write_bytes((ROOT / "buildDoctor" / "demo" / "_C.abi3.so").read_bytes())

    ended = _act(tmp_path, TARGETS="one.so", GPU="12.0", SARIF="nothere/a.sarif", JSON="a.json")

    assert ended.returncode == 2
    assert (tmp_path / "output").read_text(encoding="utf-8") == "exit-code=2\n"
    assert ended.stdout.startswith("::error title=build-doctor::--output nothere/a.sarif: the report cannot be written")
    assert '"kind": "request"' in (tmp_path / "a.json").read_text(encoding="utf-8")


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


def test_the_hook_of_the_plan_finds_what_the_build_scripts_lose(tmp_path: Path) -> None:
    """With the arguments that the page shows, in a tree, on a machine without toolkit and torch."""
    entry = re.findall("^  entry: (.+)$", (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"), re.MULTILINE)[
        0
    ]
    more = re.findall("^        args: (.+)$", (ROOT / "docs" / "ci.md").read_text(encoding="utf-8"), re.MULTILINE)[0]
    demo = ROOT / "buildDoctor" / "demo"
    for path in ("CMakeLists.txt", *(f"cmake/{one.name}" for one in (demo / "cmake").iterdir())):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes((demo / path).read_bytes())

    ended = subprocess.run(
        [sys.executable, "-m", "buildDoctor", *shlex.split(entry)[1:], *json.loads(more)],
        cwd=tmp_path, capture_output=True, text=True, check=False,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "HOME": "/"},
    )  # fmt: skip

    assert (ended.returncode, ended.stderr) == (1, "")
    assert "NVFP4 gets no architecture" in ended.stdout


def test_the_job_for_gitlab_writes_its_file_and_tells_the_log(tmp_path: Path) -> None:
    """Its own lines but the installation, on a wheel that gives what the contract requires, and on one that does not."""
    lines = re.findall("^    - (build-doctor .+)$", (ROOT / "docs" / "ci.md").read_text(encoding="utf-8"), re.MULTILINE)
    program = tmp_path / "bin" / "build-doctor"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m buildDoctor "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    (tmp_path / "dist").mkdir()
    with zipfile.ZipFile(tmp_path / "dist" / "demo-1-cp312-abi3-linux_x86_64.whl", "w") as wheel:
        wheel.write(ROOT / "buildDoctor" / "demo" / "_C.abi3.so", "demo/_C.abi3.so")

    def job(*script: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", "-e", "-c", "\n".join(script)], cwd=tmp_path, capture_output=True, text=True, check=False,
            env={"PATH": f"{program.parent}:/usr/bin:/bin", "PYTHONPATH": str(ROOT), "HOME": "/"},
        )  # fmt: skip

    kept = job("build-doctor check --init --output build-doctor.toml dist/*.whl", *lines)
    contract = (tmp_path / "build-doctor.toml").read_text(encoding="utf-8")
    (tmp_path / "build-doctor.toml").write_text(
        f'{contract}\n[[require]]\nkernel = "*nothing*"\ncapability = ["12.0"]\n', encoding="utf-8"
    )
    broken = job(*lines)

    assert (len(lines), kept.returncode, broken.returncode) == (1, 0, 1)
    assert "The contract is broken" in broken.stdout
    assert 'failures="1"' in (tmp_path / "build-doctor.xml").read_text(encoding="utf-8")


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
