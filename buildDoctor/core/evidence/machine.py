"""The machine and the environment: GPUs, driver, toolkits, Python, its libraries, and the variables."""

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
