"""What a run of the build scripts is told: the values that a configured machine has, and what may be read."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from buildDoctor.adapters.cmake.question import Question, compiler_version, gencode_flags

_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What the scripts may read."""

    place: Path
    """The folder that they take for the source tree."""
    roots: tuple[Path, ...]
    """The folders whose files may be read: the tree, and the copy in which some of its scripts differ."""
    scripts: tuple[str, ...]
    """The scripts that may be run, relative to the place."""
    modules: Path | None
    """The folder of cmake's own modules."""


def inputs(place: Path, question: Question, unknown_commands: Iterable[str]) -> str:
    """The script that sets what a configured machine would know.

    Args:
        place: the folder that the scripts take for the source tree.
        question: the build that is asked about.
        unknown_commands: commands of packages that are not here; they do nothing.
    """
    values = {
        "CMAKE_SOURCE_DIR": str(place),
        "CMAKE_CURRENT_SOURCE_DIR": str(place),
        "PROJECT_SOURCE_DIR": str(place),
        "CMAKE_BINARY_DIR": "/not-built",
        "CMAKE_CURRENT_BINARY_DIR": "/not-built",
        "PROJECT_BINARY_DIR": "/not-built",
        "CMAKE_BUILD_TYPE": "Release",
        "CMAKE_SYSTEM_NAME": "Linux",
        "CMAKE_SYSTEM_PROCESSOR": "x86_64",
        "CMAKE_CUDA_COMPILER": "nvcc",
        "CMAKE_CUDA_COMPILER_ID": "NVIDIA",
        "CMAKE_CUDA_COMPILER_VERSION": compiler_version(question.cuda),
        "CMAKE_CUDA_FLAGS": gencode_flags(question.request),
        "CUDA_FOUND": "TRUE",
        "CUDA_VERSION": ".".join(question.cuda.split(".")[:2]),
        "CUDAToolkit_VERSION": compiler_version(question.cuda),
        "Torch_VERSION": question.torch.split("+")[0],
        "Python_VERSION": "3.12.0",
        "Python_VERSION_MAJOR": "3",
        "Python_VERSION_MINOR": "12",
        "Python_EXECUTABLE": "/not-run/python3",
        "VLLM_PYTHON_EXECUTABLE": "/not-run/python3",
        "BUILD_DOCTOR_UNKNOWN_COMMANDS": ";".join(unknown_commands),
    }
    return "".join(f"set({name} {quoted(value)})\n" for name, value in values.items())


def reading(sight: Sight) -> str:
    """The script that replaces `file` and `include`."""
    below = "|".join(_pattern(folder) for folder in dict.fromkeys((sight.place, *sight.roots)))
    modules = f"^{_pattern(sight.modules)}/[A-Za-z0-9_/-]+\\.cmake$" if sight.modules else "^$"
    # A name with a semicolon would be two elements of the list; such a script is left out.
    scripts = [f"{sight.place}/{name}" for name in sight.scripts if ";" not in name]
    text = (_HERE / "reading.cmake.in").read_text(encoding="utf-8")
    for name, value in {
        "BELOW_THE_TREE": f"^({below})/",
        "CMAKE_MODULE": modules,
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
