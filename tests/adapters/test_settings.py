"""The settings of a project on disk: which file counts, and where its mistakes are."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from buildDoctor.adapters.settings import LoadedSettings, load_settings


def load(folder: Path, text: str | bytes, name: str = "build-doctor.toml") -> LoadedSettings:
    (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return load_settings(folder)


def problems(loaded: LoadedSettings, folder: Path) -> list[str]:
    return [str(problem).removeprefix(f"{folder}/") for problem in loaded.problems]


def test_a_project_without_settings_has_none(tmp_path: Path) -> None:
    assert load_settings(tmp_path) == LoadedSettings()


@pytest.mark.parametrize(
    ("name", "head"), [("build-doctor.toml", ""), ("pyproject.toml", "[tool.build-doctor]\n")], ids=["own", "shared"]
)
def test_both_files_say_the_same(tmp_path: Path, name: str, head: str) -> None:
    loaded = load(tmp_path, f'{head}ignore = ["plan"]\n', name)

    assert loaded.problems == ()
    assert [(one.name, one.place) for one in loaded.settings.ignore] == [("plan", f"{name}:{1 + bool(head)}")]


def test_the_file_of_its_own_wins(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.build-doctor]\nignore = ["torch"]\n')

    assert [one.name for one in load(tmp_path, 'ignore = ["plan"]').settings.ignore] == ["plan"]


def test_a_day_may_be_written_as_a_day_or_as_text(tmp_path: Path) -> None:
    text = '[[suppress]]\nrule = "a"\nreason = "b"\nuntil = {}\n'

    assert load(tmp_path, text.format("2026-12-31")) == load(tmp_path, text.format('"2026-12-31"'))
    assert problems(load(tmp_path, text.format("2026-12-31T10:00:00")), tmp_path) == [
        "build-doctor.toml:4:1: expected text, found a date or time"
    ]


def test_a_pyproject_of_others_is_nobodys_business(tmp_path: Path) -> None:
    """It may even be broken."""
    assert load(tmp_path, "[tool.other\n", "pyproject.toml") == LoadedSettings()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param('ignore = ["a"\n', "2:1: it is not TOML: Unclosed array", id="not TOML"),
        pytest.param(b"a = '\xff'", "1:6: it is not UTF-8: byte 0xff has no place here", id="not text"),
        pytest.param("# " + "x" * 1_000_001, " it has more than 1,000,000 bytes; a rule needs far fewer", id="huge"),
        pytest.param("suppress = [3]", "1:13: expected a table, found a whole number", id="a number for a table"),
    ],
)
def test_hostile_settings_are_problems(tmp_path: Path, text: str | bytes, expected: str) -> None:
    (problem,) = problems(load(tmp_path, text), tmp_path)

    assert problem.startswith(f"build-doctor.toml:{expected}") or (
        expected.startswith("1:1: 'x'") and "nested" in problem
    )


def test_a_table_that_is_none_is_a_problem(tmp_path: Path) -> None:
    assert problems(load(tmp_path, "[tool]\nbuild-doctor = 3\n", "pyproject.toml"), tmp_path) == [
        "pyproject.toml:2:1: expected a table, found a whole number"
    ]


def test_a_circle_of_links_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "build-doctor.toml").symlink_to("build-doctor.toml")

    (problem,) = load_settings(tmp_path).problems

    assert "cannot be read" in problem.message


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "build-doctor.toml")

    (problem,) = load_settings(tmp_path).problems

    assert problem.message == "it is not a regular file"
