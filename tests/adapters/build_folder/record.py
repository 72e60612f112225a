"""Records build folders of the small trees: `python record.py CMAKE NINJA CPP_EXTENSION`, with nvcc on the PATH.

CMAKE and NINJA are the programs; CPP_EXTENSION is the torch/utils/cpp_extension.py of a torch, whose function that
writes a build.ninja is called for two sources. No path of the machine stays in what is recorded.
"""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

HERE = Path(__file__).parent
COMPILER = ("set(CMAKE_CUDA_COMPILER ", "set(CMAKE_CUDA_COMPILER_ID ", "set(CMAKE_CUDA_COMPILER_VERSION ")
KEPT = ("CMakeCache.txt", "build.ninja", "compile_commands.json", "CMakeFiles/rules.ninja")
CONFIGURED = (
    ("ninja", "small", "Ninja", "90;120"),
    ("make", "small", "Unix Makefiles", "90;120"),
    ("plain", "plain", "Unix Makefiles", "90"),
)
"""What is recorded of CMake: its name, the tree, the generator, and the architectures that CMake is asked for."""


def configured(cmake: Path, ninja: Path) -> None:
    """The folders that CMake writes for ninja and for make."""
    for name, of, generator, architectures in CONFIGURED:
        with tempfile.TemporaryDirectory() as place:
            tree, build = Path(place) / of, Path(place) / of / "build"
            shutil.copytree(HERE / of, tree)
            options = [f"-DCMAKE_MAKE_PROGRAM={ninja}"] if generator == "Ninja" else []
            asked = f"-DCMAKE_CUDA_ARCHITECTURES={architectures}"
            command = [cmake, "-S", tree, "-B", build, "-G", generator, asked, *options]
            subprocess.run(command, check=True, capture_output=True)
            compiler = next(path for path in build.glob("CMakeFiles/*/CMakeCUDACompiler.cmake"))
            for file in (*(build / kept for kept in KEPT), compiler):
                if file.is_file():
                    text = file.read_text(encoding="utf-8")
                    for path, stands_for in ((str(tree), f"/src/{of}"), (str(cmake.parent.parent), "/opt/cmake")):
                        text = text.replace(path, stands_for)
                    text = text.replace(str(ninja), "/usr/bin/ninja")
                    if file == compiler:
                        # The rest of what CMake writes there is its own and says nothing about the tree.
                        text = "".join(line for line in text.splitlines(keepends=True) if line.startswith(COMPILER))
                    target = HERE / "recorded" / name / file.relative_to(build)
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_text(text, encoding="utf-8")


def written_by_torch(helper: Path) -> None:
    """The build.ninja that torch's helper writes."""
    functions = [
        node for node in ast.parse(helper.read_text(encoding="utf-8")).body if isinstance(node, ast.FunctionDef)
    ]
    wanted = [node for node in functions if node.name in {"_write_ninja_file", "_is_cuda_file", "_is_sycl_file"}]
    target = HERE / "recorded" / "torch"
    target.mkdir(parents=True, exist_ok=True)
    import os  # noqa: PLC0415  a name of the functions

    names: dict[str, Any] = {
        "os": os, "IS_WINDOWS": False, "IS_HIP_EXTENSION": False, "get_cxx_compiler": lambda: "c++",
        "_join_cuda_home": lambda *parts: "/usr/local/cuda/" + "/".join(parts), "torch": SimpleNamespace(version=SimpleNamespace(cuda="12.8")),
        "_maybe_write": lambda path, text: Path(path).write_text(text, encoding="utf-8"), "_get_hipcc_path": str,
        "_get_num_workers": str, "SUBPROCESS_DECODE_ARGS": (), "CUDA_HOME": "/usr/local/cuda",
    }  # fmt: skip
    exec(compile(ast.Module(wanted, []), str(helper), "exec"), names)  # noqa: S102  the function that torch itself calls
    sources = ["/src/small/csrc/exact.cu", "/src/small/csrc/a b/host.cpp"]
    objects = [f"/src/small/build/temp.linux-x86_64-cpython-312/{Path(source).stem}.o" for source in sources]
    common = ["-DTORCH_API_INCLUDE_EXTENSION_H", "-DTORCH_EXTENSION_NAME=small_cuda"]
    given = {
        "path": str(target / "build.ninja"), "cflags": ["-pthread", "-I/src/small/csrc", "-c"], "post_cflags": ["-O3", *common],
        "cuda_cflags": ["-I/usr/local/cuda/include", "-c"],
        "cuda_post_cflags": ["-O3", "-gencode=arch=compute_90,code=compute_90", "-gencode=arch=compute_90,code=sm_90", *common],
        "cuda_dlink_post_cflags": None, "sources": sources, "objects": objects, "ldflags": None, "library_target": None,
        "with_cuda": True, "sycl_cflags": None, "sycl_post_cflags": None, "sycl_dlink_post_cflags": None, "with_sycl": False,
    }  # fmt: skip
    names["_write_ninja_file"](**given)


if __name__ == "__main__":
    configured(Path(sys.argv[1]), Path(sys.argv[2]))
    written_by_torch(Path(sys.argv[3]))
