"""Whatever is wrong with the request: one clear sentence, no traceback, nothing written, and the right exit code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from buildDoctor.faces.reports.json_v1 import schema

Run = Callable[..., Any]


def _deep(levels: int) -> str:
    return '{"schema_version": 1, "evidence": ' + '{"a": ' * levels + "1" + "}" * levels + "}"


def _prepare(folder: Path, demo: Path) -> None:
    """Everything that a user may point at by mistake."""
    content = (demo / "_C.abi3.so").read_bytes()
    (folder / "good.so").write_bytes(content)
    (folder / "text.so").write_text("hello\n", encoding="utf-8")
    (folder / "short.so").write_bytes(content[:3000])
    (folder / "empty.so").write_bytes(b"")
    os.mkfifo(folder / "pipe.so")
    (folder / "loop.so").symlink_to("loop.so")
    (folder / "text.whl").write_text("hello\n", encoding="utf-8")
    with zipfile.ZipFile(folder / "nothing.whl", "w") as archive:
        archive.writestr("package/__init__.py", "")
    (folder / "empty").mkdir()
    (folder / "broken").mkdir()
    (folder / "broken" / "CMakeLists.txt").write_text("set(x 1)\nset(y 2\nset(z 3)\n", encoding="utf-8")
    (folder / "field.toml").write_text('schema = 1\nid = "field"\nbogus = 1\n', encoding="utf-8")
    (folder / "cut.toml").write_text("schema = [1,\n", encoding="utf-8")
    for name, text in {
        "cut.json": '{"schema_version": 1, "targets": [',
        "list.json": "[]",
        "object.json": "{}",
        "newer.json": '{"schema_version": 2, "something": "new"}',
        "types.json": '{"schema_version": "one"}',
        "deep.json": _deep(200),
        "deeper.json": _deep(100_000),
        "binary.json": "\x00\x01\x02",
    }.items():
        (folder / name).write_text(text, encoding="utf-8")


WRONG = {
    "a path that does not exist": (["nothere.so"], "nothere.so: there is no such file, folder or installed package"),
    "a path with a typing error": (["goood.so"], "did you mean good.so?"),
    "a command behind its option": (["--quiet", "demo"], "put the command first: build-doctor demo --quiet"),
    "a command behind an option with a value": (
        ["--gpu", "12.0", "plan", "a tree", "--trace", "X"],
        "put the command first: build-doctor plan --gpu 12.0 'a tree' --trace X",
    ),
    **{
        f"a {words[0]} for the demo, {place}": (
            line,
            f"build-doctor demo: the case of the demo is fixed, and takes no {words[0].partition('=')[0]}: leave it out\n",
        )
        for words in (
            ["--gpu", "12.0"],
            ["--gpu=12.0"],
            ["--cuda", "12.9"],
            ["--log", "x"],
            ["--source", "."],
            ["--env", "A=B"],
            ["--arch-list", "9.0"],
        )
        for place, line in (("before it", [*words, "demo"]), ("behind it", ["demo", *words]))
    },
    "an empty name": ([""], "'' names no target"),
    "a text file named .so": (["text.so"], "text.so is not an ELF file"),
    "a truncated shared object": (["short.so"], "short.so is truncated"),
    "an empty shared object": (["empty.so"], "empty.so is empty"),
    "a pipe": (["pipe.so"], "pipe.so is not a regular file"),
    "a device": (["/dev/zero"], "/dev/zero is not a regular file"),
    "a link to itself": (["loop.so"], "loop.so: the link leads to nothing that is there"),
    "a wheel that is no zip": (["text.whl"], "text.whl is not a wheel that can be opened"),
    "a folder with nothing in it": (["empty"], "empty: the folder holds no shared object"),
    "two bad targets": (["text.so", "short.so"], "short.so is truncated"),
    "a script with a syntax error": (
        ["broken", "--gpu", "12.0", "--cuda", "12.9"],
        "broken: CMakeLists.txt:2: cmake cannot run the build scripts: Parse error",
    ),
    "a plan of a script with a syntax error": (
        ["plan", "broken", "--gpu", "12.0", "--cuda", "12.9"],
        "broken: CMakeLists.txt:2: cmake cannot run the build scripts: Parse error",
    ),
    "a plan of a folder without scripts": (["plan", "empty"], "build-doctor: empty: there is no CMakeLists.txt"),
    "a plan where no tree is": (["plan"], "build-doctor: this folder: there is no CMakeLists.txt or setup.py in it"),
    "a command with a typing error": (
        ["inspct", "good.so"],
        "inspct: there is no such file, folder or installed package; did you mean the command inspect?",
    ),
    "a command with a typing error and nothing behind it": (
        ["dmo"],
        "dmo: there is no such file, folder or installed package; did you mean the command demo?",
    ),
    "a command for what needs none": (
        ["diagnose", "good.so"],
        "a diagnosis needs no command: build-doctor good.so",
    ),
    "a second target that is like a command": (
        ["good.so", "inspct"],
        "inspct: there is no such file, folder or installed package; packages are looked for in",
    ),
    "a plan of nothing": (["plan", "nothere"], "nothere: there is no such file, folder or installed package"),
    "a source tree that is none": (["--source", "empty"], "--source empty: there is no CMakeLists.txt"),
    "an interpreter that is not there": (["--python", "nothere", "good.so"], "--python nothere: there is no such"),
    "a look into a text": (["inspect", "text.so"], "text.so is not an ELF file"),
    "a look into nothing": (["inspect", "empty"], "empty: no shared object is there"),
    "a rule with an unknown field": (
        ["demo", "--rules", "field.toml"],
        "field.toml:3:1: 'bogus' is not a key of a rule",
    ),
    "a rule that is no TOML": (["demo", "--rules", "cut.toml"], "cut.toml:2:1: it is not TOML"),
    "a rule file that is not there": (
        ["demo", "--rules", "no.toml"],
        "build-doctor: no.toml: there is no such rule file or folder",
    ),
    "a report that is cut off": (["cut.json"], "cut.json: this is not a report of build-doctor"),
    "a report that is a list": (["list.json"], "list.json: this is not a report of build-doctor"),
    "a report that says nothing": (["object.json"], "object.json: this is not a report of build-doctor"),
    "a report of a later version": (
        ["newer.json"],
        "newer.json: the report has schema version 2; this build-doctor reads version 1",
    ),
    "a report with wrong types": (["types.json"], "types.json: this is not a report of build-doctor"),
    "a report of 200 levels": (["deep.json"], "deep.json: this is not a report of build-doctor"),
    "a report of 100,000 levels": (["deeper.json"], "deeper.json: this is not a report of build-doctor"),
    "a report of bytes": (["binary.json"], "binary.json: this is not a report of build-doctor"),
    "a report beside another target": (["list.json", "good.so"], "a saved report is examined alone"),
    "no capability": (["--gpu", ",", "good.so"], "--gpu names no capability: write for example --gpu 12.0,10.3"),
    "a capability without a dot": (["--gpu", "12", "good.so"], "--gpu 12: '12' is not a compute capability"),
    "a capability with a suffix": (["--gpu", "12.0a", "good.so"], "--gpu 12.0a: '12.0a' is not a compute capability"),
    "a capability in other digits": (["--gpu", "\u0967\u0968.\u0966", "good.so"], "is not a compute capability"),
    "a toolkit of one number": (["--cuda", "12", "good.so"], "--cuda 12: this is not a toolkit version"),
    "a toolkit of letters": (["--cuda", "twelve.nine", "good.so"], "this is not a toolkit version"),
    "a request that is empty": (["--arch-list", "", "good.so"], "no architecture is named"),
    "a request of nonsense": (["--arch-list", "9.0 fast", "good.so"], "'fast' is not an NVIDIA architecture"),
    "an option with a typing error": (["--gppu", "12.0"], "did you mean --gpu?"),
    "an option of another command": (["plan", "--kernels", "x"], "unrecognized arguments: --kernels"),
    "an option without its value": (["--gpu"], "argument --gpu: expected one argument"),
    "a rule with a typing error": (["demo", "--select", "stub-only-kernal"], "did you mean stub-only-kernel?"),
    "a rule to leave out that is none": (
        ["demo", "--ignore", "nothing"],
        "there is no rule or family of rules called nothing",
    ),
    "a severity that is none": (["demo", "--fail-on", "always"], "argument --fail-on: invalid choice: 'always'"),
    "a form that is none": (["demo", "--format", "xml"], "argument --format: invalid choice: 'xml'"),
    "two forms at once": (["demo", "--json", "--format", "text"], "--json and --format text contradict each other"),
    "a page of no rule": (["explain", "stub-only-kernal"], "did you mean stub-only-kernel?"),
    "a page of nothing": (["explain"], "the following arguments are required: ID"),
    "a report in a folder that is not there": (
        ["demo", "--output", "nothere/report.txt"],
        "--output nothere/report.txt: the report cannot be written: No such file or directory",
    ),
    "a name that no file can have": (["n" * 4000], "nnn…: the name is too long for a file"),
    "a model of such a name": (["--model", "n" * 4000, "good.so"], "nnn…: the name is too long for a file"),
    "an interpreter of such a name": (["--python", "n" * 4000], "nnn…: the name is too long for a file"),
    "a plan of such a name": (["plan", "n" * 4000], "nnn…: the name is too long for a file"),
    "a report in place of a folder": (["demo", "--output", "empty"], "--output empty: the report cannot be written"),
}


def _everything(folder: Path) -> dict[str, int]:
    return {str(path): path.lstat().st_mtime_ns for path in sorted(folder.rglob("*"))}


@pytest.mark.parametrize(("words", "sentence"), [pytest.param(*case, id=name) for name, case in WRONG.items()])
def test_a_wrong_request_is_told_and_ends_with_code_2(
    words: list[str], sentence: str, folder: Path, demo: Path, run: Run
) -> None:
    """The sentence is on standard error, standard output is empty, and no file has come or changed."""
    _prepare(folder, demo)
    before = _everything(folder)

    ended = run(*words)

    assert ended.code == 2
    assert sentence in ended.errors
    assert ended.errors.startswith("build-doctor")
    assert "Traceback" not in ended.errors
    assert ended.output == "" or json.loads(ended.output)["error"]["message"] in ended.errors
    assert (ended.output != "") == ("--json" in words)
    assert _everything(folder) == before


@pytest.mark.parametrize("words", [["text.so"], ["broken"], ["nothere"], ["cut.json"], ["demo", "--rules", "cut.toml"]])
def test_a_wrong_request_is_answered_in_json_too(words: list[str], folder: Path, demo: Path, run: Run) -> None:
    """With `--json` standard output holds one document, whatever is asked."""
    _prepare(folder, demo)

    ended = run(*words, "--json", "--gpu", "12.0") if words[0] != "demo" else run(*words, "--json")

    document = json.loads(ended.output)
    jsonschema.validate(document, schema())
    assert ("error" in document) == (ended.code in {2, 3})
    assert "Traceback" not in ended.errors


def test_a_bad_target_beside_a_good_one_is_not_seen(folder: Path, demo: Path, run: Run) -> None:
    """The good one is examined, and the report says what is wrong with the other."""
    _prepare(folder, demo)

    ended = run("good.so", "text.so", "short.so", "--json", "--gpu", "12.0")

    report = json.loads(ended.output)
    assert [binary["path"] for binary in report["evidence"]["binaries"]] == ["good.so"]
    reasons = [missing["reason"] for missing in report["not_seen"] if missing["path"] == "binaries"]
    assert [reason.split(" is ")[0] for reason in reasons] == ["text.so", "short.so"]
    assert ended.code in {0, 1}


def test_an_empty_folder_without_torch_is_nothing_to_examine(folder: Path, run: Run, tmp_path: Path) -> None:
    """No target, nothing in the current folder, no torch in the environment: code 3, and the report says so."""
    assert list(folder.iterdir()) == []

    ended = run(variables={"VIRTUAL_ENV": str(tmp_path)})

    assert ended.code == 3
    assert ended.output.startswith("Nothing could be examined")
    assert ended.errors == ""


def test_a_request_in_the_environment_that_is_nonsense_is_not_seen(demo: Path, run: Run) -> None:
    """A variable that cannot be read is no wrong request, but what depends on it is not known."""
    ended = run(demo, "--cuda", "12.9", "--json", variables={"TORCH_CUDA_ARCH_LIST": "9.0 fast"})

    reasons = [missing["reason"] for missing in json.loads(ended.output)["not_seen"]]
    assert any("TORCH_CUDA_ARCH_LIST is '9.0 fast'" in reason and "'fast' is not" in reason for reason in reasons)
    assert ended.code == 0


def test_a_name_cannot_command_the_terminal(run: Run) -> None:
    """Escape sequences in a name are shown, not obeyed."""
    ended = run("\x1b[31mred\x07.so")

    assert "\\x1b[31mred\\x07.so: there is no such file" in ended.errors
    assert "\x1b" not in ended.errors


def test_a_name_that_is_no_text_is_shown_and_read(folder: Path, demo: Path, run: Run) -> None:
    """A file may be named in bytes that are no UTF-8; the JSON is one all the same."""
    name = os.fsdecode(b"caf\xe9.so")
    (folder / name).write_bytes((demo / "_C.abi3.so").read_bytes())

    shown, data = run(name), run(name, "--json")

    assert (shown.code, data.code) == (0, 0)
    assert json.loads(data.output)["targets"] == ["caf\ufffd.so"]


@pytest.mark.parametrize("shape", ["a report", "a rule"])
def test_a_file_that_may_not_be_read_is_told(shape: str, folder: Path, run: Run) -> None:
    """Permission is part of the world, not a reason for a traceback."""
    name = {"a report": "report.json", "a rule": "rule.toml"}[shape]
    (folder / name).write_text("{}", encoding="utf-8")
    (folder / name).chmod(0)
    if os.access(folder / name, os.R_OK):
        pytest.skip("this user may read everything")

    ended = run(name) if shape == "a report" else run("demo", "--rules", name)

    assert ended.code == 2
    assert "cannot be read" in ended.errors


@pytest.mark.parametrize(
    "words", [["shut/x"], ["--source", "shut/x"], ["--python", "shut/x"], ["--model", "shut/x"], ["plan", "shut/x"]],
    ids=["a target", "a source tree", "an environment", "a model", "a plan"],
)  # fmt: skip
def test_a_folder_that_may_not_be_entered_is_told(words: list[str], folder: Path, run: Run) -> None:
    shut = folder / "shut"
    (shut / "x").mkdir(parents=True)
    shut.chmod(0)
    if os.access(shut, os.X_OK):
        pytest.skip("this user may enter every folder")

    ended = run(*words)
    shut.chmod(0o700)

    assert ended.code == 2
    assert "cannot be read: Permission denied" in ended.errors


def test_a_config_folder_that_may_not_be_entered_holds_no_rules(folder: Path, run: Run) -> None:
    """As where a container runs as another user than its HOME is for."""
    shut = folder / "shut"
    shut.mkdir(mode=0)
    if os.access(shut, os.X_OK):
        pytest.skip("this user may enter every folder")

    ended = run("--gpu", "12.0", "--static", variables={"HOME": str(shut), "XDG_CONFIG_HOME": str(shut / "config")})

    assert ended.code in {0, 1, 3}, ended.errors


def test_a_current_folder_that_is_gone_is_told(folder: Path) -> None:
    gone = folder / "gone"
    gone.mkdir()
    script = (
        f"import os, sys; os.rmdir({str(gone)!r}); from buildDoctor.__main__ import main; sys.exit(main(['--static']))"
    )
    variables = {"PATH": os.environ["PATH"], "PYTHONPATH": str(Path(__file__).parents[3]), "HOME": str(folder)}
    ended = subprocess.run([sys.executable, "-c", script], cwd=gone, env=variables, capture_output=True, check=False)

    assert ended.returncode == 2
    assert ended.stderr.decode() == "build-doctor: the current folder is not there any more\n"
