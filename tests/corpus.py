"""Real wheels and source distributions, fetched by name and version into a cache outside the repository.

Files already there are not fetched again, and the registry's hash is checked. Nothing is built or installed.
"""

from __future__ import annotations

import os
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs
import pytest

if TYPE_CHECKING:
    from pypi_simple import DistributionPackage

FOLDER_VARIABLE = "BUILD_DOCTOR_CORPUS"
"""The environment variable that names another cache folder."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """The cache of real files."""

    folder: Path

    def wheel(self, project: str, version: str, tag: str = "x86_64") -> Path:
        """The wheel of a version whose file name holds the tag; skips the test when it cannot be had."""
        return self._file(project, version, f"{project}-{version}-*{tag}*.whl")

    def sdist(self, project: str, version: str) -> Path:
        """The source distribution of a version, as a file; skips the test when it cannot be had."""
        return self._file(project, version, f"{project}-{version}.tar.gz")

    def member(self, wheel: Path, name: str) -> Path:
        """A file of a wheel, unpacked beside it once."""
        target = self.folder / "unpacked" / wheel.stem
        if not (target / name).exists():
            # Under a name of this process until it is complete: tests run side by side.
            part = target.with_name(f"{target.name}.{os.getpid()}.part")
            with zipfile.ZipFile(wheel) as archive:
                archive.extract(name, part)
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            (part / name).replace(target / name)
        return target / name

    def shared_objects(self, wheel: Path) -> list[Path]:
        """All shared objects and Windows libraries of a wheel, unpacked beside it once, in the order of their names."""
        with zipfile.ZipFile(wheel) as archive:
            names = sorted(name for name in archive.namelist() if re.search(r"\.(so(\.\d+)*|pyd|dll)$", name))
        return [self.member(wheel, name) for name in names]

    def _file(self, project: str, version: str, pattern: str) -> Path:
        """The file whose name matches, from the cache or from the registry."""
        found = sorted(self.folder.glob(pattern))
        return found[0] if found else self._fetch(project, version, pattern)

    def _fetch(self, project: str, version: str, pattern: str) -> Path:
        """The file from the registry, with its hash checked; skips the test when that is not possible."""
        from pypi_simple import PyPISimple  # noqa: PLC0415  only a test that fetches needs the client

        self.folder.mkdir(parents=True, exist_ok=True)
        with PyPISimple() as registry:
            try:
                packages = registry.get_project_page(project, timeout=30).packages
                package = _matching(packages, pattern)
                if package is None:
                    pytest.skip(f"the registry has no {pattern} of {project} {version}")
                target = self.folder / package.filename
                # Under another name until it is complete and its hash is right.
                part = target.with_name(f"{target.name}.{os.getpid()}.part")
                registry.download_package(package, part, verify=True, timeout=60)
                part.replace(target)
            except OSError as error:
                pytest.skip(f"{project} {version} is not in {self.folder} and the registry cannot be reached: {error}")
        return target


def _matching(packages: list[DistributionPackage], pattern: str) -> DistributionPackage | None:
    """The first package whose file name matches."""
    return next((package for package in packages if Path(package.filename).match(pattern)), None)


def default_corpus() -> Corpus:
    """The corpus in the user's cache folder, or where `BUILD_DOCTOR_CORPUS` says."""
    folder = os.environ.get(FOLDER_VARIABLE) or platformdirs.user_cache_dir("build-doctor")
    return Corpus(Path(folder))
