"""The copies of CUTLASS that packages bring, to compile kernels from them when they are first needed."""

from __future__ import annotations

import os
from pathlib import Path

from buildDoctor.adapters.cutlass_headers import copies_in
from buildDoctor.core.evidence import CutlassCopy

_MOST_FOLDERS = 5_000
_PLACES = ("data/cutlass", "3rdparty/cutlass", "third_party/cutlass", "source", ".")
"""Where a package keeps a copy: FlashInfer, TensorRT-LLM, others, NVIDIA's own package of sources, DeepGEMM."""


def cutlass_of_packages(folder: Path) -> dict[str, tuple[CutlassCopy, ...]]:
    """The copies by the folder of the package that brings them.

    Args:
        folder: a site-packages folder.
    """
    try:
        names = sorted(os.listdir(folder))[:_MOST_FOLDERS]  # noqa: PTH208  thousands of names, of which few are looked at
    except OSError:
        return {}
    found = {name: copies_in(folder, (_below(name, place) for place in _PLACES)) for name in names if "." not in name}
    return {name: copies for name, copies in found.items() if copies}


def _below(name: str, place: str) -> str:
    return name if place == "." else f"{name}/{place}"
