"""Real source distributions: pinned, and where the reader claims something a run of the same script agrees."""

from __future__ import annotations

import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.corpus

Call = Callable[..., Any]
VERSIONS = ("11.8", "12.4", "12.8", "12.9", "13.0")
AMPERE_HOPPER = ("8.0", "9.0")
FLASH = dict.fromkeys(VERSIONS[:2], AMPERE_HOPPER) | dict.fromkeys(VERSIONS[2:], ("8.0", "9.0", "10.0", "12.0"))
OLD = ("7.5", "8.0", "8.7", "9.0")
NEW = (*OLD, "10.0", "12.0")
CONV = {"11.8": OLD, "12.4": OLD, "12.8": NEW, "12.9": NEW, "13.0": (*NEW, "10.3", "11.0", "12.1")}
OLDER_CONV = dict.fromkeys(VERSIONS, ("5.3", "6.2", "7.0", "7.2", "8.0", "8.7", "9.0"))
LIST = dict.fromkeys(VERSIONS, ("9.0", "12.0"))
LOCAL_XFORMERS = (
    ("XFORMERS_PT_FLASH_ATTN", "0"),
    ("XFORMERS_PT_CUTLASS_ATTN", "0"),
    ("XFORMERS_DISABLE_FLASH_ATTN", "0"),
)
"""Its own kernels in place of torch's: what it asks torch for otherwise has no stand-in."""

PINNED: dict[tuple[str, str], dict[str, tuple[int, dict[str, tuple[str, ...]]]]] = {
    ("flash_attn", "2.5.8"): {"flash_attn_2_cuda": (48, dict.fromkeys(VERSIONS, AMPERE_HOPPER))},
    ("flash_attn", "2.7.4.post1"): {"flash_attn_2_cuda": (84, FLASH)},
    ("flash_attn", "2.8.3"): {"flash_attn_2_cuda": (72, FLASH)},
    ("causal_conv1d", "1.4.0"): {"causal_conv1d_cuda": (3, OLDER_CONV)},
    ("causal_conv1d", "1.7.0"): {"causal_conv1d_cuda": (3, CONV)},
    ("mamba_ssm", "2.2.2"): {"selective_scan_cuda": (9, OLDER_CONV)},
    ("mamba_ssm", "2.3.2.post1"): {"selective_scan_cuda": (9, CONV)},
    ("torch_scatter", "2.1.2"): {
        f"torch_scatter._{name}_{kind}": (int(kind == "cuda" and name != "version"), LIST if kind == "cuda" and name != "version" else {})
        for name in ("scatter", "segment_coo", "segment_csr", "version")
        for kind in ("cpu", "cuda")
    },
    ("grouped_gemm", "0.3.0"): {"grouped_gemm_backend": (2, LIST)},
}  # fmt: skip


@pytest.fixture
def tree_of(corpus: Any, tmp_path: Path) -> Call:
    """Unpacks a source distribution."""

    def unpack(project: str, version: str) -> Path:
        with tarfile.open(corpus.sdist(project, version)) as archive:
            archive.extractall(tmp_path, filter="data")
        return tmp_path / f"{project}-{version}"

    return unpack


def architectures(plan: Any, extension: str) -> set[Any]:
    return {source.architectures for source in plan.sources if source.extension == extension}


@pytest.mark.parametrize(("project", "version"), PINNED, ids=[f"{name} {version}" for name, version in PINNED])
def test_a_real_project_is_read_and_a_run_agrees(
    project: str, version: str, tree_of: Call, read: Call, record: Call
) -> None:
    """Names, numbers of CUDA sources and architectures for five toolkits."""
    tree, pinned = tree_of(project, version), PINNED[project, version]
    for cuda in VERSIONS:
        plan = read(tree, cuda=cuda, arch_list="9.0 12.0").plan
        asked = {
            extension.name: extension for extension in record(tree, cuda=cuda, arch_list="9.0 12.0").way.extensions
        }

        assert sorted(extension.name for extension in plan.extensions) == sorted(pinned) == sorted(asked)
        for name, (count, by_cuda) in pinned.items():
            sources = [source.path for source in plan.sources if source.extension == name]
            assert len(sources) == count
            assert architectures(plan, name) == ({by_cuda[cuda]} if count else set())
            assert set(sources) == {source for source in asked[name].sources if source.endswith(".cu")}


