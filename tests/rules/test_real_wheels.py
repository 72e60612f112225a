"""The rules on real wheels of vLLM: what is said of each, for the GPUs that it is built for, and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from buildDoctor.core.findings import Severity
from buildDoctor.core.report import Report
from buildDoctor.examine.options import Options
from buildDoctor.examine.run import examine

pytestmark = pytest.mark.corpus

FA2, C = "vllm/vllm_flash_attn/_vllm_fa2_C.abi3.so", "vllm/_C.abi3.so"
JIT = ("jit-only-for-capability", FA2)
# FlashAttention 2 is built for 8.0 with PTX; the NVFP4 product took one family's kernel until vllm-project/vllm#29711.
SAID = {
    ("0.8.5", "8.0"): set(),
    ("0.8.5", "9.0"): set(),
    ("0.10.2", "8.0"): set(),
    ("0.10.2", "9.0"): {JIT},
    ("0.10.2", "10.0"): {JIT},
    ("0.10.2", "12.0"): {JIT, ("entry-point-calls-another-family", C)},
    ("0.11.0", "8.0"): set(),
    ("0.11.0", "9.0"): {JIT},
    ("0.11.0", "10.0"): {JIT},
    ("0.11.0", "12.0"): {JIT, ("entry-point-calls-another-family", C)},
    ("0.33.0", "8.0"): set(),
    ("0.33.0", "9.0"): {JIT},
    ("0.33.0", "10.0"): {JIT},
    ("0.33.0", "12.0"): {JIT},
}


def said(report: Report) -> set[tuple[str, str]]:
    """The errors and warnings, each with the file that it names first."""
    loud = [finding for finding in report.findings if finding.severity is not Severity.NOTE]
    return {(finding.rule, next((p for p in (FA2, C) if p in finding.title), finding.title)) for finding in loud}


@pytest.mark.parametrize(("version", "capability"), SAID)
def test_a_wheel_raises_the_alarms_that_are_known_to_be_true(corpus: Any, version: str, capability: str) -> None:
    report = examine(Options(targets=(str(corpus.wheel("vllm", version)),), gpu=capability, static=True))

    assert said(report) == SAID[version, capability]


@pytest.fixture
def environment(corpus: Any, tmp_path: Path) -> Path:
    """An environment with the libraries of torch 2.8.0, unpacked once, and nothing else."""
    wheel = corpus.wheel("torch", "2.8.0", "cp311-cp311-manylinux_2_28_x86_64")
    names = (
        "version.py",
        "lib/libc10.so",
        "lib/libc10_cuda.so",
        "lib/libtorch_cpu.so",
        "lib/libtorch_cuda.so",
        "lib/libtorch_python.so",
    )
    folder = {corpus.member(wheel, f"torch/{name}").parents[name.count("/")] for name in names}
    site = tmp_path / "lib" / "python3.11" / "site-packages"
    site.mkdir(parents=True)
    (site / "torch").symlink_to(folder.pop().resolve())
    return tmp_path


@pytest.mark.parametrize(
    ("version", "rules"),
    [
        ("0.8.5", {"cxx11-abi-mismatch", "torch-lacks-symbols", "wheel-pins-another-torch"}),
        ("0.11.0", set()),
        ("0.33.0", {"cuda-major-not-torchs", "torch-lacks-symbols", "wheel-pins-another-torch"}),
    ],
)
def test_a_wheel_beside_torch_2_8(corpus: Any, environment: Path, version: str, rules: set[str]) -> None:
    """0.8.5 is built for 2.6 and the old std::string, 0.11.0 for 2.8, 0.33.0 for 2.14 and CUDA 13."""
    wheel = str(corpus.wheel("vllm", version))
    options = Options(targets=(wheel,), python=str(environment), gpu="8.0", static=True, select=("loader",))

    found = examine(options).findings

    assert {finding.rule for finding in found if finding.severity is not Severity.NOTE} == rules
    explained = {finding.rule: finding.explained_by for finding in found}
    if version == "0.8.5":
        assert explained["torch-lacks-symbols"] == "cxx11-abi-mismatch"


def test_the_notes_about_tags_are_true(corpus: Any) -> None:
    """By `readelf -V` its _moe_C needs GLIBC_2.29, and manylinux1 promises 2.5; by `nm` a module of it is made with pybind11."""
    report = examine(
        Options(targets=(str(corpus.wheel("vllm", "0.11.0")),), gpu="8.0", static=True, select=("loader",))
    )

    assert {finding.rule for finding in report.findings} == {
        "wheel-tag-promises-older-glibc",
        "abi3-file-uses-unstable-python",
    }
    (wheel,) = report.evidence.wheels or ()
    needs = {binary.path: binary.host.glibc for binary in report.evidence.binaries or () if binary.host}
    assert wheel.glibc == "2.5"
    assert needs[f"{wheel.path}!vllm/_moe_C.abi3.so"] == "2.29"


def test_a_module_for_one_python_in_an_abi3_wheel_is_told(corpus: Any) -> None:
    """Every other module of torchao 0.13.0 is for all Pythons from 3.9 on; this one says 39 in its name."""
    report = examine(
        Options(targets=(str(corpus.wheel("torchao", "0.13.0")),), gpu="9.0", static=True, select=("loader",))
    )

    assert [(finding.rule, "mxfp8_cuda.cpython-39" in finding.title) for finding in report.findings] == [
        ("abi3-wheel-holds-version-specific-module", True)
    ]


@pytest.mark.parametrize(
    ("project", "version"), [("torchvision", "0.23.0"), ("torchaudio", "2.8.0"), ("bitsandbytes", "0.50.2")]
)
def test_other_projects_raise_no_alarm_of_the_loader(
    corpus: Any, environment: Path, project: str, version: str
) -> None:
    """Files that define symbols for each other, one file for each CUDA version, and files for other makers' GPUs."""
    tag = "x86_64" if project == "bitsandbytes" else "cp311-cp311-manylinux_2_28_x86_64"
    wheel = str(corpus.wheel(project, version, tag))
    found = examine(
        Options(targets=(wheel,), python=str(environment), gpu="9.0", static=True, select=("loader",))
    ).findings

    assert [finding.title for finding in found if finding.severity is not Severity.NOTE] == []
