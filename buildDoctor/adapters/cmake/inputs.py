"""What a run of the build scripts is told: the values that a configured machine has, and what may be read."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct

from buildDoctor.adapters.cmake.question import Question, compiler_version, gencode_flags
from buildDoctor.adapters.cmake.scripts import Way
from buildDoctor.core.device.architectures import parse
from buildDoctor.core.plan.cmake_architectures import as_cmake_list
from buildDoctor.core.plan.nvcc_flags import default_architectures

_HERE = Path(__file__).parent
_NOT_BUILT = "/not-built"
ASSUMED_TORCH = _HERE / "assumed_torch.cmake"
"""What torch's script is taken to do where it was not seen."""


class Sight(Struct, frozen=True, kw_only=True):
    """What the scripts may read."""

    place: Path
    """The folder that they take for the source tree."""
    roots: tuple[Path, ...]
    """The folders whose files may be read: the tree, and the copy in which some of its scripts differ."""
    scripts: tuple[str, ...]
    """The scripts that may be run, relative to the place."""
    modules: Path | None
    """The folder of cmake's own modules."""
    original: Path | None = None
    """The tree that the place is a changed copy of."""
    built: Path | None = None
    """The folder in the tree in which it was configured or built, if there is one."""
    fetched: tuple[Path, ...] = ()
    """Folders in the tree that hold what a configuration has fetched."""
    way: Way = Way.FLAGS
    """How the scripts take the request."""
    torch_script: Path | None = None
    """torch's script that makes flags of the request."""


def inputs(sight: Sight, question: Question, unknown_commands: Iterable[str]) -> str:
    """The script that sets what a configured machine would know.

    Args:
        sight: the folder that the scripts take for the source tree, and how they take the request.
        question: the build that is asked about.
        unknown_commands: commands of packages that are not here; they do nothing.
    """
    place = sight.place
    values = {
        "CMAKE_SOURCE_DIR": str(place),
        "CMAKE_CURRENT_SOURCE_DIR": str(place),
        "PROJECT_SOURCE_DIR": str(place),
        **dict.fromkeys(
            ("CMAKE_BINARY_DIR", "CMAKE_CURRENT_BINARY_DIR", "PROJECT_BINARY_DIR"), str(sight.built or _NOT_BUILT)
        ),
        "BUILD_DOCTOR_FETCHED": ";".join(str(folder) for folder in sight.fetched if ";" not in str(folder)),
        "CMAKE_BUILD_TYPE": "Release",
        "CMAKE_SYSTEM_NAME": "Linux",
        "CMAKE_SYSTEM_PROCESSOR": "x86_64",
        "CMAKE_SIZEOF_VOID_P": "8",
        "CMAKE_CXX_COMPILER_ID": "GNU",
        "CMAKE_CXX_COMPILER_VERSION": "13.3.0",
        "CMAKE_C_COMPILER_ID": "GNU",
        "CMAKE_C_COMPILER_VERSION": "13.3.0",
        **(_for_hip(question) if question.hip else _for_cuda(question, sight)),
        "Torch_VERSION": question.torch.split("+")[0],
        "Python_VERSION": "3.12.0",
        "Python_VERSION_MAJOR": "3",
        "Python_VERSION_MINOR": "12",
        "Python_EXECUTABLE": "/not-run/python3",
        "VLLM_PYTHON_EXECUTABLE": "/not-run/python3",
        "BUILD_DOCTOR_UNKNOWN_COMMANDS": ";".join(unknown_commands),
    }
    lines = [f"set({name} {quoted(value)})\n" for name, value in values.items()]
    lines += [f'set({name} {quoted(value)} CACHE STRING "" FORCE)\n' for name, value in question.definitions]
    return "".join((*lines, *_request(question, sight), *_lists_of_cmake(sight)))


