"""Files as a process would see them whose root folder is some folder of this machine."""

from __future__ import annotations

import os
import posixpath
import stat
from dataclasses import dataclass, field
from pathlib import Path

MOST_LINKS = 40
"""Links on the way to one file after so many are not followed, as the kernel does."""
LONGEST_PATH = 4096


@dataclass(frozen=True, slots=True)
class Tree:
    """A file system beneath a folder; its paths are absolute and begin at that folder.

    A link in the tree is followed as it would be if the folder were the root, so that no path leads out of it.
    """

    root: str = "/"
    _real: dict[str, str | None] = field(default_factory=dict, repr=False, compare=False)

    def real(self, path: str) -> str | None:
        """The path of this machine for a path of the tree; none when there is nothing, or the links go round."""
        if path not in self._real:
            self._real[path] = self._followed(path) if len(path) <= LONGEST_PATH and path.startswith("/") else None
        return self._real[path]

    def _followed(self, path: str) -> str | None:
        if self.root == "/":
            try:
                return os.path.realpath(path, strict=True)
            except (OSError, ValueError):
                return None
        left = [part for part in path.split("/") if part not in {"", "."}][::-1]
        at: list[str] = []
        links = 0
        while left:
            part = left.pop()
            if part == "..":
                at = at[:-1]
                continue
            here = "/".join((self.root, *at, part))
            try:
                target = str(Path(here).readlink()) if stat.S_ISLNK(os.lstat(here).st_mode) else None
            except (OSError, ValueError):
                return None
            if target is None:
                at.append(part)
                continue
            links += 1
            if links > MOST_LINKS:
                return None
            at = [] if target.startswith("/") else at
            left += [step for step in target.split("/") if step not in {"", "."}][::-1]
        return "/".join((self.root, *at)) if at else self.root

    def is_file(self, path: str) -> bool:
        """Whether a path of the tree is a regular file."""
        real = self.real(path)
        return real is not None and Path(real).is_file()

    def is_folder(self, path: str) -> bool:
        """Whether a path of the tree is a folder."""
        real = self.real(path)
        return real is not None and Path(real).is_dir()

    def names(self, folder: str, most: int = 10_000) -> tuple[str, ...]:
        """What a folder of the tree holds, in order; empty when it cannot be read."""
        real = self.real(folder)
        if real is None:
            return ()
        found: list[str] = []
        try:
            with os.scandir(real) as entries:
                for entry in entries:
                    found.append(entry.name)
                    if len(found) >= most:
                        break
        except OSError:
            return ()
        return tuple(sorted(found))

    def content(self, path: str, most: int) -> bytes | None:
        """The first bytes of a file; none when it cannot be read."""
        real = self.real(path)
        if real is None or not Path(real).is_file():
            return None
        try:
            with Path(real).open("rb") as stream:
                return stream.read(most)
        except OSError:
            return None

    def within(self, path: Path) -> str | None:
        """The tree's path for a path of this machine; none for one outside of it. No link is followed."""
        absolute = posixpath.normpath(path.absolute().as_posix())
        if self.root == "/":
            return absolute
        inside = absolute.removeprefix(self.root)
        return inside if inside != absolute and inside.startswith("/") else None
