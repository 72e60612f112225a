"""What the user points at: a shared object, a wheel, a tree, a folder, a package, a saved report."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from buildDoctor.core.errors import RequestError

_MOST_OBJECTS = 2_000
_MOST_FOLDERS = 50_000
_REPORT_SUFFIX = ".json"


class Kind(StrEnum):
    """What a target is."""

    BINARY = "shared object"
    WHEEL = "wheel"
    TREE = "source tree"
    FOLDER = "folder"
    REPORT = "saved report"


@dataclass(frozen=True, slots=True)
class Target:
    """One thing to examine."""

    kind: Kind
    path: Path
    given: str
    """As the user wrote it."""


def classify(given: str, packages: Sequence[Path]) -> Target:
    """What a target is.

    Args:
        given: a path, or the name of a package.
        packages: the site-packages folders in which a package is looked for.

    Raises:
        RequestError: there is no such file, folder or package.
    """
    path = Path(given)
    if path.is_dir():
        return Target(Kind.TREE if (path / "CMakeLists.txt").is_file() else Kind.FOLDER, path, given)
    if path.exists():
        return Target(_kind_of_file(path), path, given)
    for folder in packages:
        if given.isidentifier() and (folder / given).is_dir():
            return Target(Kind.FOLDER, folder / given, given)
    raise RequestError(f"{given}: there is no such file, folder or installed package{_nearest(path, packages)}")


def _kind_of_file(path: Path) -> Kind:
    if path.suffix == ".whl":
        return Kind.WHEEL
    return Kind.REPORT if path.suffix == _REPORT_SUFFIX else Kind.BINARY


def _nearest(path: Path, packages: Sequence[Path]) -> str:
    """The name beside it that was probably meant."""
    folders = [path.parent, *packages]
    names = {entry.name for folder in folders if folder.is_dir() for entry in folder.iterdir()}
    close = difflib.get_close_matches(path.name, sorted(names), n=1)
    return f"; did you mean {close[0]}?" if close else ""


def shared_objects(folder: Path) -> Iterator[Path]:
    """The shared objects below a folder, in a fixed order, each file once; links to folders are not followed."""
    pending, folders, found = [folder], 0, 0
    seen: set[tuple[int, int]] = set()
    while pending and folders < _MOST_FOLDERS:
        current = pending.pop()
        folders += 1
        try:
            entries = sorted(current.iterdir(), reverse=True)
        except OSError:
            continue
        for entry in reversed(entries):
            if entry.is_dir() and not entry.is_symlink():
                pending.append(entry)
            elif (entry.suffix == ".so" or ".so." in entry.name) and entry.is_file():
                stat = entry.stat()
                if (stat.st_dev, stat.st_ino) in seen:
                    continue
                seen.add((stat.st_dev, stat.st_ino))
                found += 1
                if found > _MOST_OBJECTS:
                    return
                yield entry


def package_of(path: Path, folder: Path) -> str:
    """The package that a file is part of: the folder below site-packages, else the folder that was named."""
    parts = path.resolve().parts
    if "site-packages" in parts:
        return parts[len(parts) - parts[::-1].index("site-packages")]
    return folder.resolve().name
