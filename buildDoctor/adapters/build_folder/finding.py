"""The build folders of a source tree."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from buildDoctor.adapters.build_folder.files import MARKS

MOST_BUILD_FOLDERS = 16
"""Of one tree; what comes after them is not read."""
_DEPTH = 3
_MOST_FOLDERS = 2_000
# build/, build-release/, cmake-build-debug/, _skbuild/, and out/build/ of the presets that editors write.
_NAMED_SO = re.compile(r"_?(?:build|cmake-build|skbuild|out)[\w.-]*", re.IGNORECASE)


def is_build_folder(folder: Path) -> bool:
    """Whether a folder was configured by CMake, or written by torch's build helper."""
    return any((folder / name).is_file() for name in MARKS)


def build_folders(tree: Path) -> tuple[Path, ...]:
    """The build folders of a tree in a fixed order: the tree itself, and those in its folders that are named so.

    Links to folders are not followed, and nothing below a build folder is one.
    """
    found: list[Path] = []
    for folder in (tree, *_below(tree)):
        if is_build_folder(folder):
            found.append(folder)
        if len(found) >= MOST_BUILD_FOLDERS:
            break
    return tuple(found)


def _below(tree: Path) -> Iterator[Path]:
    looked = 0
    pending = [(entry, 1) for entry in reversed(_folders(tree)) if _NAMED_SO.fullmatch(entry.name)]
    while pending and looked < _MOST_FOLDERS:
        folder, depth = pending.pop()
        looked += 1
        yield folder
        if depth < _DEPTH and not is_build_folder(folder):
            pending.extend((inner, depth + 1) for inner in reversed(_folders(folder)))


def _folders(folder: Path) -> list[Path]:
    """The folders in a folder by name."""
    try:
        with os.scandir(folder) as entries:
            return sorted(Path(entry.path) for entry in entries if entry.is_dir(follow_symlinks=False))[:_MOST_FOLDERS]
    except OSError:
        return []
