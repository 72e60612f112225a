"""The completions and the manual page are those of the parsers, and work where their programs are."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from buildDoctor.faces.cli.arguments import COMMANDS, parser_for
from buildDoctor.faces.cli.help_page import SUMMARIES, page

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "docs" / "shell"


def generator() -> Any:
    spec = importlib.util.spec_from_file_location("make_shell_pages", ROOT / "docs" / "make_shell_pages.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    # Its dataclasses look their module up.
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_the_pages_are_current() -> None:
    """`python docs/make_shell_pages.py` would change nothing."""
    assert [
        name for name, make in generator().PAGES.items() if (FOLDER / name).read_text(encoding="utf-8") != make()
    ] == []


def test_help_fits_a_screen_and_names_every_command() -> None:
    lines = page().splitlines()

    assert len(lines) <= 24
    assert max(map(len, lines)) <= 80
    assert set(SUMMARIES) == set(COMMANDS)


@pytest.mark.parametrize("command", ["examine", *COMMANDS])
def test_the_help_of_a_command_fits_eighty_columns(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")

    assert max(map(len, parser_for(command).format_help().splitlines())) <= 80


@pytest.mark.parametrize(
    ("words", "offered", "not_offered"),
    [
        ([""], {"demo", "plan", "rules"}, set()),
        (["pl"], {"plan"}, {"demo"}),
        (["plan", "--st"], {"--steps", "--static"}, {"--kernels"}),
        (["demo", "--format", ""], {"json", "sarif", "junit", "github"}, {"demo"}),
        (["rules", ""], {"new", "try"}, {"demo"}),
        (["rules", "new", "--sev"], {"--severity"}, set()),
        (["rules", "new", "--severity", "w"], {"warning"}, {"error"}),
        (["inspect", "a f"], {"a file.so"}, set()),
        (["--gpu", "12"], set(), {"demo"}),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_bash_completes(words: list[str], offered: set[str], not_offered: set[str], tmp_path: Path) -> None:
    (tmp_path / "a file.so").touch()
    quoted = " ".join(f"'{word}'" for word in ["build-doctor", *words])
    script = f"source {FOLDER}/build-doctor.bash; COMP_WORDS=({quoted}); COMP_CWORD={len(words)}; _build_doctor; printf '%s\\n' \"${{COMPREPLY[@]}}\""
    ended = subprocess.run(["bash", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True)

    answers = set(ended.stdout.splitlines())
    assert offered <= answers
    assert not not_offered & answers
    assert ended.stderr == ""


@pytest.mark.parametrize(("shell", "file"), [("zsh", "_build-doctor"), ("fish", "build-doctor.fish")])
def test_another_shell_can_read_its_completion(shell: str, file: str) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")

    assert subprocess.run([shell, "-n", FOLDER / file], capture_output=True, check=False).stderr == b""


@pytest.mark.skipif(shutil.which("groff") is None, reason="groff is not installed")
def test_the_manual_page_is_without_a_warning() -> None:
    ended = subprocess.run(
        ["groff", "-man", "-Tutf8", "-ww", FOLDER / "build-doctor.1"], capture_output=True, text=True, check=False
    )

    assert ended.stderr == ""
    assert "EXIT STATUS" in re.sub(".\b", "", ended.stdout)


@pytest.mark.skipif(shutil.which("mandoc") is None, reason="mandoc is not installed")
def test_another_reader_of_manual_pages_has_nothing_to_say() -> None:
    """But for the day of a version that is not released."""
    ended = subprocess.run(
        ["mandoc", "-T", "lint", FOLDER / "build-doctor.1"], capture_output=True, text=True, check=False
    )

    assert [line for line in ended.stdout.splitlines() if 'missing date, using ""' not in line] == []


@pytest.mark.skipif(shutil.which("man") is None, reason="man is not installed")
def test_man_shows_the_page_without_a_warning() -> None:
    ended = subprocess.run(
        ["man", "--warnings", "--local-file", FOLDER / "build-doctor.1"],
        capture_output=True, text=True, check=False, env={**os.environ, "MANWIDTH": "80", "LANG": "C.UTF-8"},
    )  # fmt: skip

    assert ended.stderr == ""
    assert max(map(len, ended.stdout.splitlines())) <= 80
