"""One examination written to several places, each in its own form."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from buildDoctor.core.errors import RequestError
from buildDoctor.faces.cli.destinations import Destination, destinations

Run = Callable[..., Any]
ROOT = Path(__file__).parents[3]
FORMS = {
    "report.json": "json",
    "report.sarif": "sarif",
    "report.xml": "junit",
    "report.md": "markdown",
    "report.txt": "text",
}


def said(*words: str) -> tuple[tuple[str, str], ...]:
    """`json`, `form=sarif`, and files."""
    pairs = []
    for word in words:
        _name, equals, value = word.partition("=")
        pairs.append(("format", value) if equals else ("json", "") if word == "json" else ("output", word))
    return tuple(pairs)


TOLD = {
    "nothing": ([], [("text", None)]),
    "a form alone": (["form=sarif"], [("sarif", None)]),
    "an ending": (["a.json"], [("json", "a.json")]),
    "an ending in capitals": (["A.SARIF"], [("sarif", "A.SARIF")]),
    "two endings": (["a.sarif.json"], [("sarif", "a.sarif.json")]),
    "no ending, alone": (["a"], [("text", "a")]),
    "a form before its file": (["form=sarif", "a.json"], [("sarif", "a.json")]),
    "a form behind its only file": (["a", "form=sarif"], [("sarif", "a")]),
    "the same form twice": (["json", "a.json", "json"], [("json", "a.json")]),
    "several files by their endings": (["a.json", "b.xml"], [("json", "a.json"), ("junit", "b.xml")]),
    "a form of one file among several": (["a.json", "form=sarif", "b"], [("json", "a.json"), ("sarif", "b")]),
    "standard output beside a file": (["a.json", "-"], [("json", "a.json"), ("text", None)]),
    "a form of standard output": (["a.json", "form=github", "-"], [("json", "a.json"), ("github", None)]),
}


@pytest.mark.parametrize(("words", "expected"), [pytest.param(*case, id=name) for name, case in TOLD.items()])
def test_the_form_of_a_place_is_the_one_before_it_else_that_of_its_ending(
    words: list[str], expected: list[tuple[str, str | None]]
) -> None:
    assert destinations(said(*words)) == tuple(Destination(form, file) for form, file in expected)


WRONG = {
    "an ending that says no form": (["a.json", "b.zip"], "--output b.zip: its ending says no form"),
    "no ending beside another file": (["a.json", "b"], "--output b: its ending says no form"),
    "two forms for one file": (["json", "form=sarif", "a"], "--json and --format sarif contradict each other"),
    "two forms for standard output": (
        ["form=junit", "form=sarif"],
        "--format junit and --format sarif contradict each other",
    ),
    "two forms around a file": (["form=sarif", "a", "json"], "--json and --format sarif contradict each other"),
    "a form behind several files": (["a.json", "b.xml", "form=github"], "--format github stands behind every --output"),
    "a form against an ending": (["form=github", "a.sarif"], "--output a.sarif: its ending says sarif"),
}


@pytest.mark.parametrize(("words", "sentence"), [pytest.param(*case, id=name) for name, case in WRONG.items()])
def test_what_cannot_be_meant_is_refused(words: list[str], sentence: str) -> None:
    with pytest.raises(RequestError) as caught:
        destinations(said(*words))

    assert str(caught.value).startswith(sentence)


def test_each_file_is_what_a_run_of_its_own_gives_byte_for_byte(run: Run, folder: Path) -> None:
    together = run(
        "demo", *(word for name in FORMS for word in ("--output", name)), "--format", "github", "--output", "-"
    )

    assert (together.code, together.errors) == (1, "")
    assert together.output == run("demo", "--format", "github").output
    for name, form in FORMS.items():
        run("demo", "--format", form, "--output", f"alone-{form}")
        assert (folder / name).read_bytes() == (folder / f"alone-{form}").read_bytes() != b""


def test_a_contract_is_written_to_several_places_too(run: Run, folder: Path, demo: Path) -> None:
    run("check", "--init", demo / "_C.abi3.so", "--output", "build-doctor.toml")

    ended = run("check", demo / "_C.abi3.so", "--output", "a.json", "--output", "a.xml", "--output", "-")

    assert ended.code == 0
    assert ended.output == run("check", demo / "_C.abi3.so").output != ""
    for name, form in (("a.json", "json"), ("a.xml", "junit")):
        assert (folder / name).read_text(encoding="utf-8") == run("check", demo / "_C.abi3.so", "--format", form).output


def test_several_files_and_nothing_else_leave_standard_output_empty(run: Run) -> None:
    """As one file does: a file is in place of standard output."""
    assert run("demo", "--output", "a.json", "--output", "a.xml").output == ""


def _unexamined(folder: Path) -> tuple[str, ...]:
    """The words that examine a file, which is made."""
    (folder / "good.so").write_bytes((ROOT / "buildDoctor/demo/_C.abi3.so").read_bytes())
    return ("good.so", "--gpu", "12.0")


REFUSED = {
    "a folder that is not there": ("nothere/b.sarif", "the report cannot be written: No such file or directory"),
    "a folder": ("taken.sarif", "the report cannot be written: Is a directory"),
    "the same file": ("a.json", "this is the same file as --output a.json"),
    "the same file by another way": ("./taken.sarif/../a.json", "this is the same file as --output a.json"),
    "a link to the same file": ("link.json", "this is the same file as --output a.json"),
    "what is examined": ("good.so", "this run reads that file; name another one"),
}


@pytest.mark.parametrize(("second", "sentence"), [pytest.param(*case, id=name) for name, case in REFUSED.items()])
def test_a_place_that_takes_nothing_is_told_before_anything_is_examined(
    second: str, sentence: str, run: Run, folder: Path
) -> None:
    """The first file holds the answer to the wrong request, and what is examined is as it was."""
    words = _unexamined(folder)
    (folder / "taken.sarif").mkdir()
    (folder / "link.json").symlink_to("a.json")
    before = (folder / "good.so").read_bytes()

    ended = run(*words, "--output", "a.json", "--format", "sarif", "--output", second)

    assert (ended.code, ended.output) == (2, "")
    assert ended.errors == f"build-doctor: --output {second}: {sentence}\n"
    assert (folder / "good.so").read_bytes() == before
    if not sentence.startswith("this is the same file"):
        assert json.loads((folder / "a.json").read_text(encoding="utf-8"))["error"]["kind"] == "request"


def test_a_refused_request_never_answers_into_a_file_that_it_reads(run: Run, folder: Path) -> None:
    """A report that is named as target and as output stays, whatever else is wrong."""
    run("demo", "--output", "report.json")
    before = (folder / "report.json").read_bytes()

    for words in (["--gpu", "bad"], ["--unknown"], []):
        assert run("report.json", "--json", "--output", "report.json", *words).code == 2
        assert run("demo", "--baseline=report.json", "--output=report.json", *words).code == 2
    assert (folder / "report.json").read_bytes() == before


def test_a_second_place_that_fails_takes_nothing_from_the_others(run: Run, folder: Path) -> None:
    """A disk that is full only when the report is written."""
    ended = run(
        "demo", "--output", "a.json", "--format", "sarif", "--output", "/dev/full", "--output", "b.xml", "--output", "-"
    )

    assert ended.code == 2
    assert ended.errors == "build-doctor: --output /dev/full: the report cannot be written: No space left on device\n"
    assert json.loads((folder / "a.json").read_text(encoding="utf-8"))["findings"]
    assert (folder / "b.xml").read_text(encoding="utf-8").endswith("</testsuites>\n")
    assert "CUDA_SUPPORTED_ARCHS" in ended.output


def test_standard_output_that_fails_takes_nothing_from_the_files(folder: Path) -> None:
    script = f"{sys.executable} -m buildDoctor demo --output a.json --json --output - > /dev/full"
    ended = subprocess.run(
        ["sh", "-c", script], cwd=folder, capture_output=True, text=True, check=False,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "HOME": "/"},
    )  # fmt: skip

    assert ended.returncode == 2
    assert ended.stderr == "build-doctor: standard output cannot be written: No space left on device\n"
    assert json.loads((folder / "a.json").read_text(encoding="utf-8"))["findings"]


def test_a_reader_that_has_left_takes_nothing_from_the_files(folder: Path) -> None:
    """Files are written first, wherever standard output stands among them."""
    script = f"{sys.executable} -m buildDoctor demo --output - --output a.json; echo $? > code"
    with subprocess.Popen(
        ["sh", "-c", script], cwd=folder, stdout=subprocess.PIPE,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "HOME": "/"},
    ) as process:  # fmt: skip
        assert process.stdout is not None
        process.stdout.close()

    assert (folder / "code").read_text(encoding="utf-8") == "141\n"
    assert json.loads((folder / "a.json").read_text(encoding="utf-8"))["findings"]


def _mounted(folder: Path, script: str) -> subprocess.CompletedProcess[str]:
    """Run a script where `small` is a file system of one page; skip where this user may not mount one."""
    mounting = f"mount -t tmpfs -o size=4096 tmpfs {folder}/small && cd {folder} && {script}"
    if shutil.which("unshare") is None:
        pytest.skip("unshare is not installed")
    if subprocess.run(["unshare", "-rm", "true"], capture_output=True, check=False).returncode:
        pytest.skip("this user may make no name space for mounts")
    (folder / "small").mkdir()
    return subprocess.run(
        ["unshare", "-rm", "sh", "-c", mounting], capture_output=True, text=True, check=False,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "HOME": "/"},
    )  # fmt: skip


def test_a_disk_that_is_full_already_is_told_before_anything_is_examined(folder: Path) -> None:
    filled = f"head -c 4096 /dev/zero > small/all; {sys.executable} -m buildDoctor nothere.so --output small/a.json"

    ended = _mounted(folder, filled)

    assert (
        ended.stderr == "build-doctor: --output small/a.json: the report cannot be written: No space left on device\n"
    )


def test_a_read_only_file_system_is_told_before_anything_is_examined(folder: Path) -> None:
    """Root may write into every folder but into none of these."""
    ended = _mounted(
        folder, f"mount -o remount,ro small && {sys.executable} -m buildDoctor nothere.so --output small/a.json"
    )

    assert ended.stderr == "build-doctor: --output small/a.json: the report cannot be written: Read-only file system\n"


def test_half_a_document_is_taken_away_again(folder: Path) -> None:
    """A disk with room for the first page of a report; a script must not take that for the whole."""
    ended = _mounted(folder, f"{sys.executable} -m buildDoctor demo --output small/a.json --output b.sarif; ls small")

    assert (
        ended.stderr == "build-doctor: --output small/a.json: the report cannot be written: No space left on device\n"
    )
    assert ended.stdout == ""
    assert json.loads((folder / "b.sarif").read_text(encoding="utf-8"))["runs"][0]["results"]
