"""Rules of packages that are installed beside build-doctor, found without importing them.

A package says where its rules are by an entry point: `[project.entry-points."build_doctor.rules"]`, such as
`nvfp4 = "my_rules.rules"`: the folder `rules` of the package `my_rules`.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from buildDoctor.adapters.rule_sources import RuleSource, SourceKind
from buildDoctor.adapters.toml_files import FileProblem, about_file

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint, PathDistribution

GROUP = "build_doctor.rules"
_ENTRY_POINTS = "entry_points.txt"
_METADATA_FOLDER = re.compile(r".+\.(dist|egg)-info")
_MODULE = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*", re.ASCII)
_MAX_BYTES = 100_000


def rule_packs(problems: list[FileProblem], search: Iterable[str] | None = None) -> tuple[RuleSource, ...]:
    """The folders of rules of all installed packages, by their names.

    Args:
        problems: Where it is noted when a package names what is not there.
        search: The folders that packages are installed in; without them those of this Python.
    """
    found: list[RuleSource] = []
    for file in _declaring(sys.path if search is None else search):
        from importlib.metadata import PathDistribution  # noqa: PLC0415 - costs 30 ms, and few have such packages

        distribution = PathDistribution(file.parent)
        for point in distribution.entry_points.select(group=GROUP):
            folder = _folder(point, distribution)
            if folder is None:
                message = f"{point.name} says that its rules are in {point.value!r}, and there is no such folder"
                problems.append(about_file(file, message))
            else:
                found.append(RuleSource(SourceKind.PACKAGE, folder, point.name))
    return tuple(sorted(found, key=lambda source: source.name))


def _declaring(search: Iterable[str]) -> Iterator[Path]:
    """The files that declare entry points of the group; reading all metadata would take far longer."""
    mark = f"[{GROUP}]".encode()
    for folder in dict.fromkeys(Path(entry) for entry in search if entry):
        try:
            entries = sorted(entry for entry in folder.iterdir() if _METADATA_FOLDER.fullmatch(entry.name))
        except OSError:
            continue
        for entry in entries:
            file = entry / _ENTRY_POINTS
            if mark in _content(file):
                yield file


def _content(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            return stream.read(_MAX_BYTES)
    except OSError:
        return b""


def _folder(point: EntryPoint, distribution: PathDistribution) -> Path | None:
    """The folder that an entry point names, by the files of its distribution, else by where its package is."""
    if not _MODULE.fullmatch(point.value):
        return None
    parts = point.value.split(".")
    inside = "/".join(parts) + "/"
    if any(str(file).startswith(inside) for file in distribution.files or ()):
        folder = Path(str(distribution.locate_file(inside)))
        return folder if folder.is_dir() else None
    return _editable_folder(parts)


def _editable_folder(parts: list[str]) -> Path | None:
    """The folder in a package that is installed in place and whose files are not listed."""
    from importlib.util import find_spec  # noqa: PLC0415 - as above

    try:
        # Of the first name alone: to look for one beneath it would import it.
        spec = find_spec(parts[0])
    except (ImportError, ValueError):
        return None
    for root in (spec.submodule_search_locations or ()) if spec else ():
        folder = Path(root, *parts[1:])
        if folder.is_dir():
            return folder
    return None
