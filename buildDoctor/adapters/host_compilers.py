"""The C++ compiler that nvcc calls when a build is started here."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

from buildDoctor.adapters.commands import Completed, run
from buildDoctor.core.evidence import HostCompiler, NotSeen, Origin

_VARIABLES = ("CUDAHOSTCXX", "NVCC_CCBIN", "CC")
"""CMake gives nvcc the first, nvcc itself reads the second, torch's build helper gives it the third."""
_SECONDS = 5.0
_NAME = re.compile(r"(?:.*-)?(gcc|g\+\+|clang|clang\+\+|c\+\+|cc)(?:-(\d{1,3}(?:\.\d+)*))?")
_VERSION = re.compile(r"^(?:.*?(clang) version |.*\) )(\d{1,3}\.\d+\.\d+)", re.MULTILINE)

Compiler = tuple[HostCompiler | None, tuple[NotSeen, ...], tuple[Origin, ...]]


def read_host_compiler(variables: Mapping[str, str], *, ask: bool = True) -> Compiler:
    """The compiler, why it was not seen, and where that comes from.

    Args:
        variables: the environment variables that a build would be started with.
        ask: whether it may be started with `--version`, where its name does not tell the version.
    """
    found_by, program = _program(variables)
    path = shutil.which(program, path=variables.get("PATH", ""))
    if path is None:
        reason = f"{program}, which nvcc would call, is not there; name a compiler with CUDAHOSTCXX"
        return None, (NotSeen(path="host_compiler", reason=reason),), ()
    kind, version = _told_by_name(path)
    source = f"the name of {os.path.realpath(path)}"
    if ask and (version is None or "." not in version):
        asked = _asked(path)
        if asked is not None:
            (kind, version), source = asked, f"{path} --version"
    origin = Origin(path="host_compiler", source=source)
    missing = () if version else (NotSeen(path="host_compiler.version", reason=f"the name of {path} does not tell it"),)
    return HostCompiler(path=path, kind=kind, version=version, found_by=found_by), missing, (origin,)


def _program(variables: Mapping[str, str]) -> tuple[str, str]:
    """What leads to the compiler, and how it is called; nvcc takes g++ when nothing else is said."""
    for name in _VARIABLES:
        if words := (variables.get(name) or "").split():
            return name, words[0]
    return "PATH", "g++"


def _told_by_name(path: str) -> tuple[str | None, str | None]:
    """The kind and the version in the name behind the links, such as `x86_64-linux-gnu-g++-12`."""
    found = _NAME.fullmatch(Path(os.path.realpath(path)).name)
    if found is None:
        return None, None
    kind = "clang" if "clang" in found[1] else "gcc" if found[1] in {"gcc", "g++"} else None
    return kind, found[2]


def _asked(path: str) -> tuple[str, str] | None:
    """What the compiler says of itself."""
    ended = run(
        [path, "--version"], folder=Path("/"), seconds=_SECONDS, environment={"PATH": "/usr/bin:/bin", "LC_ALL": "C"}
    )
    found = _VERSION.search(ended.output) if isinstance(ended, Completed) and ended.code == 0 else None
    return ("clang" if found[1] else "gcc", found[2]) if found else None
