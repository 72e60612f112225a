"""A shared object held against the environment that it is loaded into: Python, libraries and torch, from their files."""

from __future__ import annotations

import os
import platform
import shutil
from pathlib import Path

import pytest

from buildDoctor.core.findings import Severity
from buildDoctor.core.report import Report
from buildDoctor.examine.options import Options
from buildDoctor.examine.run import examine

HOST = Path(__file__).parents[1] / "adapters" / "binaries" / "host"
needs_glibc = pytest.mark.skipif(
    platform.libc_ver()[0] != "glibc" or os.uname().machine != "x86_64", reason="another system"
)


def environment(root: Path, *, provider: str, python: str = "3.12") -> Path:
    """An environment with the smallest torch that Python could import: its module, and the libraries beside it."""
    torch = root / "lib" / f"python{python}" / "site-packages" / "torch"
    (torch / "lib").mkdir(parents=True)
    (torch / "version.py").write_text("__version__ = '2.8.0+cpu'\ncuda = None\n", encoding="utf-8")
    shutil.copy(HOST / provider, torch / "lib" / "libc10.so")
    shutil.copy(HOST / "sibling.so", torch / "lib" / "libtorch.so")
    shutil.copy(HOST / "sibling.so", torch / "lib" / "libtorch_global_deps.so")
    shutil.copy(HOST / "torch-module.so", torch / f"_C.cpython-{python.replace('.', '')}-x86_64-linux-gnu.so")
    return root


def examined(target: Path, root: Path | None) -> Report:
    python = str(root) if root else None
    return examine(Options(targets=(str(target),), python=python, gpu="9.0", static=True, select=("loader",)))


def loud(report: Report) -> dict[str, str | None]:
    return {finding.rule: finding.explained_by for finding in report.findings if finding.severity is not Severity.NOTE}


@needs_glibc
@pytest.mark.parametrize(("file", "torch"), [("0", "1"), ("1", "0")], ids=["an old file", "a new file"])
def test_a_file_for_the_other_string_is_told_as_the_cause(tmp_path: Path, file: str, torch: str) -> None:
    """That torch lacks the functions stands beneath it."""
    report = examined(HOST / f"strings-abi{file}.so", environment(tmp_path, provider=f"provider-abi{torch}.so"))

    assert loud(report) == {"cxx11-abi-mismatch": None, "torch-lacks-symbols": "cxx11-abi-mismatch"}


@needs_glibc
@pytest.mark.parametrize("abi", ["0", "1"])
def test_a_file_for_this_torch_is_no_finding(tmp_path: Path, abi: str) -> None:
    report = examined(HOST / f"strings-abi{abi}.so", environment(tmp_path, provider=f"provider-abi{abi}.so"))

    assert loud(report) == {}
    assert report.evidence.torch is not None
    assert report.evidence.torch.cxx11_abi == {"0": "old", "1": "new"}[abi]


def test_without_an_environment_nothing_is_said_of_it(tmp_path: Path) -> None:
    """The machine that looks is not the one where the file is loaded."""
    shutil.copy(HOST / "strings-abi0.so", tmp_path / "x.so")
    report = examined(tmp_path / "x.so", None)

    assert loud(report) == {}
    evidence = report.evidence
    assert (evidence.system, evidence.python, evidence.torch, evidence.loader) == (None, None, None, None)
    undecided = {"cxx11-abi-mismatch", "glibc-too-old", "library-not-found", "torch-does-not-load"}
    assert undecided <= {rule.rule for rule in report.undecided}


@needs_glibc
def test_a_module_for_another_python_is_told(tmp_path: Path) -> None:
    module = HOST / "module.cpython-312-x86_64-linux-gnu.so"
    other = environment(tmp_path / "other", provider="provider-abi1.so", python="3.11")
    same = environment(tmp_path / "same", provider="provider-abi1.so")

    assert loud(examined(module, other)) == {"module-for-another-python": None}
    assert loud(examined(module, same)) == {}


def test_a_function_of_its_own_that_is_missing_is_told_until_its_file_is_there(tmp_path: Path) -> None:
    shutil.copy(HOST / "caller.so", tmp_path / "caller.so")
    assert loud(examined(tmp_path, None)) == {"own-symbol-undefined": None}

    shutil.copy(HOST / "sibling.so", tmp_path / "sibling.so")
    assert loud(examined(tmp_path, None)) == {}


def test_a_file_that_needs_two_runtimes_is_told() -> None:
    report = examined(HOST / "two-runtimes.so", None)
    assert {finding.rule for finding in report.findings} == {"two-cuda-runtimes", "built-in-an-isolated-environment"}


def test_that_a_folder_holds_nothing_is_said_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the two reasons why no shared object was seen, the one about the folder that was meant."""
    monkeypatch.chdir(tmp_path)
    seen = examine(Options(static=True, isolated=True)).evidence

    reasons = [missing.reason for missing in seen.not_seen if missing.path == "binaries"]
    assert reasons == [".: the folder holds no shared object, no CMakeLists.txt and no setup.py"]
