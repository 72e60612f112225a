"""The bundled case: a small tree, a shared object, and what the case says of its machine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent.parent / "demo"
"""The tree, with its shared object beside the build scripts."""
BINARY = FOLDER / "_C.abi3.so"


def machine() -> dict[str, Any]:
    """The facts of the case's machine: capabilities, request, cuda, torch and gpus."""
    import tomli  # noqa: PLC0415  only the demo reads it

    return tomli.loads((FOLDER / "machine.toml").read_text(encoding="utf-8"))
