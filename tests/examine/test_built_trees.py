"""Build folders in an examination: found, put beside the plan, and judged."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from buildDoctor.adapters.cmake.find_cmake import find_cmake
from buildDoctor.core.report import Report
from buildDoctor.examine.options import Options
from buildDoctor.examine.run import examine

DEMO = Path(__file__).parents[2] / "buildDoctor" / "demo"
RECORDED = Path(__file__).parents[1] / "adapters" / "build_folder" / "recorded"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of the bundled case, to be built in."""
    tree = tmp_path / "tree"
    shutil.copytree(DEMO, tree, ignore=shutil.ignore_patterns("*.so"))
    return tree


def build(tree: Path, lists: dict[str, str], cuda: str = "12.9.86", **cache: str) -> Path:
    """A build folder as CMake leaves it: these architectures by source, and these values in the cache."""
    folder = tree / "build"
    (folder / "CMakeFiles" / "4.0.0").mkdir(parents=True)
    compiler = f'set(CMAKE_CUDA_COMPILER_VERSION "{cuda}")\n'
    (folder / "CMakeFiles" / "4.0.0" / "CMakeCUDACompiler.cmake").write_text(compiler, encoding="utf-8")
    values = {"CMAKE_HOME_DIRECTORY:INTERNAL": str(tree), "CMAKE_CUDA_COMPILER:FILEPATH": "/opt/nvcc", **cache}
    text = "".join(f"{name}={value}\n" for name, value in values.items())
    (folder / "CMakeCache.txt").write_text(text, encoding="utf-8")
    commands = [
        {
            "directory": str(folder),
            "file": str(tree / path),
            "output": f"CMakeFiles/_C.dir/{path}.o",
            "command": "nvcc "
            + " ".join(f"-gencode arch=compute_{n},code=sm_{n}" for n in numbers.split())
            + f" -c {path}",
        }
        for path, numbers in lists.items()
    ]
    (folder / "compile_commands.json").write_text(json.dumps(commands), encoding="utf-8")
    return folder


def rules_of(report: Report) -> list[str]:
    """The rules about build folders that hold; which toolkit this machine has is another matter."""
    found = {finding.rule for finding in report.findings} - {"build-folder-of-another-toolkit"}
    return sorted(rule for rule in found if rule.startswith("build-folder"))


def examined(tree: Path, *targets: str, arch_list: str | None = "9.0 12.0", cuda: str | None = "12.9") -> Report:
    """An examination of a tree with these rules alone."""
    return examine(Options(targets=targets or (str(tree),), arch_list=arch_list, cuda=cuda, static=True))


def planned(tree: Path) -> dict[str, str]:
    """What the tree's scripts decide, as the numbers of the compiler's flags."""
    plan = examined(tree).evidence.plan
    assert plan is not None
    return {
        source.path or "": " ".join(a.replace(".", "") for a in source.architectures or ())
        for source in plan.sources or ()
    }


def test_a_folder_that_does_what_the_scripts_decide_is_no_finding(tree: Path) -> None:
    build(tree, planned(tree))

    report = examined(tree)

    assert rules_of(report) == []
    assert report.evidence.plan is not None
    (configured,) = report.evidence.plan.configured or ()
    assert (configured.folder, configured.differences, configured.not_compiled) == ("build", (), ())


def test_a_folder_of_another_request_is_told_with_its_sources(tree: Path) -> None:
    lists = planned(tree)
    first = min(lists)
    build(tree, {**lists, first: "80"})

    report = examined(tree)

    assert rules_of(report) == ["build-folder-compiles-other-architectures"]
    finding = next(f for f in report.findings if f.rule == "build-folder-compiles-other-architectures")
    assert first in finding.why


def test_a_cache_that_keeps_another_list_is_told(tree: Path) -> None:
    build(tree, planned(tree), **{"TORCH_CUDA_ARCH_LIST:STRING": "8.0"})

    assert "build-folder-keeps-another-request" in rules_of(examined(tree))


def test_a_planned_source_without_a_command_is_told(tree: Path) -> None:
    lists = planned(tree)
    lists.pop(min(lists))
    build(tree, lists)

    assert rules_of(examined(tree)) == ["build-folder-lacks-planned-source"]


def test_the_build_folder_itself_is_a_target(tree: Path) -> None:
    """Its cache names the tree, whose scripts are then replayed for what the folder compiles."""
    folder = build(tree, planned(tree))

    plan = examined(tree, str(folder), arch_list=None, cuda=None).evidence.plan

    assert plan is not None
    assert plan.source == str(tree)
    assert plan.cuda_version is not None
    assert plan.request is not None
    assert "9.0" in plan.request
    assert [configured.folder for configured in plan.configured or ()] == ["build"]


def test_a_build_folder_without_its_tree_is_read_alone(tmp_path: Path) -> None:
    """One that came from another machine."""
    shutil.copytree(RECORDED / "ninja", tmp_path / "copied")

    report = examined(tmp_path, str(tmp_path / "copied"))

    assert report.evidence.plan is not None
    assert report.evidence.plan.sources is None
    (configured,) = report.evidence.plan.configured or ()
    assert configured.source == "/src/small"
    assert len(configured.sources or ()) == 5
    assert any(missing.path == "plan" for missing in report.evidence.not_seen)


def test_a_fix_is_tried_beside_a_build_folder(tree: Path) -> None:
    """What the folder compiles is no part of a trial: a fix of the scripts is still proven."""
    build(tree, planned(tree))

    report = examine(Options(targets=(str(tree),), arch_list="9.0 12.0", cuda="12.9", gpu="12.0", static=True))

    outcomes = {fix.trial.outcome for finding in report.findings for fix in finding.fixes}
    assert "proven" in {outcome.value for outcome in outcomes}


def test_a_tree_that_is_built_in_itself_has_its_scripts_compared_too(tree: Path) -> None:
    """Scripts in a build folder are none of the tree's; here the folder is the tree."""
    (tree / "CMakeCache.txt").write_text("", encoding="utf-8")
    os.utime(tree / "CMakeCache.txt", ns=(0, 0))

    plan = examined(tree).evidence.plan

    assert plan is not None
    (configured,) = plan.configured or ()
    assert configured.folder == "."
    assert "CMakeLists.txt" in (configured.older_than or ())


def test_a_tree_without_a_build_folder_says_that_there_is_none(tree: Path) -> None:
    plan = examined(tree).evidence.plan

    assert plan is not None
    assert plan.configured == ()


def test_a_really_configured_folder_does_what_the_replay_says(tmp_path: Path) -> None:
    """CMake and nvcc of this machine agree with the replay, for each way to state architectures, and then differ."""
    cmake = find_cmake()
    if cmake is None or shutil.which("nvcc") is None or shutil.which("c++") is None:
        pytest.skip("there is no cmake, nvcc or c++")
    tree = tmp_path / "small"
    shutil.copytree(RECORDED.parent / "small", tree)
    command = [cmake, "-S", tree, "-B", tree / "build", "-DCMAKE_CUDA_ARCHITECTURES=90;120"]
    subprocess.run(command, check=True, capture_output=True)

    same = examined(tree, arch_list="9.0+PTX 12.0+PTX", cuda=None)
    other = examined(tree, arch_list="8.0 12.0", cuda=None)

    assert rules_of(same) == []
    assert rules_of(other) == ["build-folder-compiles-other-architectures"]
    finding = next(f for f in other.findings if f.rule == "build-folder-compiles-other-architectures")
    assert "csrc/plain.cu of default for 9.0+PTX, 12.0+PTX" in finding.why
