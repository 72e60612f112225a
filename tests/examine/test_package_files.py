"""The files of one package of an environment, as they are seen when one goes into it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from buildDoctor.adapters import demo_case
from buildDoctor.adapters.site.metadata import read_packages
from buildDoctor.core.errors import RequestError
from buildDoctor.core.evidence import Package
from buildDoctor.examine.package_files import package_files

Packages = tuple[Package, ...]


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Two packages with the shared object of the demo; one has its files in a folder of another name."""
    for folder, project in (("one", "one"), ("its_kernels", "two")):
        (tmp_path / folder / "lib").mkdir(parents=True)
        shutil.copy(demo_case.BINARY, tmp_path / folder / "lib" / f"{project}.so")
        (tmp_path / f"{project}-1.0.dist-info").mkdir()
        (tmp_path / f"{project}-1.0.dist-info" / "RECORD").write_text(f"{folder}/lib/{project}.so,,\n")
    (tmp_path / "one" / "plain.so").write_bytes(b"\x7fELF" + bytes(8_000))
    return tmp_path


def _packages(site: Path) -> Packages:
    return read_packages([site])


@pytest.mark.parametrize(("name", "path"), [("one", "one/lib/one.so"), ("two", "its_kernels/lib/two.so")])
def test_files_are_those_of_the_package_with_their_kernels_counted(site: Path, name: str, path: str) -> None:
    """By the package's list of files where the folder is called otherwise; a file without device code is none of them."""
    packages = _packages(site)
    package = next(package for package in packages if package.name == name)
    told: list[tuple[str, int, int, int]] = []

    binaries = package_files(package, packages, lambda *said: told.append(said))

    assert [(binary.path, binary.package) for binary in binaries] == [(str(site / path), name)]
    assert [unit.kernel_count for unit in binaries[0].units or ()] == [1, 0]
    size = demo_case.BINARY.stat().st_size
    assert (str(site / path), size) in [said[:2] for said in told]
    assert [said[2] for said in told] == list(range(1, told[0][3] + 1))


def test_reading_ends_when_nobody_waits(site: Path) -> None:
    """What `tell` raises comes out, before a file is read."""

    class OverError(Exception):
        pass

    def stop(*_said: object) -> None:
        raise OverError

    packages = _packages(site)
    with pytest.raises(OverError):
        package_files(packages[0], packages, stop)


def test_package_that_is_gone_is_said(site: Path) -> None:
    """A saved report or a later uninstall leaves the row and not the files."""
    packages = _packages(site)
    shutil.rmtree(site / "one")

    with pytest.raises(RequestError, match="no file of one with device code is in"):
        package_files(packages[0], packages, lambda *_said: None)
