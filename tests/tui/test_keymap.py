from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from buildDoctor.faces.tui.app import BuildDoctor
from buildDoctor.faces.tui.keymap import names, read_keymap


def test_keys_are_those_of_the_users_file(canned: Any, shown: Callable[[BuildDoctor], str], tmp_path: Path) -> None:
    """The key does it, and the line of keys shows it."""
    file = tmp_path / "keys.toml"
    file.write_text('patch = "x"\n"go.rules" = "f5"\n')
    app = BuildDoctor(canned.NVFP4, keys=file)

    async def drive() -> tuple[str, str, str]:
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.press("p", "x")
            await pilot.pause()
            text = shown(app)
            await pilot.press("f5")
            return app.clipboard, text, app.current_mode

    copied, text, mode = asyncio.run(drive())

    assert copied == canned.NVFP4.findings[0].fixes[1].patch
    assert "yYx copy" in text
    assert mode == "Rules"


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        pytest.param('pach = "x"', "keys.toml: no key is called pach; did you mean patch?", id="unknown"),
        pytest.param("patch = 1", "keys.toml: patch is no text", id="no-text"),
        pytest.param("patch =", "keys.toml: Invalid value", id="no-toml"),
    ],
)
def test_mistake_in_the_file_is_said_and_nothing_of_it_counts(tmp_path: Path, content: str, problem: str) -> None:
    """Half of a file would surprise more than none of it."""
    file = tmp_path / "keys.toml"
    file.write_text(content)

    keymap = read_keymap(file)

    assert keymap.problem.startswith(problem)
    assert keymap.keys == {}


def test_every_key_of_the_screens_has_a_name() -> None:
    """What is in the line of keys can be put on another key."""
    assert {"read", "copy", "patch", "go.flow", "apply", "sort", "undo", "again", "quit"} <= set(names())
