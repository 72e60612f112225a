"""Trees of small real shared objects, as an environment has them."""

from __future__ import annotations

import shutil
from pathlib import Path

ARTEFACTS = Path(__file__).parents[1] / "binaries" / "loader"
PACKAGES = "venv/lib/python3.12/site-packages"


def put(root: Path, files: dict[str, str]) -> None:
    """Lay copies of artefacts into a tree: where to, and which."""
    for place, artefact in files.items():
        (root / place).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ARTEFACTS / artefact, root / place)


TORCH = {
    "venv/bin/python3": "python",
    f"{PACKAGES}/torch/_C.cpython-312-x86_64-linux-gnu.so": "torch-module.so",
    f"{PACKAGES}/torch/lib/libtorch_global_deps.so": "libtorch_global_deps.so",
    f"{PACKAGES}/torch/lib/libtorch_python.so": "libtorch_python.so",
    f"{PACKAGES}/nvidia/cuda_runtime/lib/libcudart.so.12": "libcudart-12.so",
}
"""A Python with a torch for CUDA 12, whose runtime pip brings."""
