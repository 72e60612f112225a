"""The direction of imports, held statically and in a fresh interpreter."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def modules_after(*arguments: str) -> set[str]:
    """The modules that are loaded after the tool has run with these arguments in a fresh interpreter."""
    script = (
        "import sys\n"
        "from buildDoctor.__main__ import main\n"
        "try:\n"
        "    code = main(sys.argv[1:])\n"
        "finally:\n"
        "    print('\\n'.join(sys.modules), file=sys.stderr)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script, *arguments], capture_output=True, text=True, check=True, timeout=60, cwd=ROOT
    )
    return set(ended.stderr.split())


def test_imports_keep_to_the_contracts() -> None:
    """Layers, the pure core, separate adapters, one home for Textual and one for subprocess: as pyproject.toml says."""
    ended = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )

    assert ended.returncode == 0, ended.stdout


def test_the_core_takes_records_from_msgspec_and_nothing_that_reads_or_writes() -> None:
    wanted = {"msgspec": {"Struct", "field"}, "msgspec.structs": {"fields", "replace"}}

    taken = [
        (source.name, node.module, alias.name)
        for source in sorted((ROOT / "buildDoctor/core").rglob("*.py"))
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("msgspec")
        for alias in node.names
    ]
    whole = [
        source.name
        for source in sorted((ROOT / "buildDoctor/core").rglob("*.py"))
        if "import msgspec" in source.read_text(encoding="utf-8")
    ]

    assert taken
    assert [one for one in taken if one[2] not in wanted.get(one[1] or "", ())] == []
    assert whole == []


@pytest.mark.parametrize(
    "arguments", [("demo", "--json"), ("demo", "--format", "text"), ("plan", "buildDoctor/demo", "--gpu", "12.0", "--cuda", "12.9")],
    ids=["json", "text", "plan"],
)  # fmt: skip
def test_no_other_face_imports_textual(arguments: tuple[str, ...]) -> None:
    loaded = modules_after(*arguments)

    assert "buildDoctor.faces.cli.main" in loaded
    assert not {name for name in loaded if name.split(".")[0] in {"textual", "rich"}}


def test_the_version_imports_next_to_nothing() -> None:
    loaded = modules_after("--version")

    assert not loaded & {"argparse", "msgspec", "elftools", "tomli", "dataclasses", "textual", "buildDoctor.core"}


def test_the_current_folder_gives_no_module_and_no_program(tmp_path: Path) -> None:
    """`python -m` searches the current folder first; a tree with a folder cmake would bring a cmake of its own."""
    program = tmp_path / "cmake/data/bin/cmake"
    program.parent.mkdir(parents=True)
    (tmp_path / "cmake/__init__.py").write_text("", encoding="utf-8")
    program.write_text(f"#!/bin/sh\ntouch {tmp_path}/started\n", encoding="utf-8")
    program.chmod(0o755)
    (tmp_path / "msgspec.py").write_text(f"open({str(tmp_path / 'imported')!r}, 'w')\n", encoding="utf-8")
    (tmp_path / "CMakeLists.txt").write_text("project(a)\n", encoding="utf-8")

    subprocess.run(
        [sys.executable, "-m", "buildDoctor", "plan", "--json", "--gpu", "12.0", "--cuda", "12.9"],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False, capture_output=True,
    )  # fmt: skip

    assert not (tmp_path / "started").exists()
    assert not (tmp_path / "imported").exists()


def test_no_module_is_longer_than_a_reader_can_hold() -> None:
    """500 lines at most, tests and scripts included; functions are bounded by ruff."""
    sizes = {
        str(source.relative_to(ROOT)): len(source.read_text(encoding="utf-8").splitlines())
        for folder in ("buildDoctor", "tests", "docs", "benchmarks", "screenshots")
        for source in (ROOT / folder).rglob("*.py")
    }

    assert len(sizes) > 500
    assert {name: size for name, size in sizes.items() if size > 500} == {}
