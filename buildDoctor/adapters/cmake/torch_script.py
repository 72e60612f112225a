"""The script of a torch that turns the architectures of a request into flags, if it may be run."""

from __future__ import annotations

from pathlib import Path

from buildDoctor.adapters.cmake.replay import TORCH_SCRIPT
from buildDoctor.adapters.cmake.scripts import reserved_call, text_of


def find_torch_script(package: Path) -> Path | None:
    """The script of an installed torch; nothing when it is not there or calls what the replay keeps for itself.

    Args:
        package: the folder of the package torch.
    """
    script = (package.parent / TORCH_SCRIPT).resolve()
    text = text_of(script)
    return script if text and reserved_call(text) is None and ";" not in str(script) else None
