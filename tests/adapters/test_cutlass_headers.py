"""The version of a copy of CUTLASS is what its header defines; nothing else of the copy is read."""

from __future__ import annotations

import os
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pytest

from buildDoctor.adapters.cutlass_headers import HEADER, copies_in, copies_of_tree
from buildDoctor.adapters.site.headers import cutlass_of_packages
from buildDoctor.examine.options import Options
from buildDoctor.examine.run import examine

TEXT = "#pragma once\n#define CUTLASS_MAJOR 4\n#define CUTLASS_MINOR  2\n#define CUTLASS_PATCH 1\n"


def brought(folder: Path, text: str = TEXT) -> Path:
    """A copy that says a version."""
    header = folder / HEADER
    header.parent.mkdir(parents=True)
    header.write_text(text, encoding="utf-8")
    return header


def test_the_copies_of_a_tree_are_named_from_its_top(tmp_path: Path) -> None:
    brought(tmp_path / "csrc/cutlass")
    brought(tmp_path / "third_party/cutlass", TEXT.replace("MAJOR 4", "MAJOR 3"))

    assert [(copy.version, copy.place) for copy in copies_of_tree(tmp_path)] == [
        ("3.2.1", "third_party/cutlass/include/cutlass/version.h"),
        ("4.2.1", "csrc/cutlass/include/cutlass/version.h"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param(TEXT.replace("#define CUTLASS_PATCH 1\n", ""), id="one number is missing"),
        pytest.param(TEXT.replace("MAJOR 4", "MAJOR four"), id="a word"),
        pytest.param(TEXT.replace("MAJOR 4", "MAJOR 44444"), id="a number that is none of a version"),
        pytest.param(TEXT.replace("#define", "// #define"), id="comments"),
        pytest.param("/" * (1 << 16) + "\n" + TEXT, id="behind the bound"),
    ],
)
def test_a_header_that_states_no_version_is_none(text: str, tmp_path: Path) -> None:
    brought(tmp_path / "c", text)

    assert copies_in(tmp_path, ["c"]) == ()


def test_what_is_no_file_is_none(tmp_path: Path) -> None:
    """A pipe is not waited for."""
    brought(tmp_path / "c").unlink()
    os.mkfifo(tmp_path / "c" / HEADER)
    (tmp_path / "d" / HEADER).mkdir(parents=True)

    assert copies_in(tmp_path, ["c", "d", "absent", "a\0b"]) == ()


def test_packages_are_named_by_their_folders(tmp_path: Path) -> None:
    brought(tmp_path / "flashinfer/data/cutlass")
    brought(tmp_path / "deep_gemm")
    brought(tmp_path / "flashinfer_python-0.5.dist-info")
    (tmp_path / "module.py").touch()

    found = cutlass_of_packages(tmp_path)

    assert {name: [copy.place for copy in copies] for name, copies in found.items()} == {
        "deep_gemm": ["deep_gemm/include/cutlass/version.h"],
        "flashinfer": ["flashinfer/data/cutlass/include/cutlass/version.h"],
    }
    assert cutlass_of_packages(tmp_path / "absent") == {}


@pytest.mark.corpus
def test_a_real_package_is_said_to_bring_an_old_copy(corpus: Any, tmp_path: Path) -> None:
    """By `unzip -p … version.h`, FlashInfer 0.5.2 brings 4.2.1; the rule warns below 4.4.2."""
    site = tmp_path / "lib/python3.12/site-packages"
    with zipfile.ZipFile(corpus.wheel("flashinfer_python", "0.5.2", "py3-none-any")) as archive:
        archive.extract(f"flashinfer/data/cutlass/{HEADER}", site)
        archive.extract("flashinfer_python-0.5.2.dist-info/RECORD", site)

    report = examine(Options(python=str(tmp_path), gpu="12.1", static=True, isolated=True))

    assert [(one.name, [copy.version for copy in one.cutlass or ()]) for one in report.evidence.packages or ()] == [
        ("flashinfer-python", ["4.2.1"])
    ]
    assert "package-brings-old-cutlass" in {finding.rule for finding in report.findings}


@pytest.mark.corpus
def test_the_header_of_a_real_copy_is_read(corpus: Any, tmp_path: Path) -> None:
    """By `grep CUTLASS_ version.h`: 4, 0 and 0."""
    with tarfile.open(corpus.sdist("flash_attn", "2.8.3")) as archive:
        archive.extract(f"flash_attn-2.8.3/csrc/cutlass/{HEADER}", tmp_path, filter="data")

    assert [copy.version for copy in copies_of_tree(tmp_path / "flash_attn-2.8.3")] == ["4.0.0"]