@pytest.mark.parametrize(("version", "own", "flash"), [("0.0.32.post2", 18, 225), ("0.0.33.post2", 18, 225)])
def test_xformers_is_read_and_a_run_agrees(
    version: str, own: int, flash: int, tree_of: Call, read: Call, record: Call
) -> None:
    tree = tree_of("xformers", version)
    question = {"cuda": "12.8", "arch_list": "9.0 12.0", "variables": LOCAL_XFORMERS}

    plan, asked = read(tree, **question).plan, record(tree, **question).way.extensions

    by_name = {e.name: {s for s in e.sources if s.endswith(".cu")} for e in asked}
    assert {e.name: {s for s in e.sources if s.endswith(".cu")} for e in plan.extensions} == by_name
    assert architectures(plan, "xformers._C") == {("9.0", "12.0")}
    assert architectures(plan, "xformers._C_flashattention") == {("9.0", "12.0")}
    assert architectures(plan, "xformers.flash_attn_3._C") == {("9.0",)}
    assert len(by_name["xformers._C"]) == own
    assert sum(map(len, by_name.values())) - own == flash


def test_xformers_says_what_its_kernels_hang_on(tree_of: Call, read: Call) -> None:
    """Whether torch's own kernels are taken is asked of torch, which is not there."""
    reading = read(tree_of("xformers", "0.0.28.post3"), cuda="12.8", arch_list="9.0 12.0")

    reasons = " ".join(gap.reason for gap in reading.not_seen)
    assert "attn_compat_module.is_pt_cutlass_compatible" in reasons
    assert "setup.py:403" in reasons
    assert None in architectures(reading.plan, "xformers._C")


def test_xformers_cannot_be_built_with_an_old_toolkit(tree_of: Call, read: Call, record: Call) -> None:
    """0.0.33 removes a file from a list that does not hold it when CUDA is older than 12.5: reading and running say so."""
    tree = tree_of("xformers", "0.0.33.post2")

    reading = read(tree, cuda="12.4", arch_list="9.0")
    recorded = record(tree, cuda="12.4", arch_list="9.0", variables=LOCAL_XFORMERS)

    assert reading.plan is None
    assert "setup.py:520: ValueError: list.remove(x): x not in list" in reading.not_seen[0].reason
    assert recorded.way.stop == "setup.py:520: ValueError: list.remove(x): x not in list"


def test_the_variable_of_flash_attn_is_followed(tree_of: Call, read: Call) -> None:
    tree = tree_of("flash_attn", "2.8.3")

    plan = read(tree, cuda="12.8", variables=(("FLASH_ATTN_CUDA_ARCHS", "90;120"),)).plan

    assert architectures(plan, "flash_attn_2_cuda") == {("9.0", "12.0")}
    assert plan.variables == ("FLASH_ATTN_CUDA_ARCHS",)
    assert plan.spelt == ("8.0", "9.0", "10.0", "12.0")
    assert [step.after for step in plan.steps] == [("9.0",), ("9.0", "12.0")]


def test_a_project_whose_build_is_its_own_is_not_claimed_for(tree_of: Call, read: Call) -> None:
    """NATTEN starts CMake from its own build command; FlashAttention 3 replaces a part of torch's helper."""
    natten = read(tree_of("natten", "0.21.1"), cuda="12.8")
    flash3 = read(tree_of("flash_attn", "2.8.3") / "hopper", cuda="12.8")

    assert any("built by the script's own class BuildExtension" in gap.reason for gap in natten.not_seen)
    assert architectures(flash3.plan, "flash_attn_3._C") == {None}
    assert any("_write_ninja_file of torch's build helper is replaced" in gap.reason for gap in flash3.not_seen)
