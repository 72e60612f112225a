"""Toolkits that are folders: what their files say, and which build takes which. CMake and nvcc are the oracles."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from buildDoctor.adapters.cmake.find_cmake import find_cmake
from buildDoctor.adapters.host_compilers import read_host_compiler
from buildDoctor.adapters.toolkits import read_toolkits
from buildDoctor.adapters.toolkits.assemblers import read_triton
from buildDoctor.core.device.toolkits import compiled_by
from buildDoctor.core.evidence import Toolkit

LINE = "Cuda compilation tools, release {0}, V{0}.61"
LIMITS = """#if __GNUC__ > 13

#error -- unsupported GNU version! gcc versions later than 13 are not supported!
#endif
#if (__clang_major__ >= 19) || (__clang_major__ < 3)
#error -- unsupported clang version!
#endif
"""


def toolkit(folder: Path, version: str, *, headers: str = "", limits: bool = False) -> Path:
    """A toolkit whose nvcc carries its version as the real one does, and ends when it is started."""
    (folder / "bin").mkdir(parents=True)
    nvcc = folder / "bin" / "nvcc"
    nvcc.write_bytes(b"\x7fELF" + bytes(9000) + LINE.format(version).encode() + bytes(100))
    nvcc.chmod(0o755)
    if headers:
        (folder / "include" / "crt").mkdir(parents=True)
        (folder / "include" / "cuda.h").write_text(f"#define CUDA_VERSION {headers}\n", encoding="utf-8")
    if limits:
        (folder / "include" / "crt" / "host_config.h").write_text(LIMITS, encoding="utf-8")
    return folder


def seen(root: Path, packages: tuple[Path, ...] = (), **variables: str) -> dict[str, Toolkit]:
    toolkits, _notes, _origins = read_toolkits(variables, packages, root=root, ask=False)
    return {str(one.path).removeprefix(str(root)): one for one in toolkits}


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """One toolkit in /usr, as Debian has it, and two in /usr/local, one of them the default."""
    toolkit(tmp_path / "usr", "11.5")
    toolkit(tmp_path / "usr/local/cuda-13.0", "13.0", headers="13000", limits=True)
    toolkit(tmp_path / "usr/local/cuda-12.8", "12.8", headers="12080")
    (tmp_path / "usr/local/cuda").symlink_to("cuda-13.0")
    return tmp_path


def test_a_toolkit_says_its_versions_and_limits(machine: Path) -> None:
    found = seen(machine)["/usr/local/cuda"]
    assert (found.version, found.headers, found.newest_gcc, found.newest_clang) == ("13.0.61", "13.0", 13, 18)
    assert found.found_by == ("/usr/local",)
    assert found.architectures == compiled_by("13.0")


@pytest.mark.parametrize(
    ("variables", "takers"),
    [
        pytest.param({}, {"/usr/local/cuda": ("torch", "flashinfer")}, id="nothing leads to one"),
        pytest.param(
            {"PATH": "/none:/usr/bin"}, {"/usr": ("torch", "flashinfer", "cmake")}, id="the distribution's on PATH"
        ),
        pytest.param(
            {"PATH": "/usr/bin", "CUDA_HOME": "/usr/local/cuda-12.8"},
            {"/usr/local/cuda-12.8": ("torch", "flashinfer"), "/usr": ("cmake",)},
            id="CUDA_HOME beside PATH",
        ),
        pytest.param(
            {"CUDA_PATH": "/usr/local/cuda-12.8"},
            {"/usr/local/cuda-12.8": ("torch", "flashinfer", "cmake")},
            id="CUDA_PATH alone",
        ),
        pytest.param(
            {"CUDA_HOME": "/usr/local/cuda-12.8", "CUDA_PATH": "/usr/local/cuda-13.0"},
            {"/usr/local/cuda-12.8": ("torch", "flashinfer"), "/usr/local/cuda-13.0": ("cmake",)},
            id="CUDA_HOME before CUDA_PATH",
        ),
        pytest.param(
            {"CUDACXX": "/usr/local/cuda-13.0/bin/nvcc -v", "PATH": "/usr/bin"},
            {"/usr/local/cuda-13.0": ("cmake",), "/usr": ("torch", "flashinfer")},
            id="CUDACXX",
        ),
        pytest.param(
            {"CUDA_HOME": "/usr/local/cuda", "PATH": "/usr/local/cuda/bin"},
            {"/usr/local/cuda": ("torch", "flashinfer", "cmake")},
            id="one toolkit by two ways",
        ),
        pytest.param({"CUDA_HOME": "/opt/none"}, {"/opt/none": ("torch", "flashinfer")}, id="CUDA_HOME leads nowhere"),
    ],
)
def test_the_build_that_takes_a_toolkit(
    machine: Path, variables: dict[str, str], takers: dict[str, tuple[str, ...]]
) -> None:
    found = seen(machine, **variables)
    assert {path: one.chosen_by for path, one in found.items() if one.chosen_by} == takers
    assert [path for path, one in found.items() if one.chosen] == [path for path, by in takers.items() if "torch" in by]


def test_a_folder_without_compiler_that_a_variable_names_is_told(machine: Path) -> None:
    found = seen(machine, CUDA_HOME="/opt/none")["/opt/none"]
    assert (found.nvcc, found.version, found.headers, found.architectures) == ("", None, "", ())


@pytest.mark.parametrize("variables", [{"PATH": "/one/bin:/two/bin"}, {"CUDA_PATH": "/two"}, {"CUDA_PATH": "/two", "PATH": "/one/bin"}, {"CUDACXX": "/two/bin/nvcc", "PATH": "/one/bin"}], ids=["path", "cuda-path", "both", "cudacxx"])  # fmt: skip
def test_cmake_takes_the_compiler_that_is_told(tmp_path: Path, variables: dict[str, str]) -> None:
    """CMake's own search, in a script."""
    cmake = find_cmake()
    if cmake is None:
        pytest.skip("there is no cmake")
    for name in ("one", "two"):
        toolkit(tmp_path / name, "12.8")
    script = tmp_path / "find.cmake"
    script.write_text(
        'set(CMAKE_SYSTEM_PROGRAM_PATH "")\n'
        "if(DEFINED ENV{CUDACXX})\n  set(CMAKE_CUDA_COMPILER $ENV{CUDACXX})\nelse()\n"
        "  set(CMAKE_CUDA_COMPILER_LIST nvcc)\n  set(CMAKE_CUDA_COMPILER_INIT NOTFOUND)\n"
        "  include(CMakeDetermineCompiler)\n"
        '  set(_CMAKE_CUDA_COMPILER_PATHS "$ENV{CUDA_PATH}/bin")\n  _cmake_find_compiler(CUDA)\nendif()\n'
        'message(STATUS "took ${CMAKE_CUDA_COMPILER}")\n',
        encoding="utf-8",
    )
    real = {
        name: value.replace("/one", f"{tmp_path}/one").replace("/two", f"{tmp_path}/two")
        for name, value in variables.items()
    }
    ended = subprocess.run(
        [str(cmake), "-P", str(script)], env=real, capture_output=True, text=True, check=True, cwd=tmp_path
    )
    took = re.search(r"took (\S+)/bin/nvcc", ended.stdout)
    assert took is not None, ended.stdout
    expected = [path for path, one in seen(tmp_path, **variables).items() if "cmake" in (one.chosen_by or ())]
    assert [f"{tmp_path}{path}" for path in expected] == [took[1]]


