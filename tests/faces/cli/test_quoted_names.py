"""Where build-doctor names a command, the names in it are quoted for a shell."""

from __future__ import annotations

import re
import shlex
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
LOG = "RuntimeError: CUDA error: no kernel image is available for execution on the device\n"
NAMED = {
    "a log beside targets": (["explain", "my log!.txt"], ["build-doctor", "--log", "my log!.txt", "TARGET"]),
    "a log beside an environment": (
        ["explain", "my log!.txt"],
        ["build-doctor", "--log", "my log!.txt", "--gpu", "CAPABILITIES", "--python", "EXE"],
    ),
    "a wheel without the file": (
        ["inspect", "my dist/a b.whl!none.so"],
        ["build-doctor", "inspect", "my dist/a b.whl"],
    ),
    "a saved report": (["inspect", "my report!.json"], ["build-doctor", "my report!.json"]),
    "a tree that is not replayed": (["--static", "my tree!"], ["build-doctor", "plan", "my tree!"]),
    "a rule that is written": (
        ["rules", "new", "old-torch", "--about", "torch", "--output", "my rules!"],
        ["build-doctor", "rules", "test", "my rules!/old-torch.toml"],
    ),
    "a command in a wrong place": (
        ["--gpu", "my gpu!", "inspect", "x"],
        ["build-doctor", "inspect", "--gpu", "my gpu!", "x"],
    ),
}
"""What is typed, and the command that is named."""


@pytest.mark.parametrize(("typed", "named"), [pytest.param(*case, id=name) for name, case in NAMED.items()])
def test_a_command_that_is_named_can_be_pasted(typed: list[str], named: list[str], run: Run, folder: Path) -> None:
    (folder / "my log!.txt").write_text(LOG, encoding="utf-8")
    (folder / "my report!.json").write_text("{}", encoding="utf-8")
    for name in ("my dist", "my tree!", "my rules!"):
        (folder / name).mkdir()
    (folder / "my tree!" / "CMakeLists.txt").write_text("project(a)\n", encoding="utf-8")
    with zipfile.ZipFile(folder / "my dist" / "a b.whl", "w") as wheel:
        wheel.writestr("a.py", "")

    ended = run(*typed)

    said = re.sub(r"\s+", " ", ended.output + ended.errors)
    assert shlex.join(named) in said
