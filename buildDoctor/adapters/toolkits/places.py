"""Where toolkits lie, and which build takes which.

torch's helper takes CUDA_HOME, else CUDA_PATH, else the folder above that of the first nvcc on PATH, as it is written
there, else /usr/local/cuda (`_find_cuda_home` in torch/utils/cpp_extension.py); FlashInfer does the same when it compiles
(`get_cuda_path` in flashinfer/jit/cpp_ext.py). CMake takes CUDACXX, else the first nvcc on PATH, else that of CUDA_PATH
(CMakeDetermineCUDACompiler.cmake).
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path

from msgspec import Struct

from buildDoctor.adapters.toolkits.versions import nvcc_of

HELPERS = ("torch", "flashinfer")
_PIP_FOLDERS = ("nvidia/cu13", "nvidia/cuda_nvcc", "nvidia/cu14")
"""Where the packages nvidia-cuda-nvcc and nvidia-cuda-nvcc-cu12 put their files."""
_MOST_FOLDERS = 256


class Place(Struct, frozen=True):
    """A folder that may be a toolkit."""

    folder: str
    found_by: str
    takers: tuple[str, ...] = ()
    """The builds that take it."""
    nvcc: str = ""
    """Its compiler, where that is what was found."""


def places(variables: Mapping[str, str], packages: Iterable[Path], root: Path) -> Iterator[Place]:
    """The places in the order in which torch's build helpers look; the same place may come more than once."""
    on_path = list(_on_path(variables, root))
    named = variables.get("CUDA_HOME") or variables.get("CUDA_PATH")
    for name in ("CUDA_HOME", "CUDA_PATH"):
        if value := variables.get(name):
            takers: tuple[str, ...] = (
                HELPERS if value == named and (name == "CUDA_HOME" or not variables.get("CUDA_HOME")) else ()
            )
            yield Place(_below(root, value), name, takers + _cmake(name, variables, on_path))
    yield from _of_variable(variables, root)
    for at, nvcc in enumerate(on_path):
        takers = HELPERS if at == 0 and not named else ()
        takers += ("cmake",) if at == 0 and not variables.get("CUDACXX") else ()
        yield Place(str(Path(nvcc).parent.parent), "PATH", takers, nvcc)
    default = root / "usr/local/cuda"
    if os.path.isdir(default):  # noqa: PTH112  Path.is_dir raises for what is closed to this user
        yield Place(str(default), "/usr/local", () if named or on_path else HELPERS)
    for folder in sorted(islice((root / "usr/local").glob("cuda-*"), _MOST_FOLDERS), reverse=True):
        yield Place(str(folder), "/usr/local")
    if conda := variables.get("CONDA_PREFIX"):
        yield Place(_below(root, conda), "conda")
    for folder in packages:
        for name in _PIP_FOLDERS:
            if nvcc_of(folder / name):
                yield Place(str(folder / name), "pip")


def _cmake(name: str, variables: Mapping[str, str], on_path: list[str]) -> tuple[str, ...]:
    """CMake comes to CUDA_PATH last, and to CUDA_HOME never."""
    return ("cmake",) if name == "CUDA_PATH" and not variables.get("CUDACXX") and not on_path else ()


def _of_variable(variables: Mapping[str, str], root: Path) -> Iterator[Place]:
    """The compiler that CUDACXX names; flags may follow it."""
    words = (variables.get("CUDACXX") or "").split()
    if words and words[0].startswith("/"):
        nvcc = _below(root, words[0])
        yield Place(str(Path(nvcc).parent.parent), "CUDACXX", ("cmake",), nvcc)


def _on_path(variables: Mapping[str, str], root: Path) -> Iterator[str]:
    """Each nvcc on PATH, in its order."""
    for folder in (variables.get("PATH") or "").split(os.pathsep)[:_MOST_FOLDERS]:
        path = os.path.join(_below(root, folder), "nvcc")  # noqa: PTH118  a folder may be any text
        if folder.startswith("/") and os.path.isfile(path) and os.access(path, os.X_OK):  # noqa: PTH113  as above
            yield path


def _below(root: Path, path: str) -> str:
    """A path of the machine below its root."""
    return path if root == Path("/") else f"{root}/{path.lstrip('/')}"
