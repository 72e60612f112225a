"""Where a copied text goes: to the terminal's clipboard, or to a file when the terminal has none."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import platformdirs

_WITHOUT = frozenset({"linux", "dumb", "vt100", "vt220", "unknown", ""})
"""Kinds of terminals that do not take a clipboard from a program (OSC 52)."""


def takes_clipboard(environment: Mapping[str, str]) -> bool:
    """Whether the terminal is one that takes a clipboard from a program.

    A terminal cannot be asked reliably. BUILD_DOCTOR_CLIPBOARD=on or =off decides where this guess is wrong.
    """
    stated = environment.get("BUILD_DOCTOR_CLIPBOARD", "").lower()
    if stated in {"on", "off"}:
        return stated == "on"
    kind = environment.get("TERM", "")
    # GNU screen swallows the sequence; tmux names itself the same way and hands it on.
    swallowed = kind.startswith("screen") and "TMUX" not in environment
    return kind not in _WITHOUT and not swallowed and environment.get("TERM_PROGRAM") != "Apple_Terminal"


def write_copy(text: str, folder: Path | None = None) -> Path:
    """Write a copied text into the user's state folder, readable by the user alone.

    Raises:
        OSError: it cannot be written.
    """
    folder = folder or platformdirs.user_state_path("build-doctor")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / "copied.txt"
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as stream:
        stream.write(text)
    return path


def short(path: Path) -> str:
    """A path with the home folder written as `~`."""
    home = Path.home()
    return f"~/{path.relative_to(home)}" if path.is_relative_to(home) else str(path)
