"""The evidence as the JSON report of version 1 promises it. Kept apart from the core, so that the core may change.

A field that is absent was not seen; an empty list was looked at and holds nothing.
"""

from __future__ import annotations

import msgspec


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A part of the evidence."""


class Gpu(Part, frozen=True, kw_only=True):
    """One GPU of the machine."""

    index: int | None = None
    name: str | None = None
    capability: str | None = None
    uuid: str | None = None
    memory_bytes: int | None = None


class Driver(Part, frozen=True, kw_only=True):
    """The NVIDIA driver of the machine."""

    version: str | None = None
    cuda: str | None = None


class Toolkit(Part, frozen=True, kw_only=True):
    """One CUDA toolkit on the machine."""

    path: str | None = None
    version: str | None = None
    chosen: bool | None = None


class Torch(Part, frozen=True, kw_only=True):
    """The torch of the examined environment, from its files."""

    version: str | None = None
    cuda: str | None = None
    architectures: tuple[str, ...] | None = None
    path: str | None = None
    cxx11_abi: str | None = None
    extension_architectures: tuple[str, ...] | None = None


class Python(Part, frozen=True, kw_only=True):
    """The Python of the examined environment, from its folders."""

    version: str | None = None
    tag: str | None = None


class System(Part, frozen=True, kw_only=True):
    """What the libraries of the examined environment offer to a file that is loaded there."""

    machine: str | None = None
    glibc: str | None = None
    glibcxx: str | None = None
    cxxabi: str | None = None
    libstdcxx: str | None = None


class Wheel(Part, frozen=True, kw_only=True):
    """A wheel, and what its file name and metadata promise."""

    path: str | None = None
    name: str | None = None
    version: str | None = None
    python_tags: tuple[str, ...] | None = None
    abi_tags: tuple[str, ...] | None = None
    platform_tags: tuple[str, ...] | None = None
    machines: tuple[str, ...] | None = None
    glibc: str | None = None
    cuda: str | None = None
    cxx11_abi: str | None = None
    torch: str | None = None


class Environment(Part, frozen=True, kw_only=True):
    """The environment variables that decide builds, by name. An empty text means that it is not set."""

    TORCH_CUDA_ARCH_LIST: str | None = None
    CUDA_HOME: str | None = None
    CUDA_PATH: str | None = None
    CUDACXX: str | None = None
    CUDAARCHS: str | None = None
    CMAKE_ARGS: str | None = None
    NVCC_APPEND_FLAGS: str | None = None
    NVCC_PREPEND_FLAGS: str | None = None


class SupportedList(Part, frozen=True, kw_only=True):
    """The architectures that a project says it supports at all."""

    variable: str | None = None
    architectures: tuple[str, ...] | None = None
    file: str | None = None
    line: int | None = None


class Feature(Part, frozen=True, kw_only=True):
    """A block of the build scripts that is built only for some architectures."""

    name: str | None = None
    variable: str | None = None
    wants: tuple[str, ...] | None = None
    gets: tuple[str, ...] | None = None
    file: str | None = None
    line: int | None = None
    built: bool | None = None
    sources: tuple[str, ...] | None = None
    definitions: tuple[str, ...] | None = None
    messages: tuple[str, ...] | None = None


class PlannedSource(Part, frozen=True, kw_only=True):
    """One source file of an extension and what it is compiled for."""

    path: str | None = None
    extension: str | None = None
    architectures: tuple[str, ...] | None = None
    definitions: tuple[str, ...] | None = None


class Extension(Part, frozen=True, kw_only=True):
    """A library target of the build."""

    name: str | None = None
    sources: tuple[str, ...] | None = None
    generated: tuple[str, ...] | None = None
    architectures_from: str | None = None


class Step(Part, frozen=True, kw_only=True):
    """One change to a list of architectures while the build scripts ran."""

    variable: str | None = None
    before: tuple[str, ...] | None = None
    after: tuple[str, ...] | None = None
    command: str | None = None
    file: str | None = None
    line: int | None = None


class Plan(Part, frozen=True, kw_only=True):
    """What the build scripts decide."""

    source: str | None = None
    cuda_version: str | None = None
    request: tuple[str, ...] | None = None
    supported: SupportedList | None = None
    architectures: tuple[str, ...] | None = None
    features: tuple[Feature, ...] | None = None
    sources: tuple[PlannedSource, ...] | None = None
    extensions: tuple[Extension, ...] | None = None
    steps: tuple[Step, ...] | None = None
    builder: str | None = None
    spelt: tuple[str, ...] | None = None
    variables: tuple[str, ...] | None = None
    rejected: tuple[str, ...] | None = None


class Image(Part, frozen=True, kw_only=True):
    """One cubin or PTX inside a fatbin."""

    kind: str | None = None
    architecture: str | None = None
    unit: int | None = None
    compressed: str | None = None
    offset: int | None = None
    size_bytes: int | None = None
    unpacked_bytes: int | None = None
    ptx_version: str | None = None
    toolkit: str | None = None


class Unit(Part, frozen=True, kw_only=True):
    """One translation unit's fatbin."""

    index: int | None = None
    cubins: tuple[str, ...] | None = None
    ptx: tuple[str, ...] | None = None
    kernel_count: int | None = None
    section: str | None = None


