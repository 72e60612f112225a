"""Libraries that lie in an environment where the loader does not look: packages open some of theirs by themselves."""

from __future__ import annotations

from msgspec import Struct

from buildDoctor.adapters.loader.tree import Tree

DEEPEST = 5
"""Folders further down are not looked into."""
MOST_FOLDERS = 30_000
MOST_FILES = 5


class Elsewhere(Struct):
    """The libraries below the folder of the packages, by name; looked for when one is first missed."""

    tree: Tree
    packages: str | None
    _by_name: dict[str, list[str]] | None = None

    def files(self, name: str) -> tuple[str, ...]:
        """The files of a name."""
        if self._by_name is None:
            self._by_name = self._walked()
        return tuple(self._by_name.get(name, ())[:MOST_FILES])

    def _walked(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        waiting = [(self.packages, 0)] if self.packages else []
        # The list grows while it is walked: folders come breadth first, and the nearest file of a name stands first.
        for folder, depth in waiting:
            for name in self.tree.names(folder):
                path = f"{folder}/{name}"
                if ".so" in name:
                    found.setdefault(name, []).append(path)
                elif _may_hold(name) and depth < DEEPEST and len(waiting) < MOST_FOLDERS and self.tree.is_folder(path):
                    waiting.append((path, depth + 1))
        return found


def _may_hold(name: str) -> bool:
    """Whether a folder of this name may hold libraries; most other names are those of modules."""
    return not name.endswith((".py", ".pyc", ".pyi", ".dist-info", ".egg-info", ".h", ".txt", ".json")) and name not in {
        "__pycache__", "include", "tests", "test",
    }  # fmt: skip
