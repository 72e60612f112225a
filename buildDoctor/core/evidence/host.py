"""The host side of a shared object."""

from __future__ import annotations

from dataclasses import dataclass


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
