"""The build scripts of a tree, and the refusal of those that reach for what the replay keeps from them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

_LARGEST_SCRIPT = 4 * 1024 * 1024
_MOST_SCRIPTS = 5_000
_SKIPPED = frozenset({".git", ".deps", "node_modules", "__pycache__", ".venv"})
# `_file(` and `_include(` are the names under which CMake keeps the commands that the replay replaces.
_FORBIDDEN = re.compile(r"^[^#\n]*?\b(_+(?:file|include)\s*\(|cmake_language\s*\(\s*(?:EVAL|DEFER|CALL\s+[\"$_]))", re.I | re.M)


def scripts_of(tree: Path) -> Iterator[Path]:
    """Every CMake script of a tree, in a fixed order, without following links out of it."""
    found = 0
    pending = [tree]
    while pending:
        folder = pending.pop()
        try:
            entries = sorted(folder.iterdir())
        except OSError:
            continue
        for entry in entries:
            if entry.is_symlink():
                continue
            if entry.is_dir():
                if entry.name not in _SKIPPED:
                    pending.append(entry)
            elif entry.name == "CMakeLists.txt" or entry.suffix == ".cmake":
                found += 1
                if found > _MOST_SCRIPTS:
                    return
                yield entry


def refusal(tree: Path) -> str | None:
    """Why the scripts of a tree are not run, with file and line; `None` when nothing speaks against it."""
    for script in scripts_of(tree):
        text = text_of(script)
        found = _FORBIDDEN.search(text)
        if found:
            line = text.count("\n", 0, found.start(1)) + 1
            return (
                f"{script.relative_to(tree)}:{line} calls {found[1].split('(')[0].strip()}, which could reach outside "
                "the replay; the tree is not run. Remove the call on a copy to examine the rest"
            )
    return None


def text_of(script: Path) -> str:
    """The text of a script; empty when it cannot be read or is too large to be one."""
    try:
        if script.stat().st_size > _LARGEST_SCRIPT:
            return ""
        return script.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
