"""What the recorded examples are made from: by the rule, the tree and what is asked of it."""

from __future__ import annotations

from dataclasses import dataclass

from recorded_places import (
    Make,
    configured,
    demo,
    named,
    no_torch,
    sdist,
    torch,
    torch_for_rocm,
    wheel,
    written,
)


@dataclass(frozen=True, kw_only=True)
class Recording:
    """One examination."""

    tree: Make
    gpu: str | None = None
    """The capabilities to diagnose for."""
    cuda: str | None = None
    request: str | None = None
    """What the build is asked for; nothing where it looks for the GPUs itself."""
    env: tuple[str, ...] = ()
    """Variables of the build."""
    environment: Make = no_torch
    """The environment with the torch."""
    binaries: tuple[Make, ...] = ()
    """What is beside the tree."""
    blocks: tuple[str, ...] = ()
    """The blocks of the scripts that are kept; all without any."""


def _vllm(version: str, cuda: str, request: str, gpu: str, *blocks: str) -> Recording:
    return Recording(tree=sdist("vllm", version), cuda=cuda, request=request, gpu=gpu, blocks=blocks)


def _demo(cuda: str, request: str, gpu: str) -> Recording:
    return Recording(tree=demo, cuda=cuda, request=request, gpu=gpu)


DETECTS_NONE = """
from setuptools import setup
from torch.utils.cpp_extension import BuildExtension, CUDAExtension

capability = None  # as a detection answers that finds no GPU
flags = [f"-gencode=arch=compute_{letter},code=sm_{letter}" for letter in str(capability)]
setup(
    name="detects",
    ext_modules=[CUDAExtension("detects_cuda", ["kernels.cu"], extra_compile_args={"nvcc": flags})],
    cmdclass={"build_ext": BuildExtension},
)
"""
HOST_FLAG = """
from setuptools import setup
from torch.utils.cpp_extension import BuildExtension, CUDAExtension

setup(
    name="fast",
    ext_modules=[CUDAExtension("fast_cuda", ["kernels.cu"], extra_compile_args=["-O3", "-march=native"])],
    cmdclass={"build_ext": BuildExtension},
)
"""
STRIPPED = """
cmake_minimum_required(VERSION 3.26)
project(stripped LANGUAGES CXX CUDA)
set(CMAKE_CUDA_ARCHITECTURES OFF)
add_library(stripped MODULE kernels.cu other/kernels.cu fp4_sm120.v2.cu host.cu)
set_source_files_properties(kernels.cu host.cu PROPERTIES COMPILE_OPTIONS "-gencode=arch=compute_80,code=sm_80")
set_source_files_properties(other/kernels.cu PROPERTIES COMPILE_OPTIONS "-gencode=arch=compute_90,code=[sm_90,compute_90]")
set_source_files_properties(fp4_sm120.v2.cu PROPERTIES COMPILE_OPTIONS "-gencode=arch=compute_120f,code=sm_120f")
"""
_ANOTHER_VERSION = Recording(
    tree=sdist("vllm", "0.10.2"), cuda="12.8", request="7.5 8.0 8.6 8.9 9.0 10.0 12.0", gpu="9.0", binaries=(wheel("vllm", "0.11.0"),)
)  # fmt: skip
_FLASH_ATTENTION = sdist("flash_attn", "2.8.3")

