"""Which source defines a kernel, read from text."""

from __future__ import annotations

from pathlib import Path

import pytest

from buildDoctor.core.errors import RequestError
from buildDoctor.core.evidence import Feature, Plan, PlannedSource
from buildDoctor.examine.kernel_sources import kernel_sources

PLAN = Plan(
    sources=(PlannedSource(path="csrc/a.cu"), PlannedSource(path="csrc/gone.cu")),
    features=(Feature(name="b", sources=("csrc/b.cu",)),),
)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "csrc").mkdir()
    (tmp_path / "csrc/a.cu").write_text(
        '#include "shared.cuh"\n__global__ void __launch_bounds__(512, VLLM_BLOCKS(512))\ncvt_to_fp4(int n) {}\n'
        "void launch() { cvt_to_int8<<<1, 2>>>(3); }\n"
    )
    (tmp_path / "csrc/b.cu").write_text('#include "../csrc/shared.cuh"\n#include "/etc/passwd"\n')
    (tmp_path / "csrc/shared.cuh").write_text("template <int N>\n__global__ void copy_blocks(float* x);\n")
    return tmp_path


def test_a_kernel_is_found_where_it_is_defined(tree: Path) -> None:
    """Its launch is no definition; launch bounds stand between."""
    assert kernel_sources(PLAN, tree, "*CVT*") == {"cvt_to_fp4": ("csrc/a.cu",)}


def test_a_header_counts_for_every_source_that_includes_it(tree: Path) -> None:
    """Those of features that are not built too."""
    assert kernel_sources(PLAN, tree, "copy_blocks") == {"copy_blocks": ("csrc/a.cu", "csrc/b.cu")}


def test_a_link_out_of_the_tree_is_not_read(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside") / "x.cu"
    outside.write_text("__global__ void secret() {}\n")
    (tree / "csrc/gone.cu").symlink_to(outside)

    assert kernel_sources(PLAN, tree, "secret") == {}


def test_a_pattern_without_end_is_refused(tree: Path) -> None:
    with pytest.raises(RequestError, match="201 characters"):
        kernel_sources(PLAN, tree, "x" * 201)
