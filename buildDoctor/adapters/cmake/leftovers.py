"""What an earlier configuration has left in a tree: its build folder, and what it has fetched."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

_CACHE = "CMakeCache.txt"
_PLACES = ("build", "build/*", "cmake-build-*", "out/build/*", "_skbuild/*/cmake-build")
_FETCHED_IN_TREE = ".deps"
_FETCHED_IN_BUILD = "_deps"
_MOST = 50


def build_folder(tree: Path) -> Path | None:
    """The newest folder in a tree in which CMake was run."""
    found = [folder for place in _PLACES for folder in _some(tree, place) if (folder / _CACHE).is_file()]
    return max(found, key=lambda folder: ((folder / _CACHE).stat().st_mtime_ns, str(folder)), default=None)


def fetched_folders(tree: Path, built: Path | None) -> tuple[Path, ...]:
    """The folders in a tree that hold what was fetched."""
    places = (tree / _FETCHED_IN_TREE, *((built / _FETCHED_IN_BUILD,) if built else ()))
    return tuple(place for place in places if place.is_dir())


def _some(tree: Path, place: str) -> Iterator[Path]:
    """Folders below a tree by a pattern, up to a bound; a link leads out of it and is none."""
    for number, folder in enumerate(sorted(tree.glob(place))):
        if number >= _MOST:
            return
        if folder.is_dir() and not folder.is_symlink():
            yield folder
