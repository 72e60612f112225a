"""The torch of an environment: version, CUDA and architectures, without importing it."""

from __future__ import annotations

import os
import struct
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from buildDoctor.adapters.torch_install import find_torch
from buildDoctor.core.evidence import Torch

VERSION = """from typing import Optional

__all__ = ['__version__', 'cuda']
__version__ = '2.8.0+cu129'
debug = False
cuda: Optional[str] = '12.9'
hip: Optional[str] = None
"""
LIST = b"other constant" + b"sm_80 sm_90 sm_100 compute_120\0" + b"sm_90\0"
FLAGS = b"-gencode;arch=compute_90,code=sm_90;-gencode;arch=compute_120,code=compute_120\0 sm_70 sm_75\0"


def library(read_only: bytes) -> bytes:
    """An ELF file with a section .rodata and nothing else."""
    names = b"\0.rodata\0.shstrtab\0"
    start = 64 + len(read_only)
    table = start + len(names)
    header = b"\x7fELF\x02\x01\x01" + bytes(9)
    header += struct.pack("<HHIQQQIHHHHHH", 3, 62, 1, 0, 0, table, 0, 64, 0, 0, 64, 3, 2)
    sections = bytes(64)
    sections += struct.pack("<IIQQQQIIQQ", 1, 1, 2, 64, 64, len(read_only), 0, 0, 1, 0)
    sections += struct.pack("<IIQQQQIIQQ", 9, 3, 0, 0, start, len(names), 0, 0, 1, 0)
    return header + read_only + names + sections


def install(folder: Path, version: str = VERSION, **libraries: bytes) -> Path:
    """A site-packages folder with the files of torch that matter."""
    inner = folder / "torch"
    (inner / "lib").mkdir(parents=True)
    (inner / "version.py").write_text(version, encoding="utf-8")
    for name, content in libraries.items():
        (inner / "lib" / f"{name}.so").write_bytes(content)
    return folder


def found(place: Path) -> Torch:
    torch, not_seen, _origins = find_torch(place)
    assert torch is not None, not_seen
    return torch


def test_version_cuda_and_architectures_are_read_with_their_origins(tmp_path: Path) -> None:
    torch, not_seen, origins = find_torch(install(tmp_path, libtorch_python=library(LIST)))
    assert torch == Torch(
        version="2.8.0+cu129",
        cuda="12.9",
        architectures=("sm_80", "sm_90", "sm_100", "compute_120"),
        path=str(tmp_path / "torch"),
    )
    assert not_seen == ()
    assert {origin.path: origin.source.removeprefix(f"{tmp_path}/torch/") for origin in origins} == {
        "torch.version": "version.py, line 4",
        "torch.cuda": "version.py, line 6",
        "torch.architectures": "lib/libtorch_python.so, .rodata at 0x4e",
    }


def test_the_folder_of_the_package_does_as_well(tmp_path: Path) -> None:
    install(tmp_path, libtorch_python=library(LIST))
    assert find_torch(tmp_path / "torch") == find_torch(tmp_path)


def test_the_compiler_flags_answer_when_there_is_no_list(tmp_path: Path) -> None:
    place = install(tmp_path, libtorch_python=library(b"nothing\0"), libtorch_cuda=library(FLAGS))
    assert found(place).architectures == ("sm_90", "compute_120")


def test_a_list_of_one_is_a_list(tmp_path: Path) -> None:
    assert found(install(tmp_path, libtorch_python=library(b"\0sm_120\0"))).architectures == ("sm_120",)


def test_a_torch_without_cuda_has_no_architectures(tmp_path: Path) -> None:
    torch, not_seen, _origins = find_torch(install(tmp_path, VERSION.replace("'12.9'", "None")))
    assert torch is not None
    assert (torch.cuda, torch.architectures, not_seen) == (None, (), ())


@pytest.mark.parametrize(
    "content", [b"", b"no library", library(LIST)[:70], library(b"nothing\0")], ids=["empty", "text", "cut", "no-list"]
)
def test_a_list_that_is_not_found_is_not_seen(tmp_path: Path, content: bytes) -> None:
    torch, not_seen, _origins = find_torch(install(tmp_path, libtorch_python=content))
    assert torch is not None
    assert torch.architectures is None
    assert [note.path for note in not_seen] == ["torch.architectures"]


@pytest.mark.parametrize(
    "version", ["", "__version__ = ", "\0", "__version__ = open('x').read()\ncuda = None\n", "(" * 10_000]
)
def test_a_version_file_that_cannot_be_read_is_no_torch(tmp_path: Path, version: str) -> None:
    torch, not_seen, _origins = find_torch(install(tmp_path, version))
    assert torch is None
    assert "does not state a version and a CUDA" in not_seen[0].reason


def test_a_folder_without_torch_is_said(tmp_path: Path) -> None:
    torch, not_seen, _origins = find_torch(tmp_path)
    assert torch is None
    assert not_seen[0].reason == (
        f"{tmp_path}/torch/version.py is not there; give the site-packages folder or the wheel that holds torch"
    )


def test_a_wheel_of_torch_is_read(tmp_path: Path) -> None:
    path = tmp_path / "torch.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("torch/version.py", VERSION)
        archive.writestr("torch/lib/libtorch_python.so", library(LIST))
    assert found(path).architectures == ("sm_80", "sm_90", "sm_100", "compute_120")
    assert found(path).path == f"{path}!torch"


def test_pipes_in_place_of_its_files_are_not_waited_for(tmp_path: Path) -> None:
    place = install(tmp_path)
    os.mkfifo(place / "torch/lib/libtorch_python.so")
    assert found(place).architectures is None
    (place / "torch/version.py").unlink()
    os.mkfifo(place / "torch/version.py")
    assert find_torch(place)[0] is None


def test_torch_is_not_imported(tmp_path: Path) -> None:
    find_torch(install(tmp_path, VERSION + "\nraise SystemExit\n", libtorch_python=library(LIST)))
    assert "torch" not in sys.modules


@pytest.mark.corpus
def test_the_real_torch_2_8_0(corpus: Any) -> None:
    torch = found(corpus.wheel("torch", "2.8.0", "cp311-cp311-manylinux_2_28_x86_64"))
    assert (torch.version, torch.cuda) == ("2.8.0+cu128", "12.8")
    assert torch.architectures == ("sm_70", "sm_75", "sm_80", "sm_86", "sm_90", "sm_100", "sm_120")