def test_pip_brings_a_compiler_too(tmp_path: Path) -> None:
    site = tmp_path / "venv/lib/python3.12/site-packages"
    toolkit(site / "nvidia/cu13", "13.4")
    found = seen(tmp_path, (site,))
    assert [(one.version, one.found_by, one.chosen_by) for one in found.values()] == [("13.4.61", ("pip",), ())]


def test_a_script_that_starts_another_compiler_is_followed(tmp_path: Path) -> None:
    toolkit(tmp_path / "opt/cuda", "12.9")
    (tmp_path / "bin").mkdir()
    script = tmp_path / "bin/nvcc"
    script.write_text(f'#!/bin/sh\nexec {tmp_path}/opt/cuda/bin/nvcc "$@"\n', encoding="utf-8")
    script.chmod(0o755)
    found = seen(tmp_path, PATH="/bin")[""]
    assert (found.version, found.headers) == ("12.9.61", "")


@pytest.mark.parametrize(
    "content",
    [b"", b"#!/bin/sh\nexec /bin/nvcc\n", b"\xff" * 50, LINE.format("1.x").encode()],
    ids=["empty", "itself", "bytes", "odd"],
)
def test_a_compiler_without_a_version_never_raises(tmp_path: Path, content: bytes) -> None:
    folder = toolkit(tmp_path / "usr/local/cuda", "12.8")
    (folder / "bin/nvcc").write_bytes(content)
    (folder / "version.json").write_text("[" * 100_000, encoding="utf-8")
    assert seen(tmp_path)["/usr/local/cuda"].version is None


