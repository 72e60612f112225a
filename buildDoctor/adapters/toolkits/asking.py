"""What nvcc itself says that it compiles for."""

from __future__ import annotations

import re
from pathlib import Path

from buildDoctor.adapters.commands import Failed, run

_SECONDS = 5.0
_LINE = re.compile(r"compute_(\d{2,3})")


def listed_architectures(nvcc: str) -> tuple[str, ...] | str:
    """The architectures that `nvcc --list-gpu-arch` names, without suffixes; or why it does not."""
    # A wrapper may need a shell's folders to start the program.
    ended = run([nvcc, "--list-gpu-arch"], folder=Path("/"), seconds=_SECONDS, environment={"PATH": "/usr/bin:/bin"})
    if isinstance(ended, Failed):
        return ended.reason
    numbers = sorted({int(found[1]) for line in ended.output.splitlines() if (found := _LINE.fullmatch(line.strip()))})
    if ended.code != 0 or not numbers:
        return f"{nvcc} --list-gpu-arch ended with code {ended.code}"
    return tuple(f"{number // 10}.{number % 10}" for number in numbers)
