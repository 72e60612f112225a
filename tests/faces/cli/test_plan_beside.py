from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

FOLDERS = Path(__file__).parents[2] / "adapters" / "build_folder"


def test_plan_tells_what_a_build_folder_compiles_otherwise(run: Callable[..., Any], folder: Path) -> None:
    """A folder that was configured for 9.0 and 12.0, beside a plan for 8.0."""
    tree = folder / "small"
    shutil.copytree(FOLDERS / "small", tree)
    shutil.copytree(FOLDERS / "recorded" / "make", tree / "build")
    # The folder was recorded in another place.
    for path in (tree / "build").rglob("*"):
        if path.is_file():
            path.write_text(path.read_text().replace("/src/small", str(tree)))

    ended = run("plan", "small", "--cuda", "12.9", "--arch-list", "8.0")

    assert ended.code == 0, ended.errors
    assert "\nbuild folder build, configured with CUDA " in ended.output
    assert "  csrc/plain.cu: planned for 8.0, compiled for 9.0+PTX 12.0+PTX\n" in ended.output


def test_plan_of_a_tree_without_build_folders_says_nothing_of_them(run: Callable[..., Any], folder: Path) -> None:
    """What is not there takes no line."""
    shutil.copytree(FOLDERS / "small", folder / "small")

    assert "build folder" not in run("plan", "small", "--cuda", "12.9", "--arch-list", "8.0").output