@pytest.mark.skipif(shutil.which("nvcc") is None, reason="there is no nvcc")
def test_the_table_names_what_nvcc_names() -> None:
    """The oracle is the compiler of this machine."""
    version = re.search(
        r"V(\d+\.\d+)", subprocess.run(["nvcc", "--version"], capture_output=True, text=True, check=True).stdout
    )
    listed = subprocess.run(["nvcc", "--list-gpu-arch"], capture_output=True, text=True, check=True).stdout
    assert version is not None
    table = compiled_by(version[1])
    assert table is not None
    assert {f"compute_{one.replace('.', '')}" for one in table} == set(listed.split())


def test_the_compiler_of_this_machine_is_asked_only_when_allowed() -> None:
    if shutil.which("nvcc") is None:
        pytest.skip("there is no nvcc")
    variables = dict(os.environ)
    _toolkits, _notes, asked = read_toolkits(variables)
    _toolkits, _notes, still = read_toolkits(variables, ask=False)
    assert any("--list-gpu-arch" in origin.source for origin in asked)
    assert not any("--list-gpu-arch" in origin.source for origin in still)


@pytest.mark.parametrize(
    ("version", "first", "last"),
    [
        ("11.8", "3.5", "9.0"),
        ("12.0", "5.0", "9.0"),
        ("12.8", "5.0", "12.0"),
        ("12.9.86", "5.0", "12.1"),
        ("13.0", "7.5", "12.1"),
    ],
)
def test_the_table_knows_what_came_and_went(version: str, first: str, last: str) -> None:
    table = compiled_by(version)
    assert table is not None
    assert (table[0], table[-1]) == (first, last)


@pytest.mark.parametrize("version", ["10.2", "13.6", "14.0", "13", "x.y", ""])
def test_the_table_says_nothing_of_other_versions(version: str) -> None:
    assert compiled_by(version) is None


def test_the_assembler_of_triton_is_read_and_not_run(tmp_path: Path) -> None:
    programs = tmp_path / "triton/backends/nvidia/bin"
    programs.mkdir(parents=True)
    (tmp_path / "triton/__init__.py").write_text("raise SystemExit\n", encoding="utf-8")
    (tmp_path / "triton-3.4.0.dist-info").mkdir()
    (programs / "ptxas").write_bytes(b"\x7fELF" + bytes(99) + LINE.format("12.8").encode())
    triton, _origins = read_triton(tmp_path)
    assert triton is not None
    assert (triton.version, triton.ptxas_version, triton.blackwell_ptxas_version) == ("3.4.0", "12.8.61", "")
    assert read_triton(tmp_path / "none") == (None, ())


def test_the_host_compiler_is_that_of_the_first_variable(tmp_path: Path) -> None:
    for name in ("g++", "g++-11", "x86_64-linux-gnu-g++-13", "clang++-19"):
        (tmp_path / name).write_text("#!/bin/sh\necho 'g++ (Debian 14.2.0-1) 14.2.0'\n", encoding="utf-8")
        (tmp_path / name).chmod(0o755)
    (tmp_path / "g++").unlink()
    (tmp_path / "g++").symlink_to("x86_64-linux-gnu-g++-13")
    path = {"PATH": str(tmp_path)}

    def told(**variables: str) -> tuple[str | None, str | None, str | None]:
        compiler = read_host_compiler({**path, **variables}, ask=False)[0]
        assert compiler is not None
        return compiler.kind, compiler.version, compiler.found_by

    assert told() == ("gcc", "13", "PATH")
    assert told(CC="g++-11") == ("gcc", "11", "CC")
    assert told(CC="g++-11", CUDAHOSTCXX=f"{tmp_path}/clang++-19") == ("clang", "19", "CUDAHOSTCXX")
    asked = read_host_compiler(path)[0]
    assert asked is not None
    assert asked.version == "14.2.0"
    assert read_host_compiler({"PATH": "/none"})[0] is None


@pytest.mark.parametrize("variable", ["CUDA_HOME", "CUDA_PATH"])
def test_of_a_toolkit_that_cannot_be_read_nothing_is_claimed(variable: str, tmp_path: Path) -> None:
    """It is what builds take, and whether it has a compiler was not seen: the reason stands at each of its values."""
    toolkits, not_seen, _ = read_toolkits({variable: "/" + "a" * 300}, root=tmp_path, ask=False)

    (only,) = toolkits
    assert (only.chosen, only.nvcc, only.version, only.headers, only.architectures) == (True, None, None, None, None)
    assert [one.path for one in not_seen] == [
        "toolkits[0].nvcc", "toolkits[0].version", "toolkits[0].headers", "toolkits[0].architectures",
    ]  # fmt: skip
    assert all("cannot be read: File name too long" in one.reason for one in not_seen)
