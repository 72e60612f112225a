"""What the user points at: a shared object, a wheel, a tree, a folder, a package, a saved report."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from enum import StrEnum
from itertools import islice
from pathlib import Path

from msgspec import Struct

from buildDoctor.core.errors import NoTargetError, RequestError

_LIKENESS = 0.75
_MOST_NAMES = 5_000
MOST_OBJECTS = 2_000
"""Shared objects of one folder; what comes after them is not read."""
_MOST_FOLDERS = 50_000
_REPORT_SUFFIX = ".json"
_LIBRARIES = (".so", ".pyd", ".dll", ".conda")
"""How the names of files end that are looked into when a folder is named."""
_BUNDLED_CASE = f"{os.sep}buildDoctor{os.sep}demo"
"""The demonstration of an installed build-doctor: of an environment's folder it is no part, by itself it is a tree."""
_LOGS = (".log", ".txt")
_BUILD_SCRIPTS = ("CMakeLists.txt", "setup.py", "pyproject.toml")
"""A folder with one of these is a source tree."""


class Kind(StrEnum):
    """What a target is."""

    BINARY = "shared object"
    WHEEL = "wheel"
    TREE = "source tree"
    FOLDER = "folder"
    REPORT = "saved report"


class Target(Struct, frozen=True):
    """One thing to examine."""

    kind: Kind
    path: Path
    given: str
    """As the user wrote it."""
    member: str = ""
    """The one file that is meant of a wheel: what stands behind the exclamation mark of `wheel.whl!member.so`."""


def classify(given: str, packages: Sequence[Path]) -> Target:
    """What a target is.

    Args:
        given: a path, `wheel.whl!member.so`, or the name of a package.
        packages: the site-packages folders in which a package is looked for.

    Raises:
        RequestError: there is no such file, folder or package.
    """
    if not given or "\0" in given:
        raise RequestError(f"{given!r} names no target: give a path or the name of a package")
    path = Path(given)
    if path.is_dir():
        has_scripts = any((path / name).is_file() for name in _BUILD_SCRIPTS)
        return Target(Kind.TREE if has_scripts else Kind.FOLDER, path, given)
    if path.exists():
        if path.suffix in _LOGS:
            raise RequestError(
                f"{given} looks like a log: build-doctor explain {given} reads it; beside a target, --log {given} does"
            )
        return Target(_kind_of_file(path), path, given)
    holder, _, member = given.partition("!")
    if member and Path(holder).is_file() and _kind_of_file(Path(holder)) is Kind.WHEEL:
        return Target(Kind.WHEEL, Path(holder), given, member)
    for folder in packages:
        if given.isidentifier() and (folder / given).is_dir():
            return Target(Kind.FOLDER, folder / given, given)
    if path.is_symlink():
        raise RequestError(f"{given}: the link leads to nothing that is there")
    advice = _nearest(path, packages) or (_looked_in(packages) if given.isidentifier() else "")
    raise NoTargetError(given, advice)


def _looked_in(packages: Sequence[Path]) -> str:
    """Where a package was looked for, for whoever has it in another environment."""
    where = ", ".join(map(str, packages))
    return f"; packages are looked for in {where}: name another environment with --python EXE" if where else ""


def _kind_of_file(path: Path) -> Kind:
    if path.suffix == ".whl":
        return Kind.WHEEL
    return Kind.REPORT if path.suffix == _REPORT_SUFFIX else Kind.BINARY


def _nearest(path: Path, packages: Sequence[Path]) -> str:
    """The name beside it that was probably meant."""
    import difflib  # noqa: PLC0415  only a name that leads to nothing is compared with others

    folders = [path.parent, *packages]
    names = {name for folder in folders for name in _names_in(folder)}
    close = difflib.get_close_matches(path.name, sorted(names), n=1, cutoff=_LIKENESS)
    return f"; did you mean {close[0]}?" if close else ""


def _names_in(folder: Path) -> list[str]:
    try:
        return [entry.name for entry in islice(folder.iterdir(), _MOST_NAMES)]
    except OSError:
        return []


def shared_objects(folder: Path) -> Iterator[Path]:
    """The files below a folder that hold code, in a fixed order, each once; links to folders are not followed."""
    pending, folders, found = [folder], 0, 0
    seen: set[tuple[int, int]] = set()
    while pending and folders < _MOST_FOLDERS:
        current = pending.pop()
        folders += 1
        try:
            # A scan tells folders from files without a question for each of them.
            entries = sorted(os.scandir(current), key=lambda entry: entry.name)
        except OSError:
            continue
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                # An environment inside of a tree is examined as such, not as a part of the tree.
                if entry.path.endswith(_BUNDLED_CASE):
                    continue
                if not os.path.isfile(f"{entry.path}/pyvenv.cfg"):  # noqa: PTH113  a path for each folder takes longer
                    pending.append(Path(entry.path))
            elif _holds_code(entry.name) and os.path.isfile(entry.path):  # noqa: PTH113  as above
                identity = _identity(Path(entry.path))
                if identity is None or identity in seen:
                    continue
                seen.add(identity)
                found += 1
                yield Path(entry.path)
                if found >= MOST_OBJECTS:
                    return


def _holds_code(name: str) -> bool:
    """Whether a file of this name is a shared object, a Windows library or a package of them."""
    return name.endswith(_LIBRARIES) or ".so." in name


def _identity(file: Path) -> tuple[int, int] | None:
    """What two names of one file share; `None` when it is gone."""
    try:
        stat = file.stat()
    except OSError:
        return None
    return stat.st_dev, stat.st_ino


def package_of(path: Path, folder: Path) -> str:
    """The package that a file is part of: the folder below site-packages, else the folder that was named."""
    parts = path.resolve().parts
    if "site-packages" in parts:
        return parts[len(parts) - parts[::-1].index("site-packages")]
    return folder.resolve().name
