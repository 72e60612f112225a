"""The files of a source tree, as far as a script may ask about them: bounded, and nothing outside the tree."""

from __future__ import annotations

import fnmatch
import itertools
import os
import posixpath
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from buildDoctor.adapters.setup_script.limits import LARGEST_FILE, MOST_FILES
from buildDoctor.adapters.setup_script.values import ROOT

T = TypeVar("T")


class TreeFiles:
    """One source tree.

    Args:
        tree: its folder.
        changed: texts that take the place of files, by path relative to the tree.
    """

    def __init__(self, tree: Path, changed: Mapping[str, str] | None = None) -> None:
        self._tree = tree.resolve()
        self._changed = dict(changed or {})
        self._listed: tuple[dict[str, bool], bool] | None = None
        self._known: dict[tuple[str, ...], Any] = {}

    def once(self, key: tuple[str, ...], make: Callable[[], T]) -> T:
        """What was made for a key, on the first way or on this one: the tree stays as it is meanwhile."""
        if key not in self._known:
            self._known[key] = make()
        found: T = self._known[key]
        return found

    def inside(self, path: str) -> str | None:
        """A path relative to the tree; nothing for one that leads out of it."""
        whole = posixpath.normpath(posixpath.join(str(ROOT), path))
        if whole == str(ROOT):
            return ""
        return whole[len(str(ROOT)) + 1 :] if whole.startswith(f"{ROOT}/") else None

    def text(self, name: str) -> str | None:
        """The text of a file of the tree; nothing when there is none or it is too large."""
        if name in self._changed:
            return self._changed[name]
        path = self._tree / name
        try:
            # A link that leads out of the tree is not followed.
            if not path.resolve().is_relative_to(self._tree) or not path.is_file():
                return None
            with path.open("rb") as stream:
                data = stream.read(LARGEST_FILE + 1)
        except OSError:
            return None
        return data.decode(errors="replace") if len(data) <= LARGEST_FILE else None

    def is_file(self, name: str) -> bool:
        """Whether the tree has a file of this name."""
        return name in self._changed or self._is(name, Path.is_file)

    def is_folder(self, name: str) -> bool:
        """Whether the tree has a folder of this name."""
        return self._is(name, Path.is_dir)

    def is_link(self, name: str) -> bool:
        """Whether the tree has a link of this name."""
        try:
            return (self._tree / name).is_symlink()
        except OSError:
            return False

    def names(self, folder: str) -> list[str] | None:
        """The names in a folder of the tree, sorted; nothing when there is no such folder."""
        if not self.is_folder(folder):
            return None
        try:
            return sorted(entry.name for entry in (self._tree / folder).iterdir())[:MOST_FILES]
        except OSError:
            return None

    def matching(self, pattern: str, *, recursive: bool) -> list[str]:
        """The files and folders that a glob pattern relative to the tree fits, sorted; like `glob.glob`."""
        return self.once(("glob", pattern, str(recursive)), lambda: self._matching(pattern, recursive=recursive))

    def _matching(self, pattern: str, *, recursive: bool) -> list[str]:
        parts = pattern.split("/")
        plain = "/".join(itertools.takewhile(lambda part: not set(part) & set("*?["), parts[:-1]))
        near = (name for name in self._all() if name.startswith(plain))
        return sorted(name for name in near if _fits(name.split("/"), parts, recursive=recursive))

    @property
    def is_whole(self) -> bool:
        """Whether the list of all files is complete."""
        self._all()
        return self._listed is not None and self._listed[1]

    def _all(self) -> dict[str, bool]:
        if self._listed is None:
            found: dict[str, bool] = {}
            for name, is_folder in self._walk():
                if len(found) >= MOST_FILES:
                    self._listed = found, False
                    return found
                found[name] = is_folder
            self._listed = found, True
        return self._listed[0]

    def _walk(self) -> Iterator[tuple[str, bool]]:
        for folder, folders, files in os.walk(self._tree):
            below = os.path.relpath(folder, self._tree)
            prefix = "" if below == "." else f"{below}/"
            folders.sort()
            yield from ((f"{prefix}{name}", True) for name in folders)
            yield from ((f"{prefix}{name}", False) for name in sorted(files))

    def _is(self, name: str, test: object) -> bool:
        path = self._tree / name
        try:
            return path.resolve().is_relative_to(self._tree) and bool(test(path))  # type: ignore[operator]  # a method of Path
        except OSError:
            return False


def _fits(name: list[str], parts: list[str], *, recursive: bool) -> bool:
    """Whether the parts of a path fit those of a pattern, `**` standing for any number of folders."""
    reached = {0}
    for part in parts:
        if part == "**" and recursive:
            # As the last part it also stands for files.
            reached = {at for start in reached for at in range(start, len(name) + 1)}
            continue
        reached = {at + 1 for at in reached if at < len(name) and _part_fits(name[at], part)}
        if not reached:
            return False
    return len(name) in reached


def _part_fits(name: str, pattern: str) -> bool:
    if name.startswith(".") and not pattern.startswith("."):
        return False
    return fnmatch.fnmatchcase(name, pattern)
