"""The presets of a tree that choose architectures: CMake takes one only when it is named, so none is applied here."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

_FILES = ("CMakePresets.json", "CMakeUserPresets.json")
_DECIDING = ("CMAKE_CUDA_ARCHITECTURES", "TORCH_CUDA_ARCH_LIST", "CMAKE_CUDA_FLAGS")
_LARGEST = 1 << 20
_MOST = 20


def presets_about_architectures(tree: Path) -> Iterator[str]:
    """Each preset that sets a variable about architectures, as `release sets CMAKE_CUDA_ARCHITECTURES to 90`.

    Format: `configurePresets[].cacheVariables` of cmake-presets(7); a value is a text, or a table with a `value`.
    """
    found = 0
    for name, variables in _presets(tree):
        for variable in _DECIDING:
            value = variables.get(variable)
            text = value.get("value") if isinstance(value, dict) else value
            if isinstance(text, str) and found < _MOST:
                found += 1
                yield f"{name} sets {variable} to {text}"


def _presets(tree: Path) -> Iterator[tuple[str, dict[str, object]]]:
    for file in _FILES:
        try:
            path = tree / file
            if not path.is_file() or path.stat().st_size > _LARGEST:
                continue
            document = json.loads(path.read_bytes())
        except (OSError, ValueError, RecursionError):
            continue
        presets = document.get("configurePresets") if isinstance(document, dict) else None
        for preset in presets if isinstance(presets, list) else ():
            variables = preset.get("cacheVariables") if isinstance(preset, dict) else None
            if isinstance(variables, dict):
                yield str(preset.get("name", "")), variables
