"""Versions of toolkits and of their programs, read from files and never by running one.

nvcc and ptxas hold the line that they print for `--version`: `Cuda compilation tools, release 13.0, V13.0.88`.
"""

from __future__ import annotations

import json
import mmap
import re
from pathlib import Path

from buildDoctor.adapters.small_files import read_small

_LARGEST_TEXT = 4 * 1024 * 1024
_LARGEST_SCRIPT = 1 << 16
_RELEASE = re.compile(rb"Cuda compilation tools, release \d+\.\d+, V(\d+\.\d+\.\d+)")
_EXEC = re.compile(r"^\s*exec\s+[\"']?(/[^\s\"']+)", re.MULTILINE)
_NUMBER = re.compile(r"^#define CUDA_VERSION (\d{4,5})$", re.MULTILINE)


def nvcc_of(folder: Path) -> str:
    """The compiler of a toolkit; empty when it has none."""
    path = folder / "bin" / "nvcc"
    try:
        return str(path) if path.is_file() else ""
    except (OSError, ValueError):
        return ""


def toolkit_version(folder: Path, nvcc: str) -> str | None:
    """The version of a toolkit's nvcc: from the program, else from version.json, else from cuda.h."""
    return (program_version(Path(nvcc)) if nvcc else None) or _stated_version(folder) or header_version(folder)


def program_version(path: Path, *, follow: bool = True) -> str | None:
    """The version that a program of CUDA carries; none when it carries none.

    Args:
        path: the program; a script that starts another is followed once.
        follow: whether it is.
    """
    try:
        if not path.is_file():
            return None
        with path.open("rb") as stream:
            if stream.read(2) == b"#!":
                target = _EXEC.search(stream.read(_LARGEST_SCRIPT).decode(errors="replace"))
                return program_version(Path(target[1]), follow=False) if target and follow else None
            with mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
                found = _RELEASE.search(data)
                return found[1].decode() if found else None
    except (OSError, ValueError):
        return None


def _stated_version(folder: Path) -> str | None:
    """What version.json of a toolkit says of its nvcc."""
    text = text_of(folder / "version.json")
    if text is None:
        return None
    try:
        parts = json.loads(text)
        version = (parts.get("cuda_nvcc") or parts["cuda"])["version"]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return version if isinstance(version, str) and re.fullmatch(r"[\d.]{3,20}", version) else None


def header_version(folder: Path) -> str | None:
    """The version in cuda.h, of which conda and pip keep copies in folders of their own."""
    for name in ("include/cuda.h", "targets/x86_64-linux/include/cuda.h", "targets/sbsa-linux/include/cuda.h"):
        number = _NUMBER.search(text_of(folder / name) or "")
        if number:
            # 12090 is 12.9: thousands are the major version, tens the minor one.
            return f"{int(number[1]) // 1000}.{int(number[1]) % 1000 // 10}"
    return None


def text_of(path: Path) -> str | None:
    """The text of a file of at most 4 MiB."""
    text = read_small(path, _LARGEST_TEXT + 1)
    return text if text is not None and len(text) <= _LARGEST_TEXT else None
