"""What the build scripts decide."""

from __future__ import annotations

from msgspec import Struct

from buildDoctor.core.evidence.built import BuiltExtension
from buildDoctor.core.evidence.configured import Configured
from buildDoctor.core.evidence.packages import CutlassCopy


class SupportedList(Struct, frozen=True, kw_only=True):
    """The architectures that a project says it supports at all."""

    variable: str | None = None
    """The name of the list in the build scripts, such as `CUDA_SUPPORTED_ARCHS`."""
    architectures: tuple[str, ...] | None = None
    """Its elements, in their order."""
    file: str | None = None
    """The script that sets it, relative to the source tree."""
    line: int | None = None
    """The line of the command that sets it, from 1."""


class Feature(Struct, frozen=True, kw_only=True):
    """A block of the build scripts that is built only for some architectures."""

    name: str | None = None
    """The name that the block's own messages give it, else the variable; made unique by a number."""
    variable: str | None = None
    """The list that holds the result, such as `FP4_ARCHS`."""
    wants: tuple[str, ...] | None = None
    """The architectures that the block's own list asks for."""
    gets: tuple[str, ...] | None = None
    """Those that are left after the project's list operations."""
    file: str | None = None
    """The script, relative to the source tree."""
    line: int | None = None
    """The line where the result is computed, from 1."""
    built: bool | None = None
    """Whether the scripts take the block's way; it may have an architecture and still miss a toolkit version."""
    sources: tuple[str, ...] | None = None
    """The source files that the block adds, or would add if it were built."""
    definitions: tuple[str, ...] | None = None
    """The macros that it defines, or would define, such as `ENABLE_NVFP4_SM120=1`."""
    messages: tuple[str, ...] | None = None
    """What the build scripts print for it."""


class PlannedSource(Struct, frozen=True, kw_only=True):
    """One source file of an extension and what it is compiled for."""

    path: str | None = None
    """Relative to the source tree."""
    extension: str | None = None
    """The extension that it goes into."""
    architectures: tuple[str, ...] | None = None
    """Dotted; `+PTX` where PTX is embedded as well."""
    definitions: tuple[str, ...] | None = None
    """The macros it is compiled with."""


class Extension(Struct, frozen=True, kw_only=True):
    """A library target of the build."""

    name: str | None = None
    """The target's name, such as `_C`."""
    sources: tuple[str, ...] | None = None
    """Its source files, relative to the source tree."""
    generated: tuple[str, ...] | None = None
    """Patterns that find no file here because a configure-time script writes the files: what they add is unknown."""
    architectures_from: str | None = None
    """What decides about its architectures in a setup.py build: `script`, `torch`, `compiler` (its default) or `nothing`."""
    kind: str | None = None
    """What CMake makes of it: `module`, `shared`, `static`, `object`, `program`, or `library` where the scripts leave it open."""
    links: tuple[str, ...] | None = None
    """The libraries of the same tree whose code goes into it."""


class Step(Struct, frozen=True, kw_only=True):
    """One change to a list of architectures while the build scripts ran."""

    variable: str | None = None
    """The list."""
    before: tuple[str, ...] | None = None
    """Its elements before; absent when it was not set."""
    after: tuple[str, ...] | None = None
    """Its elements after."""
    command: str | None = None
    """The command with its arguments expanded."""
    file: str | None = None
    """The script, relative to the source tree."""
    line: int | None = None
    """The line, from 1."""
    call: str | None = None
    """The call that the change happens inside of, as file and line of the outermost one; absent outside of functions."""


class Plan(Struct, frozen=True, kw_only=True):
    """What the build scripts decide."""

    source: str | None = None
    """The folder of the source tree."""
    cuda_version: str | None = None
    """The toolkit version that the scripts were told."""
    request: tuple[str, ...] | None = None
    """The architectures that the build is asked for."""
    supported: SupportedList | None = None
    """What the project says it supports."""
    architectures: tuple[str, ...] | None = None
    """What is left of the request after the supported list."""
    features: tuple[Feature, ...] | None = None
    """The blocks that are built for some architectures only, in the order of the scripts."""
    sources: tuple[PlannedSource, ...] | None = None
    """Every CUDA source with what it is compiled for, by extension and path."""
    extensions: tuple[Extension, ...] | None = None
    """The library targets."""
    steps: tuple[Step, ...] | None = None
    """The trace of every change to a list of architectures."""
    builder: str | None = None
    """What the build scripts are: `cmake` or `setup.py`."""
    spelt: tuple[str, ...] | None = None
    """The architectures that a setup.py spells out anywhere, such as in `compute_90`, whatever the conditions around them."""
    variables: tuple[str, ...] | None = None
    """The environment variables about architectures that a setup.py asks for, such as `FLASH_ATTN_CUDA_ARCHS`."""
    rejected: tuple[str, ...] | None = None
    """The architectures of the request that torch's helper for setup.py builds does not accept: it then ends the build."""
    platform: str | None = None
    """What the kernels are for: `cuda`, or `hip` (ROCm), whose sources have no CUDA architectures."""
    hip_architectures: tuple[str, ...] | None = None
    """What a build for HIP compiles for, such as `gfx942`; empty in a build for CUDA."""
    hip_request: tuple[str, ...] | None = None
    """What a build for HIP is asked for, such as `gfx942`; empty in a build for CUDA, and where nothing is asked for."""
    hip_supported: SupportedList | None = None
    """The list that has taken a part of that out; not there when nothing of it is lost."""
    cutlass: tuple[CutlassCopy, ...] | None = None
    """The copies of CUTLASS that the tree brings or its scripts fetch."""
    gencode: tuple[str, ...] | None = None
    """What torch's CMake makes of the request, flag by flag: `12.0`, `compute_120` for PTX alone, and `12.1(2.0)` where it
    compiles for one architecture from the PTX of another. Empty when the scripts do not ask torch."""
    configured: tuple[Configured, ...] | None = None
    """The build folders of the tree, as they were configured."""
    built: tuple[BuiltExtension, ...] | None = None
    """The extensions that examined binaries are built from, beside them."""
    made_for: tuple[str, ...] | None = None
    """The request that explains these binaries: asked for it, the same scripts give what they hold. Empty when none that was tried does."""
    made_for_cuda: str | None = None
    """The CUDA that the scripts were told for it; empty when no request explains the binaries."""
