"""The files of a package of an environment, when someone looks at it closely."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from msgspec.structs import replace

from buildDoctor.adapters.elf.binary import read_binary
from buildDoctor.adapters.site.metadata import owner_of_folder
from buildDoctor.adapters.site.objects import may_hold_device_code, shared_objects_of
from buildDoctor.core.errors import RequestError
from buildDoctor.core.evidence import Binary, Package

Tell = Callable[[str, int, int, int], None]
"""Told a file before it is read: its path, its size in bytes, its number from 1, and how many files there are."""


def package_files(package: Package, packages: tuple[Package, ...], tell: Tell) -> tuple[Binary, ...]:
    """The shared objects of a package with device code, their kernels counted: what naming the package would show.

    Args:
        package: one of those of an environment, from the evidence.
        packages: all of that environment.
        tell: what it raises ends the reading.

    Raises:
        RequestError: there is none any more.
    """
    folder = Path(package.path or "").parent
    paths = tuple(_paths(folder, package, packages))
    found = []
    for number, path in enumerate(paths, 1):
        tell(str(path), _size(path), number, len(paths))
        binary = read_binary(path, kernels=True).binary
        if binary is not None and binary.units:
            found.append(replace(binary, package=package.name))
    if not found:
        raise RequestError(f"no file of {package.name} with device code is in {folder} any more")
    return tuple(found)


def _paths(folder: Path, package: Package, packages: tuple[Package, ...]) -> Iterator[Path]:
    """The files that may hold device code; whose a folder is, stands in its package's list of files."""
    owners: dict[str, str] = {}
    for top, path in shared_objects_of(folder):
        if top not in owners:
            owners[top] = owner_of_folder(folder, top, packages)
        if owners[top] == package.name and may_hold_device_code(path):
            yield path


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
