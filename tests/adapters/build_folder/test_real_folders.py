"""Build folders that CMake really configures, and recorded ones: what is read is what nvcc and ninja are told."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sysconfig
from pathlib import Path

import pytest

from buildDoctor.adapters.build_folder.finding import build_folders
from buildDoctor.adapters.build_folder.ninja import read_ninja
from buildDoctor.adapters.build_folder.reading import read_build_folder
from buildDoctor.adapters.cmake.find_cmake import find_cmake
from buildDoctor.core.evidence import Configured

HERE = Path(__file__).parent
SMALL = {
    ("default", "csrc/plain.cu"): ("9.0+PTX", "12.0+PTX"),
    ("flags", "build/written.cu"): None,
    ("flags", "csrc/exact.cu"): ("9.0a",),
    ("flags", "csrc/several.cu"): ("8.0+PTX", "8.6"),
    ("property", "csrc/plain.cu"): ("8.0", "9.0a+PTX", "compute_120"),
}
"""What the small tree compiles when CMAKE_CUDA_ARCHITECTURES is 90;120; one source is left to the compiler."""


def ninja() -> Path:
    """The ninja of the PyPI package, or of the system."""
    found = shutil.which("ninja", path=f"{sysconfig.get_path('scripts')}:{os.environ['PATH']}")
    if found is None:
        pytest.skip("there is no ninja")
    return Path(found)


def configure(tree: Path, generator: str, *options: str) -> Path:
    """Configure a copy of the small tree; skips the test where nothing can compile."""
    cmake = find_cmake()
    if cmake is None or shutil.which("nvcc") is None or shutil.which("c++") is None:
        pytest.skip("there is no cmake, nvcc or c++")
    shutil.copytree(HERE / "small", tree)
    tool = [f"-DCMAKE_MAKE_PROGRAM={ninja()}"] if generator.startswith("Ninja") else []
    command = [cmake, "-S", tree, "-B", tree / "build", "-G", generator, *tool, *options]
    subprocess.run(command, check=True, capture_output=True)
    return tree / "build"


def lists_of(configured: Configured) -> dict[tuple[str | None, str | None], tuple[str, ...] | None]:
    """The architectures by extension and source."""
    return {(source.extension, source.path): source.architectures for source in configured.sources or ()}


@pytest.mark.parametrize("generator", ["Ninja", "Unix Makefiles", "Ninja Multi-Config"])
def test_a_configured_folder_tells_what_each_source_is_compiled_for(generator: str, tmp_path: Path) -> None:
    tree = tmp_path / "small"
    folder = configure(tree, generator, "-DCMAKE_CUDA_ARCHITECTURES=90;120")

    (found,) = build_folders(tree)
    configured = read_build_folder(found, tree, [tree / "CMakeLists.txt"]).configured

    default = lists_of(configured).pop(("flags", "build/written.cu"))
    assert lists_of(configured) == {**SMALL, ("flags", "build/written.cu"): default}
    assert default in {("7.5+PTX",), ("5.2+PTX",)}
    assert (found, configured.folder, configured.source) == (folder, "build", str(tree))
    assert configured.generator == generator
    assert configured.nvcc == shutil.which("nvcc")
    assert (
        configured.cuda_version
        in subprocess.run(["nvcc", "--version"], capture_output=True, text=True, check=True).stdout
    )
    assert configured.older_than == ()
    flags = next(source for source in configured.sources or () if source.path == "csrc/exact.cu")
    assert {"ENABLE_FP4=1", 'NAME="a b"'} <= set(flags.definitions or ())


def test_the_commands_are_those_that_ninja_would_run(tmp_path: Path) -> None:
    """`ninja -t compdb` expands the same file."""
    folder = configure(tmp_path / "a tree" / "small", "Ninja")
    said = subprocess.run([ninja(), "-C", folder, "-t", "compdb"], capture_output=True, text=True, check=True).stdout
    real = {entry["output"]: entry["command"] for entry in json.loads(said) if entry["output"].endswith(".o")}

    commands, _files, _values = read_ninja(folder, "build.ninja")

    assert {command.output: command.text for command in commands if command.output.endswith(".o")} == real


def test_the_command_of_torchs_helper_is_the_one_that_ninja_would_run(tmp_path: Path) -> None:
    """The same for a file that torch's helper writes; spaces in paths are kept."""
    shutil.copy(HERE / "recorded" / "torch" / "build.ninja", tmp_path)
    said = subprocess.run([ninja(), "-C", tmp_path, "-t", "compdb"], capture_output=True, text=True, check=True).stdout

    commands, _files, _values = read_ninja(tmp_path, "build.ninja")

    real = [(entry["output"], entry["file"], entry["command"]) for entry in json.loads(said)]
    assert [(command.output, command.source, command.text) for command in commands] == real


