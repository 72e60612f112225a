"""What importing torch puts into the process before any extension is loaded.

This is what `torch/__init__.py` of torch 2.8 does on Linux, and it is assumed, not seen (a live torch 2.11 agreed:
`tests/device/loading.py`): it opens
`torch/lib/libtorch_global_deps.so` for everybody; where that fails for want of a CUDA library, it first opens those that
pip keeps in `nvidia/*/lib`; where libcudart came from there, it opens pip's nvrtc and nvJitLink too; and then
`torch/_C`, which brings libtorch_python.
"""

from __future__ import annotations

import fnmatch
import posixpath
from collections.abc import Iterator

from buildDoctor.adapters.loader.process import Process
from buildDoctor.adapters.loader.tree import Tree

PRELOADED = (
    ("cublas", "libcublas.so.*[0-9]"),
    ("cudnn", "libcudnn.so.*[0-9]"),
    ("cuda_nvrtc", "libnvrtc.so.*[0-9]"),
    ("cuda_runtime", "libcudart.so.*[0-9]"),
    ("cuda_cupti", "libcupti.so.*[0-9]"),
    ("cufft", "libcufft.so.*[0-9]"),
    ("curand", "libcurand.so.*[0-9]"),
    ("nvjitlink", "libnvJitLink.so.*[0-9]"),
    ("cusparse", "libcusparse.so.*[0-9]"),
    ("cusparselt", "libcusparseLt.so.*[0-9]"),
    ("cusolver", "libcusolver.so.*[0-9]"),
    ("nccl", "libnccl.so.*[0-9]"),
    ("cufile", "libcufile.so.*[0-9]"),
)
"""The folders of pip's packages and the names of the libraries in them, in the order in which torch opens them."""
_RUNTIME_OF_PIP = ("nvidia/cuda_runtime/lib/libcudart.so", "nvidia/cu13/lib/libcudart.so")
_LIBRARIES_OF_ONE_FOLDER = "nvidia/cu13/lib"
"""Where the packages for CUDA 13 keep all of them."""


def import_torch(process: Process, torch: str) -> tuple[Process, str]:
    """The process after `import torch`, and why that fails; empty when nothing is missing.

    Args:
        process: Before.
        torch: The folder of the package, in the tree.
    """
    packages = posixpath.dirname(torch)
    global_libraries = f"{torch}/lib/libtorch_global_deps.so"
    if not process.tree.is_file(global_libraries):
        # torch looks for pip's libraries only when the error names one of them; this one it raises.
        return process, f"{global_libraries} is not there"
    after, problem = _opened(process, [global_libraries])
    if problem:
        pip = [path for _, path in _of_pip(process.tree, packages)]
        with_pip, _ = _opened(process, pip)
        after, problem = _opened(with_pip, [global_libraries])
    if any(part in one.path for one in after.loaded for part in _RUNTIME_OF_PIP):
        wanted = [path for folder, path in _of_pip(process.tree, packages) if folder in {"cuda_nvrtc", "nvjitlink"}]
        after, _ = _opened(after, wanted)
    after, problem = _opened(after, [_module(process.tree, torch)])
    return after, problem


def _opened(process: Process, paths: list[str]) -> tuple[Process, str]:
    """The process with files opened one after the other, and what is wrong with the last one that does not load.

    A file of which a library is missing leaves nothing behind, as with dlopen.
    """
    problem = ""
    for path in paths:
        after = process.copy()
        opened, asked = after.open(path)
        missing = list(dict.fromkeys(one.name for one in asked if one.found is None))
        if isinstance(opened, str):
            problem = f"{path}: {opened}"
        elif missing:
            problem = f"{path} needs {_first_of(missing)} not found"
        else:
            process = after
    return process, problem


def _first_of(missing: list[str]) -> str:
    """The first library and how many more: where pip's packages are gone, a torch lacks a dozen of them."""
    first, *more = missing
    if not more:
        return f"{first}, which is"
    return f"{first} and {len(more)} more librar{'ies' if len(more) > 1 else 'y'}, which are"


def _of_pip(tree: Tree, packages: str) -> Iterator[tuple[str, str]]:
    """The CUDA libraries that pip has installed beside torch: the package's folder, and the file."""
    for folder, pattern in PRELOADED:
        for place in (f"nvidia/{folder}/lib", _LIBRARIES_OF_ONE_FOLDER):
            names = fnmatch.filter(tree.names(f"{packages}/{place}"), pattern)
            if names:
                yield folder, f"{packages}/{place}/{names[0]}"
                break


def _module(tree: Tree, torch: str) -> str:
    """The extension module that `import torch._C` loads; the library beneath it where there is none."""
    names = fnmatch.filter(tree.names(torch), "_C.*.so")
    return f"{torch}/{names[0]}" if names else f"{torch}/lib/libtorch_python.so"
