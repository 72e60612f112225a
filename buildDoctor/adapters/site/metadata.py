"""The packages that an environment's metadata names."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable
from pathlib import Path

from buildDoctor.adapters.small_files import read_small
from buildDoctor.core.evidence import Package

_MOST_PACKAGES = 5_000
_LARGEST = 1 << 20
_FOLDER = re.compile(r"(?P<name>[A-Za-z0-9][\w.]*)-(?P<version>[^-]+?)(?:-py3\.\d+)?\.(?:dist|egg)-info")
"""How the folder of a package's metadata is called (PyPA specifications, "Recording installed projects")."""


def read_packages(folders: Iterable[Path]) -> tuple[Package, ...]:
    """The packages of site-packages folders, sorted by name; of one that is there twice, the first is meant.

    Args:
        folders: in the order in which Python looks.
    """
    found: dict[str, Package] = {}
    for folder in folders:
        for name in _entries(folder):
            fitting = _FOLDER.fullmatch(name)
            if fitting is None or len(found) >= _MOST_PACKAGES:
                continue
            project = normalized(fitting["name"])
            package = Package(
                name=project,
                version=fitting["version"],
                path=str(folder / name),
                files=0,
                code=(),
                built_for_torch="",
                built_for_cuda="",
                cutlass=(),
            )
            found.setdefault(project, package)
    return tuple(sorted(found.values(), key=lambda package: package.name or ""))


def normalized(name: str) -> str:
    """A project's name as registries compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def owner_of_folder(folder: Path, top: str, packages: Iterable[Package]) -> str:
    """The name of the package that brings a folder or file of site-packages, as its list of files says.

    Args:
        folder: the site-packages folder.
        top: the name of what lies in it.
        packages: those of the environment.
    """
    project = normalized(top.partition(".")[0])
    known = {package.name: package for package in packages}
    if project in known:
        return project
    for name, package in known.items():
        if f"\n{top}{'/' if (folder / top).is_dir() else ','}" in f"\n{_text(Path(package.path or '') / 'RECORD')}":
            return name or project
    return project


def built_for(folder: Path, top: str) -> tuple[str, str]:
    """The torch and the CUDA that a package says it was built with; empty where it says nothing.

    xformers keeps that in cpp_lib.json: `{"version": {"torch": "2.10.0+cu128", "cuda": 1208, …}, …}`.

    Args:
        folder: the site-packages folder.
        top: the package's folder in it.
    """
    try:
        stated = json.loads(_text(folder / top / "cpp_lib.json"))["version"]
        torch, cuda = stated.get("torch"), stated.get("cuda")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return "", ""
    number = f"{cuda // 100}.{cuda % 100}" if isinstance(cuda, int) and cuda > 100 else ""
    return torch[:100] if isinstance(torch, str) else "", number


def _entries(folder: Path) -> list[str]:
    try:
        return sorted(os.listdir(folder))  # noqa: PTH208  thousands of names, of which a few are looked at
    except OSError:
        return []


def _text(path: Path) -> str:
    """The text of a file; empty when it is not there, and cut where a list of files would be enormous."""
    return read_small(path, 16 * _LARGEST) or ""
