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


FILTERS = """\
cmake_minimum_required(VERSION 3.26)
project(small LANGUAGES CXX)
set(HIP_CHIPS "gfx90a;gfx942")
find_package(Torch REQUIRED)
enable_language(HIP)
foreach(chip IN LISTS CMAKE_HIP_ARCHITECTURES)
  if(chip IN_LIST HIP_CHIPS)
    list(APPEND CHIPS ${chip})
  endif()
endforeach()
add_library(_C MODULE a.hip)
set_target_properties(_C PROPERTIES HIP_ARCHITECTURES "${CHIPS}")
add_library(host MODULE a.cpp)
"""


@pytest.mark.parametrize("stated", ["option", "variable"])
def test_a_chip_that_a_list_takes_out_of_the_request_is_told_with_a_proven_fix(
    stated: str, environment: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A target without HIP sources keeps CMake's own list, and compiles nothing for it."""
    tree = tmp_path / "tree"
    tree.mkdir()
    (tree / "CMakeLists.txt").write_text(FILTERS, encoding="utf-8")
    torch_is(environment, "2.8.0+rocm6.4", None)
    asked = "gfx942;gfx1103"
    monkeypatch.setenv("PYTORCH_ROCM_ARCH", asked if stated == "variable" else "gfx90a")

    env = (f"PYTORCH_ROCM_ARCH={asked}",) if stated == "option" else ()
    report = examine(Options(source=str(tree), python=str(environment), isolated=True, static=True, env=env))

    plan = report.evidence.plan
    assert plan is not None
    assert (plan.hip_request, plan.hip_architectures) == (("gfx942", "gfx1103"), ("gfx942",))
    (finding,) = (one for one in report.findings if one.rule == "hip-architecture-dropped")
    assert finding.title.startswith("gfx1103 is dropped")
    best = finding.fixes[0]
    assert (best.title, best.trial.outcome.value) == ("Add gfx1103 to HIP_CHIPS", "proven")
    assert '+set(HIP_CHIPS "gfx90a;gfx942;gfx1103")' in (best.patch or "")


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
