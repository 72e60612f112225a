"""The shared objects of an environment's packages, found fast: a torch alone has ten thousand files."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

_MOST_FOLDERS = 50_000
_MOST_OBJECTS = 4_000
_LEAST_BYTES = 4_096
"""An ELF file with device code has more."""
_PASSED_OVER = frozenset({"nvidia", "__pycache__", "include", "tests", "node_modules"})
"""NVIDIA's own libraries fit the toolkit that they come with; the others hold no libraries."""


def shared_objects_of(folder: Path) -> Iterator[tuple[str, Path]]:
    """The shared objects below a site-packages folder in a fixed order, each with the name of what it lies in.

    Args:
        folder: the folder; links to other folders are not followed.
    """
    pending, folders, found = [("", str(folder))], 0, 0
    while pending and folders < _MOST_FOLDERS:
        top, current = pending.pop()
        folders += 1
        try:
            entries = sorted(os.scandir(current), key=lambda entry: entry.name)
        except OSError:
            continue
        below = []
        for entry in entries:
            name = entry.name
            if entry.is_dir(follow_symlinks=False):
                if name not in _PASSED_OVER and not name.endswith("-info"):
                    below.append((top or name, entry.path))
            elif (name.endswith(".so") or ".so." in name) and _is_large(entry):
                found += 1
                yield top or name, Path(entry.path)
                if found >= _MOST_OBJECTS:
                    return
        pending += reversed(below)


def module_of(folder: Path, path: Path) -> str:
    """The name by which Python imports a shared object; empty for one whose name is not that of a module.

    Args:
        folder: the site-packages folder.
        path: the shared object.
    """
    *parents, name = path.relative_to(folder).parts
    stem, *rest = name.split(".")
    words = [*parents, stem]
    is_module = rest in (["so"], ["abi3", "so"]) or (len(rest) == 2 and rest[0].startswith("cpython-"))
    return (
        ".".join(words)
        if is_module and all(word.isidentifier() for word in words) and not stem.startswith("lib")
        else ""
    )


def _is_large(entry: os.DirEntry[str]) -> bool:
    try:
        return not entry.is_symlink() and entry.stat().st_size >= _LEAST_BYTES
    except OSError:
        return False
