"""What a build folder was configured with, and what its commands compile."""

from __future__ import annotations

from msgspec import Struct


class CompiledSource(Struct, frozen=True, kw_only=True):
    """One CUDA source as a build folder's commands compile it."""

    path: str | None = None
    """Relative to the source tree where it lies inside."""
    extension: str | None = None
    """The target that it goes into; empty when the command does not say it."""
    architectures: tuple[str, ...] | None = None
    """Dotted; `+PTX` where PTX is embedded as well."""
    definitions: tuple[str, ...] | None = None
    """The macros that the command defines."""


class SourceDifference(Struct, frozen=True, kw_only=True):
    """A source that a build folder compiles for other architectures than the build scripts decide today."""

    path: str | None = None
    """Relative to the source tree."""
    extension: str | None = None
    """The target that it goes into."""
    planned: tuple[str, ...] | None = None
    """What the build scripts decide."""
    compiled: tuple[str, ...] | None = None
    """What the build folder's command says."""


class Configured(Struct, frozen=True, kw_only=True):
    """A build folder, as it was configured."""

    folder: str | None = None
    """Relative to the source tree; `.` for the tree itself."""
    source: str | None = None
    """The source tree that it was configured from; empty when its files do not say it."""
    files: tuple[str, ...] | None = None
    """The files that were read, relative to the folder."""
    older_than: tuple[str, ...] | None = None
    """The build scripts that were changed after it was configured; empty when it is newer than all of them."""
    generator: str | None = None
    """What CMake made, such as `Ninja`; `torch` for the build.ninja of torch's helper for setup.py."""
    cuda_version: str | None = None
    """The version of its nvcc, such as `12.9.86`."""
    nvcc: str | None = None
    """The compiler that it calls."""
    torch: str | None = None
    """The folder of the torch that it was configured with; empty without one."""
    request: tuple[str, ...] | None = None
    """The architectures that its cache keeps as asked for; empty when it keeps none that decide."""
    request_variable: str | None = None
    """The variable of the cache that keeps them: `TORCH_CUDA_ARCH_LIST` or `CMAKE_CUDA_ARCHITECTURES`; else empty."""
    architectures: tuple[str, ...] | None = None
    """All that its sources are compiled for."""
    sources: tuple[CompiledSource, ...] | None = None
    """The CUDA sources that it compiles."""
    generated: tuple[str, ...] | None = None
    """Those of them that a configure-time script has written, so that the build scripts alone do not tell them."""
    differences: tuple[SourceDifference, ...] | None = None
    """The sources that it compiles for other architectures than planned."""
    not_compiled: tuple[str, ...] | None = None
    """The planned sources that it does not compile, for the targets that it builds."""
    not_planned: tuple[str, ...] | None = None
    """The sources that it compiles and that are neither planned nor written while configuring."""
