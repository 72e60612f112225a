"""What is installed or about to be: torch, and wheels with their promises."""

from __future__ import annotations

from msgspec import Struct


class Torch(Struct, frozen=True, kw_only=True):
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


class Wheel(Struct, frozen=True, kw_only=True):
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


class Triton(Struct, frozen=True, kw_only=True):
    """The triton of the examined environment, which compiles kernels with an assembler of its own."""

    version: str | None = None
    """Such as `3.4.0`."""
    ptxas: str | None = None
    """The assembler that it brings; empty when it brings none."""
    ptxas_version: str | None = None
    """The CUDA that this assembler comes from, such as `12.8.93`; empty when it brings none."""
    blackwell_ptxas_version: str | None = None
    """The same of the second assembler that later versions bring for capability 10.0 and newer; empty when there is none."""


class PackageCode(Struct, frozen=True, kw_only=True):
    """Translation units of a package that hold images for the same architectures."""

    units: int | None = None
    """How many there are."""
    cubins: tuple[str, ...] | None = None
    """What they have machine code for."""
    ptx: tuple[str, ...] | None = None
    """What they have PTX for."""


class CutlassCopy(Struct, frozen=True, kw_only=True):
    """A copy of CUTLASS, whose templates become the matrix kernels of a build."""

    version: str | None = None
    """Such as `4.2.1`."""
    place: str | None = None
    """Where the version stands: the header, relative to the tree or to site-packages, or file and line of the build script."""


class Package(Struct, frozen=True, kw_only=True):
    """A package of the examined environment, from its metadata and the headers of its device code."""

    name: str | None = None
    """As registries write it: small letters, dashes."""
    version: str | None = None
    """Such as `2.8.0+cu129`; empty for a folder without metadata."""
    path: str | None = None
    """The folder of its metadata, or its own."""
    files: int | None = None
    """How many of its shared objects hold device code; those of NVIDIA's own packages are not counted."""
    code: tuple[PackageCode, ...] | None = None
    """What its units hold; whether a unit has kernels is not read here."""
    built_for_torch: str | None = None
    """The torch that it says it was built with; empty when it says nothing."""
    built_for_cuda: str | None = None
    """The CUDA that it says it was built with; empty when it says nothing."""
    cutlass: tuple[CutlassCopy, ...] | None = None
    """The copies of CUTLASS among its headers, from which it compiles kernels when they are first needed."""


class Cache(Struct, frozen=True, kw_only=True):
    """A folder of code that was compiled on this machine when it was first needed."""

    tool: str | None = None
    """`torch` (torch.utils.cpp_extension.load), `flashinfer` or `triton`."""
    name: str | None = None
    """What was compiled; for triton all of it together."""
    path: str | None = None
    """The folder."""
    architectures: tuple[str, ...] | None = None
    """What the machine code in it is for."""
    ptx: tuple[str, ...] | None = None
    """What the PTX in it is for."""
    cuda_home: str | None = None
    """The toolkit that its build file names; empty when it names none."""
