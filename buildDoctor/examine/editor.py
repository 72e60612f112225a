"""Opens a line of a file in the user's editor."""

from __future__ import annotations

from pathlib import Path, PurePath

from buildDoctor.adapters.commands import run_in_terminal

_TAKE_A_SUFFIX = frozenset({"code", "code-insiders", "codium", "cursor", "subl", "zed", "hx", "helix"})
"""Editors that take the line behind the file's name; others take `+LINE` before it."""


def editor_command(editor: list[str], path: Path, line: int) -> list[str]:
    """The command that opens a line.

    Args:
        editor: the user's editor with its own arguments.
        path: the file.
        line: the line, from 1.
    """
    name = PurePath(editor[0]).name
    if name in _TAKE_A_SUFFIX:
        goto = ["--goto"] if name.startswith(("code", "cursor")) else []
        return [*editor, *goto, f"{path}:{line}"]
    return [*editor, f"+{line}", str(path)]


def edit(editor: list[str], path: Path, line: int) -> str:
    """Run an editor on a line of a file until it ends; why it did not start, or nothing."""
    return run_in_terminal(editor_command(editor, path, line))
