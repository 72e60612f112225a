"""What was seen, as one immutable tree.

Attribute names are the language of rules and of the JSON report. A field that is `None` was not seen; an empty
tuple was looked at and holds nothing. Why a thing was not seen stands in `Evidence.not_seen`, and where a value
comes from in `Evidence.origins`: both are looked up by path, so that `plan.supported` answers for
`plan.supported.architectures` too.

Architectures are text in the dotted form (`12.0`, `12.0a`, `12.0f`, `9.0+PTX`); capabilities never have a suffix.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Gpu:
    """One GPU of the machine."""

    index: int | None = None
    """Its number in the order of nvidia-smi, from 0."""
    name: str | None = None
    """What the driver calls it."""
    capability: str | None = None
    """Its compute capability, such as `12.0`."""
    uuid: str | None = None
    """The driver's identifier."""
    memory_bytes: int | None = None
    """Its memory in bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Driver:
    """The NVIDIA driver of the machine."""

    version: str | None = None
    """Such as `580.159.04`."""
    cuda: str | None = None
    """The newest CUDA that it supports, such as `13.0`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Toolkit:
    """One CUDA toolkit on the machine."""

    path: str | None = None
    """Its folder."""
    version: str | None = None
    """The version of its nvcc, such as `12.9.41`."""
    chosen: bool | None = None
    """Whether a build started here takes this one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Torch:
    """The torch of the examined environment, from its files."""

    version: str | None = None
    """Such as `2.8.0+cu129`."""
    cuda: str | None = None
    """The CUDA that it was built with, such as `12.9`."""
    architectures: tuple[str, ...] | None = None
    """What it was built for, as torch writes it: `sm_100`, `compute_120`."""
    path: str | None = None
    """The folder of the package."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """The environment variables that decide builds, by name. An empty text means that it is not set."""

    TORCH_CUDA_ARCH_LIST: str | None = None
    """The architectures that torch's build helpers are asked for."""
    CUDA_HOME: str | None = None
    """Where torch's build helpers look for the toolkit first."""
    CUDA_PATH: str | None = None
    """Where they look second."""
    CUDACXX: str | None = None
    """The nvcc that CMake takes."""
    CUDAARCHS: str | None = None
    """What CMake puts into CMAKE_CUDA_ARCHITECTURES when the project does not."""
    CMAKE_ARGS: str | None = None
    """Extra arguments that Python build backends hand to CMake."""
    NVCC_APPEND_FLAGS: str | None = None
    """Flags that nvcc adds to every command line."""
    NVCC_PREPEND_FLAGS: str | None = None
    """Flags that nvcc puts before every command line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportedList:
    """The architectures that a project says it supports at all."""

    variable: str | None = None
    """The name of the list in the build scripts, such as `CUDA_SUPPORTED_ARCHS`."""
    architectures: tuple[str, ...] | None = None
    """Its elements, in their order."""
    file: str | None = None
    """The script that sets it, relative to the source tree."""
    line: int | None = None
    """The line of the command that sets it, from 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedSource:
    """One source file of an extension and what it is compiled for."""

    path: str | None = None
    """Relative to the source tree."""
    extension: str | None = None
    """The extension that it goes into."""
    architectures: tuple[str, ...] | None = None
    """Dotted; `+PTX` where PTX is embedded as well."""
    definitions: tuple[str, ...] | None = None
    """The macros it is compiled with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """A library target of the build."""

    name: str | None = None
    """The target's name, such as `_C`."""
    sources: tuple[str, ...] | None = None
    """Its source files, relative to the source tree."""
    generated: tuple[str, ...] | None = None
    """Patterns that find no file here because a configure-time script writes the files: what they add is unknown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """One cubin or PTX inside a fatbin."""

    kind: str | None = None
    """`cubin`, `ptx`, `lto-ir`, … or `kind N` for an unknown one."""
    architecture: str | None = None
    """Such as `12.0a`; for PTX the virtual architecture."""
    unit: int | None = None
    """The translation unit that it belongs to: the number of its fatbin in the file, from 0."""
    compressed: str | None = None
    """`zstd`, `lz4`, `lz4-frame`, `zlib`, or `no`."""
    offset: int | None = None
    """Where its entry header stands in the file, in bytes."""
    size_bytes: int | None = None
    """Its size in the file."""
    unpacked_bytes: int | None = None
    """Its size when unpacked."""
    ptx_version: str | None = None
    """The PTX ISA version of a PTX image, such as `8.8`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One translation unit's fatbin."""

    index: int | None = None
    """Its number in the file, from 0."""
    cubins: tuple[str, ...] | None = None
    """The architectures of its cubins."""
    ptx: tuple[str, ...] | None = None
    """The virtual architectures of its PTX."""
    kernel_count: int | None = None
    """How many kernels the fullest of its images holds; 0 for a container that has none and therefore judges nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kernel:
    """A device entry point; it exists in several images."""

    name: str | None = None
    """As the symbol table has it (mangled)."""
    unit: int | None = None
    """The translation unit that it belongs to."""
    cubins: tuple[str, ...] | None = None
    """The architectures of the cubins that hold it."""
    ptx: tuple[str, ...] | None = None
    """The virtual architectures of the PTX that holds it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryPoint:
    """A host function that a user calls and that launches a kernel, if one was compiled."""

    name: str | None = None
    """Such as `scaled_fp4_quant`."""
    state: str | None = None
    """`absent`, `entry-point` (no kernel behind it) or `kernel`."""
    needs: str | None = None
    """The lowest compute capability whose hardware can do what it does, such as `10.0`."""
    launches: bool | None = None
    """False for a function that only answers a question and never has a kernel."""
    implementations: tuple[str, ...] | None = None
    """Host functions for one architecture that it hands over to, such as `scaled_fp4_quant_sm1xxa`."""
    kernels: tuple[str, ...] | None = None
    """The kernels behind it, mangled."""
    architectures: tuple[str, ...] | None = None
    """The architectures of those kernels' images; PTX as `9.0+PTX`."""
    stub: str | None = None
    """The error text that the entry point carries in place of a kernel, when one is in the file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """The host side of a shared object."""

    symbols: tuple[str, ...] | None = None
    """The symbols of interest that it defines, mangled."""
    undefined: tuple[str, ...] | None = None
    """The symbols of interest that it expects from elsewhere, mangled."""
    needed: tuple[str, ...] | None = None
    """The libraries that it asks the loader for."""
    stubs: tuple[str, ...] | None = None
    """Texts such as `No compiled nvfp4 …` that stand in for a kernel."""
    entry_points: tuple[EntryPoint, ...] | None = None
    """The entry points that build-doctor knows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Binary:
    """One shared object."""

    path: str | None = None
    """The file; inside a wheel `wheel.whl!member.so`."""
    package: str | None = None
    """The package that it is part of, such as `vllm`; empty for a file that was named alone."""
    size_bytes: int | None = None
    """Its size."""
    images: tuple[Image, ...] | None = None
    """Everything in its fatbins that a GPU could be given."""
    units: tuple[Unit, ...] | None = None
    """Its fatbins, one for each translation unit."""
    kernels: tuple[Kernel, ...] | None = None
    """The kernels that were asked for."""
    host: Host | None = None
    """Its host side."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a value of the evidence comes from."""

    path: str
    """The path of the value, such as `plan.supported` or `binaries[0].images`."""
    source: str
    """File and line, ELF section and offset, command, or the user's option."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotSeen:
    """What could not be examined, and why."""

    path: str
    """The path of the value that is missing, such as `plan` or `binaries[0].kernels`."""
    reason: str
    """One sentence: what is wrong and what to do about it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """All that was seen, and what was not and why."""

    capabilities: tuple[str, ...] | None = None
    """The compute capabilities to diagnose for."""
    gpus: tuple[Gpu, ...] | None = None
    """The GPUs of the machine."""
    driver: Driver | None = None
    """The driver of the machine."""
    toolkits: tuple[Toolkit, ...] | None = None
    """The CUDA toolkits of the machine."""
    torch: Torch | None = None
    """The torch of the examined environment."""
    environment: Environment | None = None
    """The variables that decide builds."""
    plan: Plan | None = None
    """What the build scripts decide."""
    binaries: tuple[Binary, ...] | None = None
    """The shared objects."""
    origins: tuple[Origin, ...] = ()
    """Where values come from, by path."""
    not_seen: tuple[NotSeen, ...] = ()
    """What could not be examined."""
