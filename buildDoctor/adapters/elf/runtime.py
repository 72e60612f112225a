"""What the libraries of an environment offer: its C library, and the C++ library that its Python finds first."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable
from pathlib import Path

from buildDoctor.adapters.elf.binary import map_file
from buildDoctor.adapters.elf.dynamic import defined_versions
from buildDoctor.adapters.elf.host import highest_versions
from buildDoctor.adapters.elf.objects import read_object
from buildDoctor.core.evidence import Origin, System

LIBSTDCXX = "libstdc++.so.6"
MACHINE_FOLDERS = ("/usr/lib/{machine}-linux-gnu", "/lib/{machine}-linux-gnu", "/usr/lib64", "/lib64", "/usr/lib")


def read_system(roots: Iterable[Path]) -> tuple[System, tuple[Origin, ...]]:
    """What the environment offers to a file that is loaded in it, and where that is read.

    Args:
        roots: The folders of the environment, in which conda keeps a C++ library of its own.
    """
    machine = platform.machine()
    path = next((path for path in _candidates(roots, machine) if path.is_file()), None)
    highest = highest_versions(_versions_of(path)) if path else {}
    system = System(
        machine=machine,
        glibc=glibc_version(),
        glibcxx=highest.get("GLIBCXX") or None,
        cxxabi=highest.get("CXXABI") or None,
        libstdcxx=str(path) if path else None,
    )
    origins = [Origin(path="system", source="this machine")]
    if path:
        origins += [
            Origin(path=f"system.{name}", source=f"{path}, section .gnu.version_d") for name in ("glibcxx", "cxxabi")
        ]
    return system, tuple(origins)


def glibc_version() -> str | None:
    """The version of this machine's C library; none where it is another one, such as musl."""
    try:
        name, _, version = (os.confstr("CS_GNU_LIBC_VERSION") or "").partition(" ")
    except (ValueError, OSError, AttributeError):
        return None
    return version if name == "glibc" and version else None


def _candidates(roots: Iterable[Path], machine: str) -> Iterable[Path]:
    """Where the C++ library may be, in the order in which it is found: the environment, then the machine."""
    yield from (root / "lib" / LIBSTDCXX for root in roots)
    yield from (Path(folder.format(machine=machine)) / LIBSTDCXX for folder in MACHINE_FOLDERS)


def _versions_of(path: Path) -> tuple[str, ...]:
    """The versions that a library offers; none when it cannot be read."""
    window = map_file(path, path.name)
    elf = window if isinstance(window, str) else read_object(window, path.name)
    return () if isinstance(elf, str) else defined_versions(elf)