RECORDINGS = {
    "architecture-unknown-to-torch": Recording(
        tree=sdist("torch_scatter", "2.1.2"), cuda="12.9", request="9.0 12.0f", gpu="12.0", environment=torch("2.8.0"),
        env=("FORCE_CUDA=1",),
    ),
    "binary-compiled-for-other-architectures": _ANOTHER_VERSION,
    "binary-holds-unplanned-source": _ANOTHER_VERSION,
    "binary-lacks-planned-architecture": Recording(
        tree=written("stripped", CMakeLists_dot_txt=STRIPPED),
        cuda="13.0", request="9.0", gpu="12.0", binaries=(named("stripped.so"),),
    ),
    "binary-lacks-planned-source": _ANOTHER_VERSION,
    "binary-made-for-another-request": Recording(
        tree=sdist("vllm", "0.33.0"), cuda="13.0", request="9.0 11.0", gpu="11.0", binaries=(wheel("vllm", "0.33.0"),)
    ),
    "build-folder-compiles-other-architectures": Recording(tree=configured("plain"), cuda="13.0", request="9.0 12.0", gpu="12.0"),
    "build-folder-keeps-another-request": Recording(tree=configured("plain"), cuda="13.0", request="9.0 12.0", gpu="12.0"),
    "build-folder-lacks-planned-source": Recording(
        tree=configured("plain-with-another-source", added="csrc/added.cu"), cuda="13.0", request="9.0", gpu="9.0"
    ),
    "build-folder-older-than-scripts": Recording(
        tree=configured("plain-with-another-source", added="csrc/added.cu"), cuda="13.0", request="9.0", gpu="9.0"
    ),
    "build-takes-old-cutlass": _vllm("0.18.0", "12.9", "12.0", "12.0", "NVFP4 SM120", "NVFP4 SM100"),
    "detected-gpu-taken-for-older": Recording(
        tree=sdist("vllm", "0.11.0"), cuda="13.0", gpu="12.1", environment=torch("2.8.0")
    ),
    "feature-gets-no-architecture": _vllm("0.11.0", "12.9", "10.3", "10.3"),
    "feature-keeps-only-one-chip": _vllm("0.9.1", "12.8", "9.0 10.0", "9.0"),
    "feature-macro-for-another-family": _demo("12.9", "12.0", "12.0"),
    "feature-needs-newer-toolkit": _vllm("0.11.0", "11.8", "8.0 9.0", "9.0"),
    "flag-turns-arch-list-off": Recording(
        tree=written("fast", setup_dot_py=HOST_FLAG), cuda="12.9", request="9.0 12.0", gpu="12.0"
    ),
    "hip-architecture-dropped": Recording(
        tree=sdist("vllm", "0.11.0"), environment=torch_for_rocm, env=("PYTORCH_ROCM_ARCH=gfx942;gfx1103",)
    ),
    "planned-architecture-is-none": Recording(
        tree=written("detects", setup_dot_py=DETECTS_NONE), cuda="12.9", request="12.0", gpu="12.0"
    ),
    "planned-image-does-not-run": _vllm("0.11.0", "12.9", "12.1", "12.1"),
    "request-is-served-by-older-number": _vllm("0.11.0", "12.9", "12.1", "12.1"),
    "request-suffix-consumes-plain": _demo("13.0", "12.0 12.0f", "12.0"),
    "request-suffix-lost": _vllm("0.11.0", "12.9", "9.0a", "9.0"),
    "request-unknown-to-torch-cmake": Recording(
        tree=sdist("vllm", "0.11.0"), cuda="12.9", request="9.0 12.0f", gpu="12.0", environment=torch("2.8.0")
    ),
    "requested-ptx-is-dropped": _vllm("0.11.0", "12.9", "9.0 12.0+PTX", "12.0"),
    "setup-flags-come-out-empty": Recording(
        tree=_FLASH_ATTENTION, cuda="12.4", request="12.0", gpu="12.0", env=("FLASH_ATTN_CUDA_ARCHS=120",)
    ),
    "setup-ignores-arch-list": Recording(tree=_FLASH_ATTENTION, cuda="12.4", request="12.0", gpu="12.0"),
    "skipped-blocks-are-for-other-gpus": _vllm("0.33.0", "13.0", "12.0", "12.0", "Machete", "MARLIN_ARCHS", "SM12x NVFP4"),
    "suffix-lost": _demo("12.9", "12.0", "12.0"),
    "supported-list-drops-request": _vllm("0.11.0", "12.9", "10.3", "10.3"),
    "supported-list-lacks-request": _vllm("0.11.0", "12.4", "10.0", "10.0"),
    "supported-suffix-consumes-target": _demo("12.9", "9.0 12.0", "12.0"),
}  # fmt: skip
"""By the id of the rule; each rule about plans has one, and holds on it."""
