"""One build folder as evidence."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import replace

from buildDoctor.adapters.build_folder.cache import compiler_version, read_cache
from buildDoctor.adapters.build_folder.compile_commands import MOST_COMMANDS, ShapeError, read_compile_commands
from buildDoctor.adapters.build_folder.files import CACHE, COMMANDS, NINJA
from buildDoctor.adapters.build_folder.ninja import TooMuchError, read_ninja
from buildDoctor.core.evidence import CompiledSource, Configured
from buildDoctor.core.plan.commands import Command, compiled_source, compiler_of, compiles_cuda
from buildDoctor.core.plan.configured import all_architectures, pieces, requested

_TORCH_CONFIG = "/share/cmake/Torch"
_REQUESTS = ("TORCH_CUDA_ARCH_LIST", "CMAKE_CUDA_ARCHITECTURES")
_TORCHS_VALUE = "cuda_post_cflags"
"""The value that the build.ninja of torch's helper has and no other."""


class BuildFolder(Struct, frozen=True, kw_only=True):
    """What a build folder says."""

    configured: Configured
    not_seen: tuple[tuple[str, str], ...] = ()
    """What of it could not be read, by field, with the reason."""


class _Reading(Struct):
    """The reading so far."""

    folder: Path
    files: list[str] = field(default_factory=list)
    gaps: list[tuple[str, str]] = field(default_factory=list)
    cache: Mapping[str, str] = field(default_factory=dict)
    commands: tuple[Command, ...] | None = None
    by_torch: bool = False


def read_build_folder(folder: Path, tree: Path, scripts: Iterable[Path]) -> BuildFolder:
    """What a build folder was configured with and what its commands compile.

    Args:
        folder: a folder with a CMakeCache.txt, a compile_commands.json or a build.ninja.
        tree: the source tree; paths inside of it are told relative to it.
        scripts: the build scripts of the tree, to tell which were changed later.
    """
    reading = _Reading(folder)
    _read_cache(reading)
    _read_commands(reading)
    version = compiler_version(folder)
    if version:
        reading.files.append(version[1])
    home = reading.cache.get("CMAKE_HOME_DIRECTORY", "")
    cuda = version[0] if version else None
    sources = _sources(reading, tree, home, cuda)
    architectures = all_architectures(sources) if sources is not None else None
    variable, request = _request(reading.cache, architectures)
    commands = reading.commands or ()
    configured = Configured(
        folder=_relative(str(folder.resolve()), (str(tree.resolve()),)) or ".",
        source=home,
        files=tuple(reading.files),
        older_than=_later(folder, reading.files, tree, scripts),
        generator="torch" if reading.by_torch else reading.cache.get("CMAKE_GENERATOR"),
        cuda_version=cuda,
        nvcc=reading.cache.get("CMAKE_CUDA_COMPILER") or compiler_of(filter(compiles_cuda, commands)) or None,
        torch=reading.cache.get("Torch_DIR", "").removesuffix(_TORCH_CONFIG),
        request=request,
        request_variable=variable,
        architectures=architectures,
        sources=sources,
    )
    if cuda is None:
        reading.gaps.append(("cuda_version", "its files do not state the version of its nvcc"))
    return BuildFolder(configured=configured, not_seen=tuple(reading.gaps))


def source_of(folder: Path) -> Path | None:
    """The source tree that a build folder was configured from, if its cache says it."""
    try:
        home = read_cache(folder / CACHE).get("CMAKE_HOME_DIRECTORY", "")
    except OSError:
        return None
    return Path(home) if home.startswith("/") and "\0" not in home else None


def _read_cache(reading: _Reading) -> None:
    try:
        reading.cache = read_cache(reading.folder / CACHE)
        reading.files.append(CACHE)
    except FileNotFoundError:
        return
    except OSError as error:
        if (reading.folder / CACHE).exists():
            reading.gaps.append(("request", f"{CACHE} cannot be read: {error.strerror}"))