@pytest.mark.parametrize("name", ["ninja", "make"])
def test_a_recorded_folder_is_read_without_its_tree(name: str, tmp_path: Path) -> None:
    """The folder of another machine: its paths are told relative to the tree that it names."""
    tree = tmp_path / "tree"
    shutil.copytree(HERE / "recorded" / name, tree / "build")

    configured = read_build_folder(tree / "build", tree, []).configured

    assert {**lists_of(configured), ("flags", "build/written.cu"): None} == SMALL
    assert (configured.source, configured.cuda_version) == ("/src/small", "13.0.88")
    assert configured.request == ()


def test_a_recorded_folder_of_torchs_helper(tmp_path: Path) -> None:
    """It names its one extension, and says that there may have been others."""
    folder = tmp_path / "build" / "temp.linux-x86_64-cpython-312"
    shutil.copytree(HERE / "recorded" / "torch", folder)

    (found,) = build_folders(tmp_path)
    read = read_build_folder(found, tmp_path, [])

    assert found == folder
    (source,) = read.configured.sources or ()
    assert (source.extension, source.architectures) == ("small_cuda", ("9.0+PTX",))
    assert (read.configured.generator, read.configured.nvcc) == ("torch", "/usr/local/cuda/bin/nvcc")
    assert read.configured.cuda_version is None
    assert any("last one" in reason for _path, reason in read.not_seen)


@pytest.mark.parametrize(
    ("cached", "request_"),
    [
        pytest.param("CMAKE_CUDA_ARCHITECTURES:STRING=90;120", (), id="a list that other flags override"),
        pytest.param("TORCH_CUDA_ARCH_LIST:STRING=9.0 12.0a+PTX", ("9.0", "12.0a+PTX"), id="torch's list"),
        pytest.param("TORCH_CUDA_ARCH_LIST:STRING=Hopper", (), id="a name of torch's"),
        pytest.param("CMAKE_CUDA_ARCHITECTURES:STRING=native", (), id="whatever the machine has"),
        pytest.param("CMAKE_CUDA_ARCHITECTURES:STRING=80-real;86", ("8.0", "8.6+PTX"), id="a list that is followed"),
    ],
)
def test_a_list_of_the_cache_counts_where_it_decides(cached: str, request_: tuple[str, ...], tmp_path: Path) -> None:
    """CMake keeps the compiler's default too, so its own list counts only where the commands follow it."""
    flags = "--generate-code=arch=compute_80,code=[sm_80] --generate-code=arch=compute_86,code=[compute_86,sm_86]"
    entry = {"directory": "/b", "file": "/s/a.cu", "command": f"nvcc {flags} -c /s/a.cu"}
    (tmp_path / "CMakeCache.txt").write_text(f"# a comment\n//words\n{cached}\n", encoding="utf-8")
    (tmp_path / "compile_commands.json").write_text(json.dumps([entry]), encoding="utf-8")

    assert read_build_folder(tmp_path, tmp_path, []).configured.request == request_


def test_scripts_that_changed_later_are_named(tmp_path: Path) -> None:
    """By the times of the files alone, however small the difference."""
    (tmp_path / "build").mkdir()
    for number, name in enumerate(["CMakeLists.txt", "build/CMakeCache.txt", "cmake.cmake"]):
        (tmp_path / name).write_text("", encoding="utf-8")
        os.utime(tmp_path / name, ns=(0, 1_000_000_000 + number))
    scripts = [tmp_path / "CMakeLists.txt", tmp_path / "cmake.cmake", tmp_path / "gone.cmake"]

    assert read_build_folder(tmp_path / "build", tmp_path, scripts).configured.older_than == ("cmake.cmake",)
