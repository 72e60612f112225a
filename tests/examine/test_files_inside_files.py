"""Every kind of file that can hold device code is examined as `inspect` shows it, alone and in a folder."""

from __future__ import annotations

import io
import shutil
import tarfile
import zipfile
from pathlib import Path

import cramjam
import pytest

from buildDoctor.adapters.targets import classify
from buildDoctor.core.errors import RequestError
from buildDoctor.examine.binaries import see_binary, see_folder
from buildDoctor.examine.gathered import Gathered
from buildDoctor.examine.kernels import all_kernels

BINARIES = Path(__file__).parent.parent / "adapters" / "binaries"


def package(path: Path, *names: str) -> Path:
    """A conda package with some of the small files."""
    inner = io.BytesIO()
    with tarfile.open(fileobj=inner, mode="w") as archive:
        for name in names:
            archive.add(BINARIES / name, f"lib/{name}")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("pkg-p-1-0.tar.zst", bytes(cramjam.zstd.compress(inner.getvalue())))
    return path


def seen(gathered: Gathered) -> list[tuple[str, int, tuple[str | None, ...]]]:
    return [
        (Path(binary.path or "").name, len(binary.images or ()), tuple(k.name for k in binary.kernels or ()))
        for binary in gathered.evidence.binaries or ()
    ]


@pytest.mark.parametrize(
    ("name", "format_", "images"),
    [
        ("plain.so", "elf", 3),
        ("scale-90a.cubin", "cubin", 1),
        ("packed-zstd.fatbin", "fatbin", 2),
        ("scale.ptx", "ptx", 1),
        ("lto.o", "elf", 2),
    ],
)
def test_a_file_is_read_by_what_it_is(name: str, format_: str, images: int) -> None:
    gathered = Gathered()
    see_binary(gathered, classify(str(BINARIES / name), ()))
    (binary,) = gathered.evidence.binaries or ()
    assert (binary.format, len(binary.images or ()), binary.path) == (format_, images, str(BINARIES / name))
    assert gathered.failures == []


def test_a_static_library_gives_its_object_files() -> None:
    gathered = Gathered()
    see_binary(gathered, classify(str(BINARIES / "library.a"), ()))
    assert [name for name, _images, _kernels in seen(gathered)] == [
        "library.a!a_scale_with_a_long_name.o",
        "library.a!first.o",
        "library.a!second.o",
    ]


def test_a_folder_gives_the_files_inside_its_packages_too(tmp_path: Path) -> None:
    shutil.copy(BINARIES / "nvfp4.so", tmp_path / "a.so")
    shutil.copy(BINARIES / "plain.so", tmp_path / "c.so")
    package(tmp_path / "b.conda", "plain.so", "ptx.so")
    gathered = Gathered()
    see_folder(gathered, classify(str(tmp_path), ()))
    assert [(name, images) for name, images, _kernels in seen(gathered)] == [
        ("a.so", 2),
        ("plain.so", 3),
        ("ptx.so", 3),
        ("c.so", 3),
    ]
    assert {binary.package for binary in gathered.evidence.binaries or ()} == {tmp_path.name}


@pytest.mark.parametrize("member", ["library.a!first.o", "p.conda!lib/plain.so"])
def test_all_kernels_of_a_file_inside_another_are_read(tmp_path: Path, member: str) -> None:
    package(tmp_path / "p.conda", "plain.so")
    shutil.copy(BINARIES / "library.a", tmp_path / "library.a")
    found = all_kernels(str(tmp_path / member), "p")
    assert found.package == "p"
    assert found.kernels


def test_a_file_whose_name_has_the_mark_of_a_member_is_read_itself(tmp_path: Path) -> None:
    shutil.copy(BINARIES / "plain.so", tmp_path / "a!b.so")
    assert all_kernels(str(tmp_path / "a!b.so"), "").kernels
    with pytest.raises(RequestError, match=r"is not there any more|No such file"):
        all_kernels(str(tmp_path / "gone.whl!x.so"), "")
