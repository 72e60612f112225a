"""What CMake is asked: the torch of the examined environment decides between CUDA and HIP, and makes the flags."""

from __future__ import annotations

from pathlib import Path

import pytest

from buildDoctor.core.evidence import Evidence
from buildDoctor.examine.options import Options
from buildDoctor.examine.plan_questions import asked_again
from buildDoctor.examine.run import examine

DEMO = Path(__file__).parents[2] / "buildDoctor" / "demo"
HIP = """\
cmake_minimum_required(VERSION 3.26)
project(small LANGUAGES CXX)
find_package(Torch REQUIRED)
if(HIP_FOUND)
  enable_language(HIP)
  add_library(_C MODULE a.hip)
  set_target_properties(_C PROPERTIES HIP_ARCHITECTURES "$ENV{PYTORCH_ROCM_ARCH}")
else()
  add_library(_C MODULE a.cu)
endif()
"""


@pytest.fixture
def environment(tmp_path: Path) -> Path:
    """An environment without any package."""
    folder = tmp_path / "venv"
    (folder / "lib" / "python3.12" / "site-packages" / "torch").mkdir(parents=True)
    (folder / "bin").mkdir()
    (folder / "bin" / "python").touch(mode=0o755)
    (folder / "pyvenv.cfg").write_text("home = /usr\nversion = 3.12.0\n", encoding="utf-8")
    return folder


def torch_is(environment: Path, version: str, cuda: str | None) -> None:
    """Put the files that say which torch is installed into an environment."""
    file = environment / "lib" / "python3.12" / "site-packages" / "torch" / "version.py"
    file.write_text(f"__version__ = {version!r}\ncuda = {cuda!r}\n", encoding="utf-8")


def seen(tree: Path, environment: Path, **options: object) -> Evidence:
    """The evidence about a tree in an environment."""
    asked = Options(source=str(tree), python=str(environment), isolated=True, static=True, **options)  # type: ignore[arg-type]  # each is a field
    return examine(asked).evidence


def test_a_torch_for_rocm_makes_the_build_one_for_hip(environment: Path, tmp_path: Path) -> None:
    """No toolkit and no CUDA architecture has to be stated, and none is claimed."""
    tree = tmp_path / "tree"
    tree.mkdir()
    (tree / "CMakeLists.txt").write_text(HIP, encoding="utf-8")
    torch_is(environment, "2.8.0+rocm6.4", None)

    evidence = seen(tree, environment, env=("PYTORCH_ROCM_ARCH=gfx942;gfx90a",))

    plan = evidence.plan
    assert plan is not None
    assert (plan.platform, plan.architectures, plan.hip_architectures) == ("hip", None, ("gfx942", "gfx90a"))
    assert [(source.path, source.architectures) for source in plan.sources or ()] == [("a.hip", None)]
    reasons = [gap.reason for gap in evidence.not_seen if gap.path == "plan.architectures"]
    assert reasons == [
        "the build is for HIP (ROCm) and has no CUDA architectures; its AMD architectures are gfx942, gfx90a"
    ]


def test_names_that_torch_knows_may_be_asked_for(environment: Path) -> None:
    """As TORCH_CUDA_ARCH_LIST may hold them."""
    torch_is(environment, "2.9.0+cu129", "12.9")

    plan = seen(DEMO, environment, arch_list="Hopper", cuda="12.9").plan

    assert plan is not None
    assert (plan.request, plan.gencode) == (("9.0",), ("9.0",))


def test_a_plan_is_asked_again_with_all_that_it_was_asked_with(environment: Path) -> None:
    """So that a what-if differs in the change alone."""
    torch_is(environment, "2.8.0+cu129", "12.9")
    options = Options(env=("CMAKE_ARGS=-DSMALL=ON",), arch_list="12.0")
    evidence = seen(DEMO, environment, env=options.env, arch_list="12.0", cuda="12.9")
    assert evidence.plan is not None

    asked = asked_again(evidence, evidence.plan, options)

    assert (asked.cuda, asked.request, asked.torch) == ("12.9", ("12.0",), "2.8.0+cu129")
    assert asked.definitions == (("SMALL", "ON"),)
