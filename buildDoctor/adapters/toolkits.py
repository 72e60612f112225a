"""The CUDA toolkits of the machine, from the files that each of them carries."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from buildDoctor.core.evidence import NotSeen, Toolkit

_LARGEST_FILE = 4 * 1024 * 1024


def read_toolkits() -> tuple[tuple[Toolkit, ...], NotSeen | None]:
    """The toolkits, the one that a build started here would take first; and why there is none."""
    found: dict[Path, Toolkit] = {}
    for folder in _candidates():
        version = _version_of(folder)
        if version is not None and folder.resolve() not in found:
            found[folder.resolve()] = Toolkit(path=str(folder), version=version, chosen=not found)
    if not found:
        return (), NotSeen(path="toolkits", reason="no CUDA toolkit was found; state its version with --cuda 12.9")
    return tuple(found.values()), None


def _candidates() -> Iterator[Path]:
    """The folders in the order in which torch's build helpers and CMake look."""
    for name in ("CUDA_HOME", "CUDA_PATH"):
        if os.environ.get(name):
            yield Path(os.environ[name])
    nvcc = shutil.which("nvcc")
    if nvcc:
        yield Path(nvcc).resolve().parent.parent
    yield Path("/usr/local/cuda")
    yield from sorted(Path("/usr/local").glob("cuda-*"), reverse=True)


def _version_of(folder: Path) -> str | None:
    """The version of the nvcc of a toolkit, from the files that it carries; `None` when the folder holds none."""
    text = _text(folder / "version.json")
    if text is not None:
        try:
            parts = json.loads(text)
            version = (parts.get("cuda_nvcc") or parts["cuda"])["version"]
        except (ValueError, KeyError, TypeError, AttributeError):
            version = None
        if isinstance(version, str):
            return version
    number = re.search(r"^#define CUDA_VERSION (\d{4,5})$", _text(folder / "include" / "cuda.h") or "", re.MULTILINE)
    # 12090 is 12.9: thousands are the major version, tens the minor one.
    return f"{int(number[1]) // 1000}.{int(number[1]) % 1000 // 10}" if number else None


def _text(path: Path) -> str | None:
    try:
        if path.stat().st_size > _LARGEST_FILE:
            return None
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
