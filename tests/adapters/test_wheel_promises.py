"""What wheels promise, by their names and metadata; the tags held against packaging and PEP 600."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from buildDoctor.adapters.wheel_promises import abi_of, cuda_of, promised_glibc, read_promises
from buildDoctor.core.evidence import Wheel


def promises(folder: Path, name: str, metadata: str = "Name: x\n") -> Wheel:
    path = folder / name
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("x-1.dist-info/METADATA", metadata)
    found = read_promises(path, name)
    assert found is not None
    return found


def test_the_promises_of_a_wheel(tmp_path: Path) -> None:
    found = promises(tmp_path, "vllm-0.11.0-cp38-abi3-manylinux1_x86_64.whl", "Requires-Dist: torch==2.8.0\n")
    assert (found.name, found.version, found.python_tags, found.abi_tags) == ("vllm", "0.11.0", ("cp38",), ("abi3",))
    assert (found.platform_tags, found.machines, found.glibc) == (("manylinux1_x86_64",), ("x86_64",), "2.5")
    assert (found.cuda, found.cxx11_abi, found.torch) == ("", "", "2.8.0")


def test_the_local_version_names_cuda_and_abi(tmp_path: Path) -> None:
    found = promises(tmp_path, "flash_attn-2.8.3+cu12torch2.8cxx11abiTRUE-cp312-cp312-linux_x86_64.whl")
    assert (found.cuda, found.cxx11_abi, found.glibc, found.torch) == ("12", "new", "", "")


@pytest.mark.parametrize(
    ("tags", "glibc"),
    [
        (["manylinux_2_28_x86_64"], "2.28"),
        (["manylinux_2_17_x86_64", "manylinux2014_x86_64"], "2.17"),
        (["manylinux_2_28_x86_64", "manylinux_2_5_x86_64"], "2.5"),
        (["manylinux2010_x86_64"], "2.12"),
        (["linux_x86_64"], ""),
        (["musllinux_1_2_x86_64"], ""),
        (["any"], ""),
    ],
)
def test_the_c_library_that_platform_tags_promise(tags: list[str], glibc: str) -> None:
    """The oldest of them: pip takes the wheel if one tag fits."""
    assert promised_glibc(tags) == glibc


@pytest.mark.parametrize(
    ("local", "cuda"),
    [
        ("cu129", "12.9"),
        ("cu130", "13.0"),
        ("cu12torch2.8", "12"),
        ("cpu", ""),
        ("cu118.git1", "11.8"),
        ("focus12", ""),
    ],
)
def test_the_cuda_of_a_local_version(local: str, cuda: str) -> None:
    assert cuda_of(local) == cuda


@pytest.mark.parametrize(
    ("local", "abi"),
    [("cxx11abiTRUE", "new"), ("cu12torch2.6cxx11abifalse", "old"), ("cu129", ""), ("cxx11abi1", "new")],
)
def test_the_abi_of_a_local_version(local: str, abi: str) -> None:
    assert abi_of(local) == abi


def test_other_file_names_promise_nothing(tmp_path: Path) -> None:
    assert read_promises(tmp_path / "vllm.whl", "vllm.whl") is None


def test_a_wheel_that_cannot_be_opened_still_has_a_name(tmp_path: Path) -> None:
    path = tmp_path / "x-1-py3-none-any.whl"
    path.write_bytes(b"no zip")
    found = read_promises(path, path.name)
    assert found is not None
    assert (found.name, found.torch) == ("x", None)