class KernelImage(Part, frozen=True, kw_only=True):
    """A kernel as one image has it."""

    kind: str | None = None
    architecture: str | None = None
    offset: int | None = None
    registers: int | None = None
    stack_bytes: int | None = None
    shared_bytes: int | None = None
    constant_bytes: int | None = None
    max_threads: tuple[int, ...] | None = None
    required_threads: tuple[int, ...] | None = None
    cluster: tuple[int, ...] | None = None
    barriers: int | None = None
    ptx_version: str | None = None
    toolkit: str | None = None


class Kernel(Part, frozen=True, kw_only=True):
    """A device entry point; it exists in several images."""

    name: str | None = None
    unit: int | None = None
    cubins: tuple[str, ...] | None = None
    ptx: tuple[str, ...] | None = None
    demangled: str | None = None
    source: str | None = None
    images: tuple[KernelImage, ...] | None = None


class DeviceSection(Part, frozen=True, kw_only=True):
    """Device code that the driver is not given when the file is loaded."""

    name: str | None = None
    reached: str | None = None
    images: tuple[Image, ...] | None = None
    units: tuple[Unit, ...] | None = None
    kernels: tuple[Kernel, ...] | None = None


class EntryPoint(Part, frozen=True, kw_only=True):
    """A host function that a user calls and that launches a kernel, if one was compiled."""

    name: str | None = None
    state: str | None = None
    needs: str | None = None
    launches: bool | None = None
    implementations: tuple[str, ...] | None = None
    calls: tuple[str, ...] | None = None
    kernels: tuple[str, ...] | None = None
    architectures: tuple[str, ...] | None = None
    stub: str | None = None


class Expected(Part, frozen=True, kw_only=True):
    """How many symbols a file expects of one owner."""

    owner: str | None = None
    count: int | None = None


class CudaLibrary(Part, frozen=True, kw_only=True):
    """A library of CUDA that a file needs, whose name carries the CUDA version."""

    name: str | None = None
    major: int | None = None


class Host(Part, frozen=True, kw_only=True):
    """The host side of a shared object."""

    symbols: tuple[str, ...] | None = None
    undefined: tuple[str, ...] | None = None
    expected: tuple[Expected, ...] | None = None
    own_undefined: tuple[str, ...] | None = None
    unresolved: tuple[str, ...] | None = None
    missing_from_torch: tuple[str, ...] | None = None
    cxx11_abi: str | None = None
    needed: tuple[str, ...] | None = None
    cuda_libraries: tuple[CudaLibrary, ...] | None = None
    search_folders: tuple[str, ...] | None = None
    glibc: str | None = None
    glibcxx: str | None = None
    cxxabi: str | None = None
    machine: str | None = None
    python_tag: str | None = None
    unstable_python: tuple[str, ...] | None = None
    stubs: tuple[str, ...] | None = None
    entry_points: tuple[EntryPoint, ...] | None = None


class Binary(Part, frozen=True, kw_only=True):
    """One shared object."""

    path: str | None = None
    package: str | None = None
    size_bytes: int | None = None
    images: tuple[Image, ...] | None = None
    units: tuple[Unit, ...] | None = None
    kernels: tuple[Kernel, ...] | None = None
    other_sections: tuple[DeviceSection, ...] | None = None
    format: str | None = None
    host: Host | None = None


class Origin(Part, frozen=True, kw_only=True):
    """Where a value of the evidence comes from."""

    path: str
    source: str


class Evidence(Part, frozen=True, kw_only=True):
    """All that was seen."""

    capabilities: tuple[str, ...] | None = None
    gpus: tuple[Gpu, ...] | None = None
    driver: Driver | None = None
    toolkits: tuple[Toolkit, ...] | None = None
    torch: Torch | None = None
    python: Python | None = None
    system: System | None = None
    environment: Environment | None = None
    plan: Plan | None = None
    binaries: tuple[Binary, ...] | None = None
    wheels: tuple[Wheel, ...] | None = None
    origins: tuple[Origin, ...] = ()
