"""From a typed change to the list in the scripts."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from buildDoctor.core.comparing.plan_difference import difference
from buildDoctor.core.errors import RequestError
from buildDoctor.core.fixes.plan_changes import ListChange
from buildDoctor.examine.changing import changed_plan, changes_of
from buildDoctor.examine.options import Options
from buildDoctor.examine.plan_asking import AskedPlan, ask_plan

DEMO = Path(__file__).parents[2] / "buildDoctor" / "demo"
REQUEST = "7.0 7.5 8.0 8.6 9.0 10.0 12.0+PTX"


def ask(tree: Path, request: str = REQUEST, cuda: str = "12.9") -> AskedPlan:
    return ask_plan(Options(source=str(tree), cuda=cuda, arch_list=request, gpu="12.0", static=True))


@pytest.fixture(scope="module")
def demo() -> AskedPlan:
    return ask(DEMO)


@pytest.fixture
def indirect(tmp_path: Path) -> Path:
    """The case with the own list of NVFP4 in a variable, which two commands set."""
    tree = tmp_path / "tree"
    shutil.copytree(DEMO, tree)
    script = tree / "CMakeLists.txt"
    text = script.read_text(encoding="utf-8")
    call = 'match_architectures(FP4_ARCHS "12.0a;12.1a" "${CUDA_ARCHS}")'
    lists = 'set(FP4_WANTS 12.0a)\n  list(APPEND FP4_WANTS "12.1a")\n  match_architectures(FP4_ARCHS "${FP4_WANTS}" "${CUDA_ARCHS}")'
    assert call in text
    script.write_text(text.replace(call, lists), encoding="utf-8")
    return tree


def places(asked: AskedPlan, *texts: str) -> list[tuple[str, int, tuple[str, ...]]]:
    return [(one.file, one.line, one.after) for one in changes_of(asked, texts).lists]


def test_several_changes_of_one_list_are_one_change(demo: AskedPlan) -> None:
    assert changes_of(demo, ["supported-=12.0a", "CUDA_SUPPORTED_ARCHS-=7.0,7.2", "supported+=10.0"]).lists == (
        ListChange(
            file="CMakeLists.txt", line=15,
            before=("7.0", "7.2", "7.5", "8.0", "8.6", "8.7", "8.9", "9.0", "12.0", "12.0a"),
            after=("7.5", "8.0", "8.6", "8.7", "8.9", "9.0", "12.0", "10.0"),
        ),
    )  # fmt: skip


@pytest.mark.parametrize("name", ["NVFP4", "FP4_ARCHS"], ids=["feature", "its-list"])
def test_the_list_of_a_feature_is_the_one_of_its_call(name: str, demo: AskedPlan) -> None:
    assert places(demo, f"{name}+=12.0") == [("CMakeLists.txt", 59, ("12.0a", "12.1a", "12.0"))]


def test_a_list_in_a_variable_is_changed_where_it_is_set(indirect: Path) -> None:
    """What is to go is looked for in each of the commands."""
    asked = ask(indirect)

    assert places(asked, "NVFP4-=12.1a") == [("CMakeLists.txt", 60, ())]
    assert places(asked, "FP4_WANTS-=12.0a") == [("CMakeLists.txt", 59, ())]
    assert places(asked, "FP4_WANTS+=12.0") == [("CMakeLists.txt", 59, ("12.0a", "12.0"))]
    with pytest.raises(RequestError, match=r"more than one such list: FP4_WANTS \(CMakeLists.txt:59\)"):
        changes_of(asked, ["FP4_WANTS=12.0"])


def test_a_list_is_looked_for_where_the_other_toolkit_has_it(demo: AskedPlan) -> None:
    """CUDA 13 takes another branch of the scripts, with another supported list; the order of the changes does not count."""
    for texts in (("cuda=13.0", "supported-=12.0f"), ("supported-=12.0f", "cuda=13.0")):
        assert places(demo, *texts) == [("CMakeLists.txt", 12, ("7.5", "8.0", "8.6", "8.7", "8.9", "9.0", "12.0"))]


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("suported-=12.0a", "there is no list or feature 'suported'; did you mean supported"),
        ("NVFP5+=12.0", "did you mean NVFP4"),
        ("reqest=12.0", "did you mean request"),
        ("SCALED_MM_ARCHS+=12.0f", "name the feature"),
        ("supported-=12.0f", "12.0f is not in the list"),
        ("request-=7.0 7.5 8.0 8.6 9.0 10.0 12.0+PTX", "nothing would be left"),
        ("OFFERS+=12.0", "do not spell that list out"),
    ],
    ids=["list", "feature", "input", "two-features", "element", "empty-request", "a-list-of-a-function"],
)
def test_a_change_that_names_nothing_says_what_it_could_mean(text: str, error: str, demo: AskedPlan) -> None:
    with pytest.raises(RequestError, match=error):
        changes_of(demo, [text])


def test_the_difference_names_features_and_sources(demo: AskedPlan) -> None:
    """Without 12.0a NVFP4 comes, its sources are compiled, and scaled_mm_sm120 gets its own suffix back."""
    result = changed_plan(demo, changes_of(demo, ["supported-=12.0a"]))
    assert result.plan is not None

    found = difference(demo.plan, result.plan, ("12.0",), result.patch)

    assert [(f.name, f.before, f.after, f.gained, f.lost) for f in found.features] == [
        ("scaled_mm_sm120", ("12.0",), ("12.0a",), (), ()),
        ("NVFP4", (), ("12.0a",), ("12.0",), ()),
    ]
    assert {s.path: (s.before, s.after) for s in found.sources if s.gained} == {
        "csrc/nvfp4_quant_kernels.cu": (None, ("12.0a",)),
        "csrc/nvfp4_scaled_mm_kernels.cu": (None, ("12.0a",)),
    }
    assert found.losses == 0
    assert '+  set(CUDA_SUPPORTED_ARCHS "7.0;7.2;7.5;8.0;8.6;8.7;8.9;9.0;12.0")\n' in found.patch


def test_what_is_lost_is_counted_for_both_requests(demo: AskedPlan) -> None:
    """Whoever asks for 12.0 alone loses 9.0, though nobody diagnoses for it."""
    result = changed_plan(demo, changes_of(demo, ["request=12.0"]))
    assert result.plan is not None

    found = difference(demo.plan, result.plan, ())

    assert [(f.name, f.lost) for f in found.features] == [("scaled_mm_sm90", ("9.0",))]
    assert {s.path: s.lost for s in found.sources}["csrc/scaled_mm_sm90.cu"] == ("9.0",)


def test_a_setup_script_is_read_again_for_another_toolkit(tmp_path: Path) -> None:
    """Its lists are not edited."""
    (tmp_path / "setup.py").write_text(
        "from setuptools import setup\n"
        "from torch.utils.cpp_extension import CUDAExtension, CUDA_HOME\n"
        "setup(ext_modules=[CUDAExtension('x', ['a.cu'], extra_compile_args={'nvcc': ['-gencode', 'arch=compute_90,code=sm_90']})])\n"
    )
    asked = ask(tmp_path, "9.0")

    again = changed_plan(asked, changes_of(asked, ["cuda=13.0"]))

    assert again.plan is not None
    assert again.plan.cuda_version == "13.0"
