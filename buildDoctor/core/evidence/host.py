"""The host side of a shared object."""

from __future__ import annotations

from msgspec import Struct


class EntryPoint(Struct, frozen=True, kw_only=True):
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


class Expected(Struct, frozen=True, kw_only=True):
    """How many symbols a file expects of one owner."""

    owner: str | None = None
    """`torch`, `c++`, `cuda`, `python`, `c`, `own` (C++ functions of no known library) or `other`."""
    count: int | None = None
    """How many."""


class CudaLibrary(Struct, frozen=True, kw_only=True):
    """A library of CUDA that a file needs, whose name carries the CUDA version."""

    name: str | None = None
    """Such as `libcudart.so.12`."""
    major: int | None = None
    """The CUDA that it belongs to, such as 12."""


class ResolvedLibrary(Struct, frozen=True, kw_only=True):
    """A library that a file, or one that it needs, asks for, and the file that the loader would take."""

    name: str | None = None
    """What is asked for, such as `libcudart.so.12`."""
    path: str | None = None
    """The file that it would be; empty when none is found."""
    by: str | None = None
    """What leads there: `rpath`, `LD_LIBRARY_PATH`, `runpath`, `cache`, `default`, `path`, or `loaded` before; empty when missing."""
    needed_by: str | None = None
    """The file that asks for it, the first of several."""
    direct: bool | None = None
    """Whether that is the examined file itself."""
    problem: str | None = None
    """Why the file that the search ends at cannot be loaded; empty when it can, or when there is none."""
    lacks: tuple[str, ...] | None = None
    """The versions and symbols that are expected of it and that it does not have, such as `GLIBCXX_3.4.32`."""
    shadowed: tuple[str, ...] | None = None
    """Other files of its name, further down the same search; looked for only where it is of CUDA or of C++."""
    elsewhere: tuple[str, ...] | None = None
    """For a missing one: files of its name in the environment, where the loader does not look."""


class MixedLibrary(Struct, frozen=True, kw_only=True):
    """A library of which one process would hold two."""

    kind: str | None = None
    """Its name without version, such as `libcudart`."""
    paths: tuple[str, ...] | None = None
    """The files, in the order in which they are loaded."""
    versions: tuple[str, ...] | None = None
    """The numbers in the names that they carry, such as `12` and `13`, each once."""


class Loader(Struct, frozen=True, kw_only=True):
    """How files are loaded in the examined environment: worked out from its files, with nothing loaded."""

    program: str | None = None
    """The Python whose process is meant; empty when none was found, and its libraries are then not counted."""
    folders: tuple[str, ...] | None = None
    """The folders of LD_LIBRARY_PATH."""
    cache: str | None = None
    """The loader's cache, `/etc/ld.so.cache`; empty when there is none."""
    loaded: tuple[str, ...] | None = None
    """What is in the process before an extension is: the program's libraries, then what torch's `__init__` opens (assumed)."""
    torch_problem: str | None = None
    """Why importing torch fails; empty when it does not, or where there is no torch."""
    mixed: tuple[MixedLibrary, ...] | None = None
    """Libraries of which that process holds two."""
    driver: ResolvedLibrary | None = None
    """The driver's library, `libcuda.so.1`, which the CUDA runtime opens by itself."""


class Host(Struct, frozen=True, kw_only=True):
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
    resolved: tuple[ResolvedLibrary, ...] | None = None
    """The files that the loader would take for what it asks for; of what those ask for in turn, what is missing or of CUDA or C++."""
    mixed: tuple[MixedLibrary, ...] | None = None
    """Libraries of which loading it would bring a second one into the process."""
