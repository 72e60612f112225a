"""A tree with a setup.py as the target of an examination: what it is asked with, judged by and tried with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from buildDoctor.adapters.targets import Kind, classify
from buildDoctor.core.errors import RequestError
from buildDoctor.core.report import Report
from buildDoctor.examine.options import Options
from buildDoctor.examine.run import examine

SCRIPT = """
import os, subprocess
from packaging.version import parse
from setuptools import setup
from torch.utils.cpp_extension import CUDA_HOME, BuildExtension, CUDAExtension
said = subprocess.check_output([CUDA_HOME + "/bin/nvcc", "-V"], text=True).split()
cuda = parse(said[said.index("release") + 1].strip(","))
flags = []
for arch, oldest in (("80", "11.8"), ("120", "12.8")):
    if arch in os.getenv("MY_CUDA_ARCHS", "80;120").split(";") and cuda >= parse(oldest):
        flags += ["-gencode", f"arch=compute_{arch},code=sm_{arch}"]
SPELT = "sm_80 sm_120"
setup(ext_modules=[CUDAExtension("mine", ["a.cu"], extra_compile_args={"nvcc": flags})], cmdclass={"build_ext": BuildExtension})
"""
HELPER = "def _get_cuda_arch_flags(cflags=None):\n    named_arches = {}\n    supported_arches = ['8.0', '9.0', '12.0', '12.0a']\n"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "setup.py").write_text(SCRIPT, encoding="utf-8")
    return folder


@pytest.fixture
def torch(tmp_path: Path) -> str:
    """An environment with the files of a torch that matter here."""
    folder = tmp_path / "venv" / "lib" / "python3.12" / "site-packages" / "torch"
    (folder / "utils").mkdir(parents=True)
    (folder / "version.py").write_text("__version__ = '2.8.0+cu128'\ncuda = '12.8'\n")
    (folder / "utils" / "cpp_extension.py").write_text(HELPER)
    return str(tmp_path / "venv")


def asked(tree: Path, **options: Any) -> Report:
    return examine(Options(targets=(str(tree),), static=True, select=("plan",), **options))


def held(report: Report) -> dict[str, str]:
    """The rules that hold, and the outcome of the first fix of each."""
    return {finding.rule: finding.fixes[0].trial.outcome.value for finding in report.findings}


@pytest.mark.parametrize(
    ("files", "kind"),
    [
        (["setup.py"], Kind.TREE), (["pyproject.toml"], Kind.TREE), (["CMakeLists.txt"], Kind.TREE), (["setup.cfg"], Kind.FOLDER)
    ],
    ids=["setup.py", "pyproject.toml", "CMakeLists.txt", "none of them"],
)  # fmt: skip
def test_a_folder_with_build_scripts_is_a_tree(files: list[str], kind: Kind, tmp_path: Path) -> None:
    for name in files:
        (tmp_path / name).write_text("")

    assert classify(str(tmp_path), ()).kind is kind


@pytest.mark.parametrize(
    ("script", "builder"),
    [("from setuptools import setup\nsetup()\n", "cmake"), (SCRIPT, "setup.py")],
    ids=["setup.py only starts CMake", "setup.py has CUDA extensions"],
)
def test_beside_a_cmakelists_the_setup_counts_when_it_builds(script: str, builder: str, tree: Path) -> None:
    (tree / "setup.py").write_text(script)
    (tree / "CMakeLists.txt").write_text("cmake_minimum_required(VERSION 3.26)\nproject(x LANGUAGES CXX)\n")

    plan = asked(tree, cuda="12.8", gpu="12.0").evidence.plan

    assert plan is not None
    assert plan.builder == builder


def test_flags_that_no_list_changes_are_found_and_another_toolkit_is_proven(tree: Path) -> None:
    """The fix is the same script, followed with another toolkit."""
    report = asked(tree, cuda="12.4", gpu="12.0", arch_list="12.0")

    assert held(report) == {"setup-ignores-arch-list": "proven"}
    assert held(asked(tree, cuda="12.8", gpu="12.0")) == {}


def test_flags_that_come_out_empty_are_found(tree: Path) -> None:
    report = asked(tree, cuda="12.4", gpu="12.0", env=("MY_CUDA_ARCHS=120",))

    assert held(report) == {"setup-flags-come-out-empty": "proven"}


def test_a_list_that_torch_does_not_accept_is_found(tree: Path, torch: str) -> None:
    """Torch's own file says what it accepts; the fix is the same script with another list."""
    report = asked(tree, cuda="12.4", gpu="12.0", arch_list="12.0f", env=("MY_CUDA_ARCHS=120",), python=torch)

    assert held(report)["architecture-unknown-to-torch"] == "proven"
    assert report.evidence.torch is not None
    assert report.evidence.torch.extension_architectures == ("8.0", "9.0", "12.0", "12.0a")


def test_a_machine_that_is_not_described_is_no_reason_to_guess(tree: Path) -> None:
    """Without a toolkit there is no plan; without a list and a GPU the script's own flags are known all the same."""
    report = asked(tree, cuda="12.8")

    plan = report.evidence.plan
    assert plan is not None
    assert plan.request is None
    assert [source.architectures for source in plan.sources or ()] == [("8.0", "12.0")]
    assert any(gap.path == "plan.request" for gap in report.evidence.not_seen)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[build-system]\nbuild-backend = "scikit_build_core.build"\n', "scikit_build_core.build"),
        ("[", "its build backend"),
    ],
    ids=["it names its backend", "it is no TOML"],
)
def test_a_project_that_builds_in_another_way_is_named(text: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(text)

    with pytest.raises(RequestError, match=f"neither a CMakeLists.txt nor a setup.py; what .*{words}"):
        asked(tmp_path, cuda="12.8", gpu="12.0")


@pytest.mark.parametrize("text", ["X", "=1", "A B=1", "1A=2"])
def test_a_variable_is_a_name_and_a_value(text: str) -> None:
    with pytest.raises(RequestError, match="write a name and a value"):
        Options(env=(text,)).variables()
