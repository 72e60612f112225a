"""The machine and the environment: GPUs, driver, toolkits, Python, its libraries, and the variables."""

from __future__ import annotations

from msgspec import Struct


class Gpu(Struct, frozen=True, kw_only=True):
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
    pci_bus: str | None = None
    """Its place on the bus, such as `00000000:01:00.0`; nvidia-smi counts in this order."""
    visible: bool | None = None
    """Whether CUDA_VISIBLE_DEVICES lets a program that is started here see it."""
    cuda_index: int | None = None
    """Its number for such a program; absent when hidden, and where different GPUs are ordered by speed."""
    mig: bool | None = None
    """Whether it is split into instances (MIG), of which a program sees one each."""
    instances: tuple[str, ...] | None = None
    """Those instances, by profile and identifier, such as `1g.10gb MIG-…`."""


class Driver(Struct, frozen=True, kw_only=True):
    """The NVIDIA driver of the machine."""

    version: str | None = None
    """That of its kernel part, such as `580.159.04`."""
    cuda: str | None = None
    """The newest CUDA that it supports, such as `13.0`."""
    libcuda: str | None = None
    """The libcuda.so.1 that a program started here loads; empty when none is found."""
    libcuda_version: str | None = None
    """The version in that file's full name; empty when it has none."""
    libcuda_kind: str | None = None
    """`driver`, `compat` (forward compatibility), `stub` (for linking alone), `wsl` or `tegra`."""
    libcuda_cuda: str | None = None
    """The newest CUDA that this libcuda supports."""


class Machine(Struct, frozen=True, kw_only=True):
    """The machine, or what a container lets be seen of it."""

    platform: str | None = None
    """`linux`, `wsl` or `tegra` (Jetson)."""
    l4t: str | None = None
    """The release of Jetson's Linux, such as `36.4.3`; empty elsewhere."""
    container: bool | None = None
    """Whether this is inside a container."""
    nvidia_devices: int | None = None
    """How many graphics devices of NVIDIA are on the PCI bus."""
    kernel_module: bool | None = None
    """Whether the kernel part of the driver is loaded."""
    device_files: tuple[str, ...] | None = None
    """The files through which programs reach GPUs, such as `/dev/nvidia0`."""
    processors: int | None = None
    """How many processors this process may use."""
    memory_bytes: int | None = None
    """The memory that a build may take: that of the machine, or the limit of the container."""


class Toolkit(Struct, frozen=True, kw_only=True):
    """One CUDA toolkit on the machine."""

    path: str | None = None
    """Its folder."""
    version: str | None = None
    """The version of its nvcc, such as `12.9.41`."""
    chosen: bool | None = None
    """Whether torch's build helpers take this one when a build is started here; vLLM's CMake is told the same one."""
    chosen_by: tuple[str, ...] | None = None
    """Which builds take it: `torch` (its build helpers), `flashinfer` (what it compiles when it runs), `cmake`."""
    found_by: tuple[str, ...] | None = None
    """What leads to it: `CUDA_HOME`, `CUDA_PATH`, `CUDACXX`, `PATH`, `/usr/local`, `conda`, `pip`."""
    nvcc: str | None = None
    """Its compiler; empty when it has none."""
    headers: str | None = None
    """The version that its cuda.h states, such as `12.9`; empty when it has none."""
    architectures: tuple[str, ...] | None = None
    """What its nvcc compiles for, without suffixes."""
    newest_gcc: int | None = None
    """The newest major version of gcc that it accepts."""
    newest_clang: int | None = None
    """The newest major version of clang that it accepts."""


class HostCompiler(Struct, frozen=True, kw_only=True):
    """The C++ compiler that nvcc calls."""

    path: str | None = None
    """Its program."""
    kind: str | None = None
    """`gcc` or `clang`."""
    version: str | None = None
    """Such as `13.2.0`, or `13` where only its name tells it."""
    found_by: str | None = None
    """What leads to it: `CUDAHOSTCXX`, `NVCC_CCBIN`, `CC` or `PATH`."""


class Python(Struct, frozen=True, kw_only=True):
    """The Python of the examined environment, from its folders."""

    version: str | None = None
    """Such as `3.12`."""
    tag: str | None = None
    """How wheels call its ABI, such as `cp312`."""
    path: str | None = None
    """The folder of the environment."""
    kind: str | None = None
    """What made it: `virtualenv`, `uv`, `conda` or `system`."""
    found_by: str | None = None
    """What leads to it: `--python`, `VIRTUAL_ENV`, `CONDA_PREFIX`, `.venv`, a target, or the Python of build-doctor."""


class System(Struct, frozen=True, kw_only=True):
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


class Environment(Struct, frozen=True, kw_only=True):
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
    CUDAHOSTCXX: str | None = None
    """The C++ compiler that CMake hands to nvcc."""
    NVCC_CCBIN: str | None = None
    """The C++ compiler that nvcc takes."""
    CC: str | None = None
    """The C compiler; torch's build helpers hand it to nvcc."""
    CUDA_VISIBLE_DEVICES: str | None = None
    """The GPUs that programs see; `-1` also when it is set to nothing, for both hide every GPU."""
    CUDA_DEVICE_ORDER: str | None = None
    """How CUDA numbers GPUs: by speed, or with `PCI_BUS_ID` by their places."""
    CUDA_FORCE_PTX_JIT: str | None = None
    """With `1` the driver passes over machine code and compiles PTX."""
    CUDA_DISABLE_PTX_JIT: str | None = None
    """With `1` the driver compiles no PTX."""
    CUDA_MODULE_LOADING: str | None = None
    """`EAGER` loads all code at once, `LAZY` a kernel when it is first needed."""
    LD_LIBRARY_PATH: str | None = None
    """The folders in which the loader looks first."""
    LD_PRELOAD: str | None = None
    """Libraries that are loaded before all others."""
    PYTORCH_ROCM_ARCH: str | None = None
    """The AMD architectures that a build for HIP is asked for."""
    FLASHINFER_CUDA_ARCH_LIST: str | None = None
    """What FlashInfer compiles for, in place of the GPUs that it sees."""
    FLASH_ATTN_CUDA_ARCHS: str | None = None
    """What flash-attn builds for."""
    VLLM_FA_CMAKE_GPU_ARCHES: str | None = None
    """What the flash-attn inside of vLLM builds for."""
    NVTE_CUDA_ARCHS: str | None = None
    """What Transformer Engine builds for."""
    TCNN_CUDA_ARCHITECTURES: str | None = None
    """What tiny-cuda-nn builds for."""
    NATTEN_CUDA_ARCH: str | None = None
    """What NATTEN builds for."""
    CUTLASS_NVCC_ARCHS: str | None = None
    """What CUTLASS builds for."""
    TRITON_PTXAS_PATH: str | None = None
    """The assembler that triton takes in place of its own."""
    TRITON_PTXAS_BLACKWELL_PATH: str | None = None
    """The same for capability 10.0 and newer, in later versions."""
    TORCH_EXTENSIONS_DIR: str | None = None
    """Where torch keeps what it compiles."""
    FLASHINFER_WORKSPACE_BASE: str | None = None
    """Where FlashInfer keeps what it compiles."""
    TRITON_CACHE_DIR: str | None = None
    """Where triton keeps what it compiles."""
    MAX_JOBS: str | None = None
    """How many compilers torch's build helpers and vLLM start at once."""
    NVCC_THREADS: str | None = None
    """How many architectures vLLM lets each nvcc compile at once."""
    NVIDIA_PYTORCH_VERSION: str | None = None
    """Set inside of NVIDIA's own images of PyTorch."""
