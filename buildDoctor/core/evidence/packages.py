"""What is installed or about to be: torch, and wheels with their promises."""

from __future__ import annotations

from dataclasses import dataclass


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
