"""`diff`: files, wheels, folders and reports; text at 80 columns, the document, and the exit code."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from buildDoctor.faces.reports.json_v1 import schema

Run = Callable[..., Any]
BINARIES = Path(__file__).parents[2] / "adapters" / "binaries"
GOLDEN = Path(__file__).parent / "golden"

BEFORE = {"_C.abi3.so": "nvfp4.so", "_moe_C.abi3.so": "several.so", "old.so": "ptx.so", "same.so": "resources.so"}
AFTER = {
    "_C_stable_libtorch.abi3.so": "nvfp4.so",
    "_moe_C.abi3.so": "plain.so",
    "new.so": "guarded.so",
    "same.so": "resources.so",
}


def wheel(path: Path, files: dict[str, str]) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for name, source in files.items():
            archive.write(BINARIES / source, f"x/{name}")


@pytest.fixture
def builds(folder: Path) -> None:
    """Two builds, as folders and as wheels, and some files, in the current folder of the run."""
    for name, files in (("before", BEFORE), ("after", AFTER)):
        (folder / name).mkdir()
        for target, source in files.items():
            shutil.copy(BINARIES / source, folder / name / target)
        wheel(folder / f"x-{len(name)}-py3-none-any.whl", files)
    for name in ("plain.so", "suffixes.so", "several.so", "host/entry-one.so", "host/caller.so"):
        shutil.copy(BINARIES / name, folder / Path(name).name)


CASES = {
    "diff-folders": ["before", "after"],
    "diff-files": ["plain.so", "suffixes.so"],
    "diff-nothing": ["plain.so", "plain.so"],
}


@pytest.mark.usefixtures("builds")
@pytest.mark.parametrize(("name", "words"), [pytest.param(name, words, id=name) for name, words in CASES.items()])
def test_the_text_is_the_recorded_one_and_fits(name: str, words: list[str], run: Run) -> None:
    """To record it again, delete the file."""
    ended = run("diff", *words)
    path = GOLDEN / f"{name}.txt"
    if not path.exists():
        path.write_text(ended.output, encoding="utf-8")

    assert (ended.code, ended.errors) == (0, "")
    assert max(map(len, ended.output.splitlines())) <= 80
    assert ended.output == path.read_text(encoding="utf-8")


@pytest.mark.usefixtures("builds")
@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["plain.so", "plain.so"], 0),
        (["plain.so", "plain.so", "--fail-on", "loss"], 0),
        (["plain.so", "suffixes.so"], 0),
        (["plain.so", "suffixes.so", "--fail-on", "loss"], 1),
        (["suffixes.so", "plain.so", "--fail-on", "loss"], 1),
        (["plain.so", "suffixes.so", "--fail-on", "never"], 0),
        (["plain.so", "missing.so"], 2),
    ],
)
def test_only_a_loss_that_was_asked_about_ends_with_code_1(words: list[str], code: int, run: Run) -> None:
    """8.0 is gone in one direction, 10.0 in the other."""
    assert run("diff", *words).code == code


def document(run: Run, *words: str) -> dict[str, Any]:
    ended = run("diff", *words, "--json")
    found: dict[str, Any] = json.loads(ended.output)
    jsonschema.validate(found, schema())
    assert ended.errors == ""
    return found


@pytest.mark.usefixtures("builds")
def test_the_changes_stand_in_the_document(run: Run) -> None:
    found = document(run, "before", "after")
    changes = found["changes"]
    assert (changes["before"], changes["after"]) == ("before", "after")
    assert changes["losses"] == sum(file["is_loss"] for file in changes["files"])
    assert {(file["path_before"], file["path_after"]): file["change"] for file in changes["files"]} == {
        ("_C.abi3.so", "_C_stable_libtorch.abi3.so"): "renamed",
        ("_moe_C.abi3.so", "_moe_C.abi3.so"): "changed",
        ("", "new.so"): "gained",
        ("old.so", ""): "lost",
        ("same.so", "same.so"): "same",
    }


@pytest.mark.usefixtures("builds")
def test_wheels_and_folders_say_the_same(run: Run) -> None:
    """Files are matched by their paths within the build, whatever holds it."""
    folders = document(run, "before", "after")["changes"]["files"]
    wheels = document(run, "x-6-py3-none-any.whl", "x-5-py3-none-any.whl")["changes"]["files"]
    assert json.loads(json.dumps(wheels).replace('"x/', '"')) == folders


@pytest.mark.usefixtures("builds")
def test_a_saved_report_is_compared_like_the_files_it_was_made_of(run: Run, folder: Path) -> None:
    """With all kernels in it nothing differs; with those of known operations, only these are compared."""
    for name, words in (
        ("all.json", ["inspect", "before", "--kernels", "*"]),
        ("known.json", ["before", "--gpu", "12.0"]),
    ):
        (folder / name).write_text(run(*words, "--json").output, encoding="utf-8")

    whole = document(run, "all.json", "before")["changes"]["files"]
    known = document(run, "known.json", "before")["changes"]["files"]

    assert {(file["change"], file["kernels_compared"]) for file in whole} == {("same", "all")}
    assert {file["change"] for file in known} == {"same"}
    assert "known operations" in {file["kernels_compared"] for file in known}


@pytest.mark.usefixtures("builds")
def test_a_report_and_a_later_build_show_the_loss(run: Run, folder: Path) -> None:
    (folder / "all.json").write_text(run("inspect", "before", "--kernels", "*", "--json").output, encoding="utf-8")

    assert run("diff", "all.json", "after", "--fail-on", "loss").code == 1


@pytest.mark.usefixtures("builds")
def test_a_file_that_cannot_be_read_is_told(run: Run, folder: Path) -> None:
    (folder / "after" / "cut.so").write_bytes((BINARIES / "plain.so").read_bytes()[:4000])
    ended = run("diff", "before", "after")
    assert "cut.so is truncated" in ended.errors
    assert ended.code == 0


@pytest.mark.usefixtures("builds")
def test_the_same_builds_give_the_same_bytes(run: Run) -> None:
    assert run("diff", "before", "after", "--json").output == run("diff", "before", "after", "--json").output
