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
    cxx11_abi: str | None = None
    """The `std::string` that its libraries are compiled with: `new` (`std::__cxx11`) or `old`."""
    extension_architectures: tuple[str, ...] | None = None
    """What its helper for setup.py builds (`torch.utils.cpp_extension`) accepts, each also with `+PTX`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Python:
    """The Python of the examined environment, from its folders."""

    version: str | None = None
    """Such as `3.12`."""
    tag: str | None = None
    """How wheels call its ABI, such as `cp312`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """What the libraries of the examined environment offer to a file that is loaded there."""

    machine: str | None = None
    """The processor, as platform tags write it, such as `x86_64`."""
    glibc: str | None = None
    """The version of its C library, such as `2.36`."""
    glibcxx: str | None = None
    """The highest version of the symbols of its C++ library, such as `3.4.30`."""
    cxxabi: str | None = None
    """The highest version of that library's ABI symbols, such as `1.3.13`."""
    libstdcxx: str | None = None
    """The C++ library that they are read from: the environment's own, else the machine's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wheel:
    """A wheel, and what its file name and metadata promise."""

    path: str | None = None
    """The file; those of its members begin with it and an exclamation mark."""
    name: str | None = None
    """The project, such as `vllm`."""
    version: str | None = None
    """Its version, local part included, such as `2.8.3+cu12torch2.8cxx11abitrue`."""
    python_tags: tuple[str, ...] | None = None
    """The Pythons that it says it is for, such as `cp38`."""
    abi_tags: tuple[str, ...] | None = None
    """The ABIs that it says it needs, such as `abi3`."""
    platform_tags: tuple[str, ...] | None = None
    """The platforms that it says it is for, such as `manylinux_2_28_x86_64`."""
    machines: tuple[str, ...] | None = None
    """The processors in its platform tags."""
    glibc: str | None = None
    """The oldest C library that its platform tags say is enough, such as `2.28`; empty when they say nothing about it."""
    cuda: str | None = None
    """The CUDA that its local version names, such as `12.9` or `12`; empty when it names none."""
    cxx11_abi: str | None = None
    """The `std::string` that its local version names, `new` or `old`; empty when it names none."""
    torch: str | None = None
    """The version of torch that its metadata pins, such as `2.8.0`; empty when it pins none."""


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
    architectures_from: str | None = None
    """What decides about its architectures in a setup.py build: `script`, `torch`, `compiler` (its default) or `nothing`."""


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
    builder: str | None = None
    """What the build scripts are: `cmake` or `setup.py`."""
    spelt: tuple[str, ...] | None = None
    """The architectures that a setup.py spells out anywhere, such as in `compute_90`, whatever the conditions around them."""
    variables: tuple[str, ...] | None = None
    """The environment variables about architectures that a setup.py asks for, such as `FLASH_ATTN_CUDA_ARCHS`."""
    rejected: tuple[str, ...] | None = None
    """The architectures of the request that torch's helper for setup.py builds does not accept: it then ends the build."""


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
    toolkit: str | None = None
    """The CUDA version of the tool that made a cubin, such as `12.8`; read only with the resources."""


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
    section: str | None = None
    """Where it stands, such as `.nv_fatbin`; empty in a file that is nothing but device code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KernelImage:
    """A kernel as one image has it. What the image does not say is absent: PTX has no registers yet."""

    kind: str | None = None
    """`cubin` or `ptx`."""
    architecture: str | None = None
    """Such as `12.0a`."""
    offset: int | None = None
    """Where the entry header of its image stands in the file, in bytes."""
    registers: int | None = None
    """How many a thread takes."""
    stack_bytes: int | None = None
    """The stack of a thread."""
    shared_bytes: int | None = None
    """Static shared memory of a block; from 10.0 on with the 1024 bytes that the system reserves."""
    constant_bytes: int | None = None
    """Constant bank 0: the parameters and what the system puts before them."""
    max_threads: tuple[int, ...] | None = None
    """The largest block that it is compiled for, in each dimension (`__launch_bounds__`)."""
    required_threads: tuple[int, ...] | None = None
    """The only block that it can be launched with, in each dimension."""
    cluster: tuple[int, ...] | None = None
    """The blocks of its cluster, in each dimension."""
    barriers: int | None = None
    """The barriers of a block."""
    ptx_version: str | None = None
    """The PTX ISA version of a PTX image."""
    toolkit: str | None = None
    """The CUDA version of the tool that made a cubin, such as `12.8`."""


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
    demangled: str | None = None
    """As C++ writes it; read only when asked for."""
    source: str | None = None
    """The file that it is written in, for a kernel with a name of its own file; empty for others."""
    images: tuple[KernelImage, ...] | None = None
    """What each image says of it, in file order; read only when asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceSection:
    """Device code that the driver is not given when the file is loaded."""

    name: str | None = None
    """The section, such as `__nv_relfatbin`, `.cask_resource` or `.rodata`."""
    reached: str | None = None
    """`device-link`: a device link must join it first, which the driver can do too. `library`: the file's own code hands it over."""
    images: tuple[Image, ...] | None = None
    """Its images."""
    units: tuple[Unit, ...] | None = None
    """Its fatbins; a cubin without a fatbin is one by itself."""
    kernels: tuple[Kernel, ...] | None = None
    """The kernels that were asked for."""


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
    calls: tuple[str, ...] | None = None
    """Those of its implementations that its machine code calls; absent where the code cannot be followed."""
    kernels: tuple[str, ...] | None = None
    """The kernels behind it, mangled."""
    architectures: tuple[str, ...] | None = None
    """The architectures of those kernels' images; PTX as `9.0+PTX`."""
    stub: str | None = None
    """The error text that the entry point carries in place of a kernel, when one is in the file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """How many symbols a file expects of one owner."""

    owner: str | None = None
    """`torch`, `c++`, `cuda`, `python`, `c`, `own` (C++ functions of no known library) or `other`."""
    count: int | None = None
    """How many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CudaLibrary:
    """A library of CUDA that a file needs, whose name carries the CUDA version."""

    name: str | None = None
    """Such as `libcudart.so.12`."""
    major: int | None = None
    """The CUDA that it belongs to, such as 12."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """The host side of a shared object."""

    symbols: tuple[str, ...] | None = None
    """The symbols of interest that it defines, mangled."""
    undefined: tuple[str, ...] | None = None
    """The symbols of interest that it expects from elsewhere, mangled."""
    expected: tuple[Expected, ...] | None = None
    """How many symbols it expects from elsewhere, by whose they are."""
    own_undefined: tuple[str, ...] | None = None
    """The C++ functions that it expects and that belong to no known library, mangled."""
    unresolved: tuple[str, ...] | None = None
    """Those of them that no examined file gives; absent when it needs a library that was not examined."""
    missing_from_torch: tuple[str, ...] | None = None
    """The symbols that it expects of torch and that the torch of the environment does not give, mangled."""
    cxx11_abi: str | None = None
    """The `std::string` in the symbols that it expects of torch: `new`, `old`, `both`, or empty when none has one."""
    needed: tuple[str, ...] | None = None
    """The libraries that it asks the loader for."""
    cuda_libraries: tuple[CudaLibrary, ...] | None = None
    """Those of them whose names carry a CUDA version."""
    search_folders: tuple[str, ...] | None = None
    """The folders in which it asks the loader to look first (RUNPATH, else RPATH)."""
    glibc: str | None = None
    """The oldest C library that has all it needs, such as `2.29`; empty when it needs no version."""
    glibcxx: str | None = None
    """The highest version of the C++ library's symbols that it needs, such as `3.4.21`; empty when it needs none."""
    cxxabi: str | None = None
    """The highest version of the C++ ABI's symbols that it needs, such as `1.3.9`; empty when it needs none."""
    machine: str | None = None
    """The processor that it is for, as platform tags write it, such as `x86_64`."""
    python_tag: str | None = None
    """The Python ABI that its file name states: `abi3`, `cp312`; empty when it states none."""
    unstable_python: tuple[str, ...] | None = None
    """For a file that states abi3: the symbols of Python that it uses and that are no part of the stable ABI."""
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
    other_sections: tuple[DeviceSection, ...] | None = None
    """Device code outside of the section that the driver is given, in file order."""
    format: str | None = None
    """What the file is: `elf`, `pe`, `cubin`, `fatbin` or `ptx`."""
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
    python: Python | None = None
    """The Python of the examined environment."""
    system: System | None = None
    """What its libraries offer; looked at when an environment is examined, not a file alone."""
    environment: Environment | None = None
    """The variables that decide builds."""
    plan: Plan | None = None
    """What the build scripts decide."""
    binaries: tuple[Binary, ...] | None = None
    """The shared objects."""
    wheels: tuple[Wheel, ...] | None = None
    """The wheels among the targets, and what they promise."""
    origins: tuple[Origin, ...] = ()
    """Where values come from, by path."""
    not_seen: tuple[NotSeen, ...] = ()
    """What could not be examined."""
