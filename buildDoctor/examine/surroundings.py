"""What a shared object is loaded into: the environment's Python and libraries, its torch, and the wheel it came in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from msgspec.structs import replace

from buildDoctor.adapters.elf.linking import torch_abi
from buildDoctor.adapters.elf.runtime import read_system
from buildDoctor.adapters.environment import Prefix, kind_of, unreadable
from buildDoctor.adapters.targets import Target
from buildDoctor.adapters.wheel_promises import read_promises
from buildDoctor.core.evidence import Origin, Python, Torch
from buildDoctor.examine.gathered import Gathered

_PACKAGES = ("site-packages", "dist-packages")
NO_ENVIRONMENT = "no environment is examined; name one with --python EXE"
_PYTHON_FOLDER = re.compile(r"python(\d+)\.(\d+)(t?)")


def see_surroundings(gathered: Gathered, places: Iterable[Path], prefix: Prefix | None = None) -> None:
    """Put the Python and the libraries of an environment into the evidence.

    Args:
        gathered: the evidence so far.
        places: where the environment's packages may lie; only folders of packages tell of an environment.
        prefix: the environment that is examined, when it is not a target that leads there.
    """
    folders = [place for place in places if place.name in _PACKAGES and place.is_dir()]
    for folder in folders:
        if found := _PYTHON_FOLDER.fullmatch(folder.parent.name):
            root = folder.parents[2]
            own = prefix is not None and root.is_relative_to(prefix.root)
            python = Python(
                version=f"{found[1]}.{found[2]}",
                tag=f"cp{found[1]}{found[2]}{found[3]}",
                path=str(root),
                kind=kind_of(Prefix(root, "")),
                found_by=prefix.found_by if prefix is not None and own else "a target",
            )
            system, origins = read_system([root])
            gathered.add(python=python, system=system, origins=[Origin(path="python", source=str(folder)), *origins])
            return
    named = prefix is not None and prefix.found_by == "--python"
    reason = f"{prefix.root} has no folder of packages" if prefix is not None and named else NO_ENVIRONMENT
    closed = unreadable(prefix) if prefix is not None else ""
    for path in ("python", "system"):
        gathered.miss(path, closed or reason)


def with_abi(torch: Torch | None) -> tuple[Torch | None, tuple[Origin, ...]]:
    """A torch with the C++ ABI of its libraries, where they are installed, and where that is read."""
    if torch is None or torch.path is None:
        return torch, ()
    origins = (
        Origin(path="torch.path", source="the environment that is examined"),
        Origin(path="torch.cxx11_abi", source=f"{torch.path}/lib/libc10.so, the symbols that it gives"),
    )
    return replace(torch, cxx11_abi=torch_abi(Path(torch.path))), origins


def folder_of(torch: Torch | None) -> Path | None:
    """The folder of an installed torch; none for one in a wheel."""
    folder = Path(torch.path) if torch and torch.path else None
    return folder if folder is not None and folder.is_dir() else None


def see_promises(gathered: Gathered, target: Target) -> None:
    """Put what a wheel promises into the evidence."""
    given = str(target.path) if target.member else target.given
    promises = read_promises(target.path, given)
    wheels = gathered.evidence.wheels or ()
    if promises is not None:
        origin = Origin(path=f"wheels[{len(wheels)}]", source=f"{target.given}, file name and METADATA")
        gathered.add(wheels=(*wheels, promises), origins=[origin])
    else:
        gathered.miss("wheels", f"{target.given} is not named as wheels are, so its promises are unknown")
