"""Which cmake answers the questions."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from buildDoctor.adapters.commands import find_program


def find_cmake() -> Path | None:
    """The cmake of the PyPI package, which is always new enough; else the one on PATH; `None` without either."""
    package = importlib.util.find_spec("cmake")
    for folder in (package.submodule_search_locations or ()) if package else ():
        program = Path(folder) / "data" / "bin" / "cmake"
        if program.is_file():
            return program
    found = find_program("cmake")
    return Path(found) if found else None


def modules_of(cmake: Path) -> Path | None:
    """The folder of the modules that come with a cmake."""
    return next(iter(sorted(cmake.resolve().parent.parent.glob("share/cmake*/Modules"), reverse=True)), None)
