"""A copy of a tree in which one script differs: everything else is a link to the original."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def overlay(tree: Path, changed: Mapping[str, str]) -> Iterator[Path]:
    """A temporary folder that reads like the tree with some files replaced.

    Args:
        tree: the original; nothing in it is written.
        changed: new texts by path relative to the tree.
    """
    with tempfile.TemporaryDirectory(prefix="build-doctor-") as name:
        copy = Path(name).resolve() / tree.name
        copy.mkdir()
        _link_all(tree, copy)
        for path, text in changed.items():
            _unlink_parents(tree, copy, Path(path))
            target = copy / path
            target.unlink(missing_ok=True)
            target.write_text(text, encoding="utf-8")
        yield copy


def _link_all(original: Path, copy: Path) -> None:
    for entry in original.iterdir():
        (copy / entry.name).symlink_to(entry)


def _unlink_parents(tree: Path, copy: Path, path: Path) -> None:
    """Turn the links to the folders above a file into folders of links."""
    for depth in range(1, len(path.parts)):
        folder = Path(*path.parts[:depth])
        if (copy / folder).is_symlink():
            (copy / folder).unlink()
            (copy / folder).mkdir()
            _link_all(tree / folder, copy / folder)