def _read_commands(reading: _Reading) -> None:
    """The commands: of build.ninja, which a build carries out, else of compile_commands.json."""
    if (reading.folder / NINJA).exists():
        try:
            reading.commands, files, values = read_ninja(reading.folder, NINJA)
            reading.by_torch = _TORCHS_VALUE in values
            reading.files.extend(files)
        except (OSError, TooMuchError) as error:
            reading.gaps.append(("sources", f"{NINJA} cannot be read: {_why(error)}"))
    if not reading.commands and (reading.folder / COMMANDS).exists():
        try:
            reading.commands = read_compile_commands(reading.folder / COMMANDS)
            reading.files.append(COMMANDS)
        except (OSError, ShapeError) as error:
            reading.gaps.append(("sources", f"{COMMANDS} cannot be read: {_why(error)}"))
    if reading.commands is None and not reading.gaps:
        reason = f"the folder has neither {NINJA} nor {COMMANDS}: configure it with -DCMAKE_EXPORT_COMPILE_COMMANDS=ON"
        reading.gaps.append(("sources", reason))
    elif len(reading.commands or ()) >= MOST_COMMANDS:
        reading.gaps.append(("sources", f"only its first {MOST_COMMANDS} commands are read"))
    if reading.by_torch:
        reason = (
            "torch's helper writes one file for all extensions of a setup.py, so it tells those of the last one only"
        )
        reading.gaps.append(("sources", reason))


def _why(error: Exception) -> str:
    return (error.strerror or str(error)) if isinstance(error, OSError) else str(error)


def _sources(reading: _Reading, tree: Path, home: str, cuda: str | None) -> tuple[CompiledSource, ...] | None:
    if reading.commands is None:
        return None
    roots = (home, str(tree), str(tree.resolve()))
    found: dict[tuple[str, str], CompiledSource] = {}
    for command in filter(compiles_cuda, reading.commands):
        source = compiled_source(command, _relative(os.path.normpath(command.source), roots), cuda)
        known = found.setdefault((source.extension or "", source.path or ""), source)
        if known is not source:
            # A build folder for several configurations compiles each source once for each; they share their lists.
            found[source.extension or "", source.path or ""] = _joined(known, source)
    return tuple(sorted(found.values(), key=lambda source: (source.extension or "", source.path or "")))


def _joined(one: CompiledSource, other: CompiledSource) -> CompiledSource:
    same = None not in (one.architectures, other.architectures) and pieces(one.architectures or ()) == pieces(
        other.architectures or ()
    )
    return one if same else replace(one, architectures=None)


def _relative(path: str, roots: Iterable[str]) -> str:
    """A path below one of several folders as the report names it."""
    for root in filter(None, roots):
        if path == root:
            return ""
        if path.startswith(f"{root}/"):
            return path.removeprefix(f"{root}/")
    return path


def _request(cache: Mapping[str, str], architectures: tuple[str, ...] | None) -> tuple[str, tuple[str, ...]]:
    """The list that the cache keeps, and its variable.

    CMake keeps the default of the compiler when nobody asked for anything, and a project may turn the list off, so
    CMAKE_CUDA_ARCHITECTURES counts only where the commands follow it.
    """
    for variable in _REQUESTS:
        asked = requested(variable, cache.get(variable, ""))
        follows = architectures is not None and asked is not None and pieces(asked) == pieces(architectures)
        if asked is not None and (variable == _REQUESTS[0] or follows):
            return variable, asked
    return "", ()


def _later(folder: Path, files: Iterable[str], tree: Path, scripts: Iterable[Path]) -> tuple[str, ...]:
    """The scripts that were changed after the folder's files were written."""
    made = max((_changed(folder / name) for name in files), default=0)
    later = (script for script in scripts if _changed(script) > made)
    return tuple(sorted(_relative(str(script), (str(tree), str(tree.resolve()))) for script in later))


def _changed(file: Path) -> int:
    """When a file was changed, in nanoseconds; never for one that is gone."""
    try:
        return file.stat().st_mtime_ns
    except OSError:
        return 0