def _for_cuda(question: Question, sight: Sight) -> dict[str, str]:
    """What a machine with a toolkit knows."""
    version = compiler_version(question.cuda)
    short = ".".join(question.cuda.split(".")[:2])
    # Where a script reads the flags without asking torch for them, they stand there from the start.
    flags = gencode_flags(question.request) if sight.way is Way.FLAGS else ""
    return {
        "CMAKE_CUDA_COMPILER": "nvcc",
        "CMAKE_CUDA_COMPILER_ID": "NVIDIA",
        "CMAKE_CUDA_COMPILER_VERSION": version,
        "CMAKE_CUDA_COMPILER_TOOLKIT_VERSION": version,
        "CMAKE_CUDA_FLAGS": flags,
        "CUDA_FOUND": "TRUE",
        "CUDA_VERSION": short,
        "CUDAToolkit_VERSION": version,
        "CUDAToolkit_VERSION_MAJOR": version.split(".")[0],
        "CUDAToolkit_VERSION_MINOR": version.split(".")[1],
        "BUILD_DOCTOR_DEFAULT_ARCHITECTURE": parse(default_architectures(question.cuda)[0]).number,
        "BUILD_DOCTOR_GPUS": " ".join(_bases(question.request)) if question.detects else "",
        "BUILD_DOCTOR_TORCH_SCRIPT": str(sight.torch_script or ASSUMED_TORCH),
    }


def _for_hip(question: Question) -> dict[str, str]:
    """What a machine with ROCm knows."""
    return {
        "CMAKE_HIP_COMPILER": "hipcc",
        "CMAKE_HIP_COMPILER_ID": "Clang",
        "CUDA_FOUND": "FALSE",
        "BUILD_DOCTOR_HIP": "TRUE",
        "BUILD_DOCTOR_HIP_REQUEST": ";".join(question.hip_request),
    }


def _bases(request: Iterable[str]) -> Iterable[str]:
    return dict.fromkeys(parse(one).base for one in request)


def _request(question: Question, sight: Sight) -> list[str]:
    """What the user of the build sets to ask for architectures."""
    if question.hip:
        return (
            [f"set(ENV{{PYTORCH_ROCM_ARCH}} {quoted(';'.join(question.hip_request))})\n"]
            if question.hip_request
            else []
        )
    if question.detects or not (question.request or question.named):
        return []
    if sight.way is Way.CMAKE and question.request:
        return [f'set(CMAKE_CUDA_ARCHITECTURES {quoted(as_cmake_list(question.request))} CACHE STRING "")\n']
    return [f"set(ENV{{TORCH_CUDA_ARCH_LIST}} {quoted(question.named or ' '.join(question.request))})\n"]


def _lists_of_cmake(sight: Sight) -> list[str]:
    """CMake's own module says what `all` and `all-major` stand for."""
    module = sight.modules / "Internal" / "CMakeCUDAArchitecturesAll.cmake" if sight.modules else None
    if sight.way is not Way.CMAKE or module is None or not module.is_file():
        return []
    return [f"include({quoted(str(module))})\n", "cmake_cuda_architectures_all(CUDA CMAKE_CUDA_COMPILER_)\n"]


def reading(sight: Sight) -> str:
    """The script that replaces `file` and `include`."""
    below = "|".join(_pattern(folder) for folder in dict.fromkeys((sight.place, *sight.roots)))
    modules = f"^{_pattern(sight.modules)}/[A-Za-z0-9_/-]+\\.cmake$" if sight.modules else "^$"
    # A name with a semicolon would be two elements of the list; such a script is left out.
    scripts = [f"{sight.place}/{name}" for name in sight.scripts if ";" not in name]
    scripts.append(str(sight.torch_script or ASSUMED_TORCH))
    text = (_HERE / "reading.cmake.in").read_text(encoding="utf-8")
    for name, value in {
        "BELOW_THE_TREE": f"^({below})/",
        "CMAKE_MODULE": modules,
        "PLACE": f"{sight.place}/",
        "ORIGINAL": f"{sight.original or sight.place}/",
        "SCRIPTS": ";".join(scripts),
    }.items():
        text = text.replace(f"@{name}@", quoted(value))
    return text


def quoted(text: str) -> str:
    """A text as CMake's quoted argument, in which nothing is expanded."""
    escaped = re.sub(r'([\\"$@])', r"\\\1", text)
    return f'"{escaped}"'


def _pattern(folder: Path) -> str:
    """A regular expression of CMake that matches a folder's path and nothing else."""
    return re.sub(r"([^\w/-])", r"\\\1", str(folder), flags=re.ASCII)
