"""GPUs, toolkits, packages and variables in the JSON report. Its own types: see json_v1_evidence."""

from buildDoctor.faces.reports.json_v1_shape import Shape


class Gpu(Shape, frozen=True, kw_only=True):
    """One GPU of the machine."""

    index: int | None = None
    name: str | None = None
    capability: str | None = None
    uuid: str | None = None
    memory_bytes: int | None = None
    pci_bus: str | None = None
    visible: bool | None = None
    cuda_index: int | None = None
    mig: bool | None = None
    instances: tuple[str, ...] | None = None


class Driver(Shape, frozen=True, kw_only=True):
    """The NVIDIA driver of the machine."""

    version: str | None = None
    cuda: str | None = None
    libcuda: str | None = None
    libcuda_version: str | None = None
    libcuda_kind: str | None = None
    libcuda_cuda: str | None = None


class Machine(Shape, frozen=True, kw_only=True):
    """The machine, or what a container lets be seen of it."""

    platform: str | None = None
    l4t: str | None = None
    container: bool | None = None
    nvidia_devices: int | None = None
    kernel_module: bool | None = None
    device_files: tuple[str, ...] | None = None
    processors: int | None = None
    memory_bytes: int | None = None


class Toolkit(Shape, frozen=True, kw_only=True):
    """One CUDA toolkit on the machine."""

    path: str | None = None
    version: str | None = None
    chosen: bool | None = None
    chosen_by: tuple[str, ...] | None = None
    found_by: tuple[str, ...] | None = None
    nvcc: str | None = None
    headers: str | None = None
    architectures: tuple[str, ...] | None = None
    newest_gcc: int | None = None
    newest_clang: int | None = None


class HostCompiler(Shape, frozen=True, kw_only=True):
    """The C++ compiler that nvcc calls."""

    path: str | None = None
    kind: str | None = None
    version: str | None = None
    found_by: str | None = None


class Triton(Shape, frozen=True, kw_only=True):
    """The triton of the examined environment, which compiles kernels with an assembler of its own."""

    version: str | None = None
    ptxas: str | None = None
    ptxas_version: str | None = None
    blackwell_ptxas_version: str | None = None


class Torch(Shape, frozen=True, kw_only=True):
    """The torch of the examined environment, from its files."""

    version: str | None = None
    cuda: str | None = None
    architectures: tuple[str, ...] | None = None
    path: str | None = None
    cxx11_abi: str | None = None
    extension_architectures: tuple[str, ...] | None = None


class PackageCode(Shape, frozen=True, kw_only=True):
    """Translation units of a package that hold images for the same architectures."""

    units: int | None = None
    cubins: tuple[str, ...] | None = None
    ptx: tuple[str, ...] | None = None


class CutlassCopy(Shape, frozen=True, kw_only=True):
    """A copy of CUTLASS, whose templates become the matrix kernels of a build."""

    version: str | None = None
    place: str | None = None


class Package(Shape, frozen=True, kw_only=True):
    """A package of the examined environment, from its metadata and the headers of its device code."""

    name: str | None = None
    version: str | None = None
    path: str | None = None
    files: int | None = None
    code: tuple[PackageCode, ...] | None = None
    built_for_torch: str | None = None
    built_for_cuda: str | None = None
    cutlass: tuple[CutlassCopy, ...] | None = None


class Cache(Shape, frozen=True, kw_only=True):
    """A folder of code that was compiled on this machine when it was first needed."""

    tool: str | None = None
    name: str | None = None
    path: str | None = None
    architectures: tuple[str, ...] | None = None
    ptx: tuple[str, ...] | None = None
    cuda_home: str | None = None


class LiveDevice(Shape, frozen=True, kw_only=True):
    """A GPU as torch sees it."""

    name: str | None = None
    capability: str | None = None
    uuid: str | None = None


class LiveLibrary(Shape, frozen=True, kw_only=True):
    """A shared object that was loaded."""

    path: str | None = None
    module: str | None = None
    found: str | None = None
    operators: tuple[str, ...] | None = None
    error: str | None = None


class Live(Shape, frozen=True, kw_only=True):
    """What a process of the examined Python answered."""

    ended: str | None = None
    doing: str | None = None
    torch: str | None = None
    torch_path: str | None = None
    architectures: tuple[str, ...] | None = None
    devices: tuple[LiveDevice, ...] | None = None
    libraries: tuple[LiveLibrary, ...] | None = None
    error: str | None = None


class Python(Shape, frozen=True, kw_only=True):
    """The Python of the examined environment, from its folders."""

    version: str | None = None
    tag: str | None = None
    path: str | None = None
    kind: str | None = None
    found_by: str | None = None


class System(Shape, frozen=True, kw_only=True):
    """What the libraries of the examined environment offer to a file that is loaded there."""

    machine: str | None = None
    glibc: str | None = None
    glibcxx: str | None = None
    cxxabi: str | None = None
    libstdcxx: str | None = None


class Wheel(Shape, frozen=True, kw_only=True):
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


class Environment(Shape, frozen=True, kw_only=True):
    """The environment variables that decide builds, by name. An empty text means that it is not set."""

    TORCH_CUDA_ARCH_LIST: str | None = None
    CUDA_HOME: str | None = None
    CUDA_PATH: str | None = None
    CUDACXX: str | None = None
    CUDAARCHS: str | None = None
    CMAKE_ARGS: str | None = None
    NVCC_APPEND_FLAGS: str | None = None
    NVCC_PREPEND_FLAGS: str | None = None
    CUDAHOSTCXX: str | None = None
    NVCC_CCBIN: str | None = None
    CC: str | None = None
    CUDA_VISIBLE_DEVICES: str | None = None
    CUDA_DEVICE_ORDER: str | None = None
    CUDA_FORCE_PTX_JIT: str | None = None
    CUDA_DISABLE_PTX_JIT: str | None = None
    CUDA_MODULE_LOADING: str | None = None
    LD_LIBRARY_PATH: str | None = None
    LD_PRELOAD: str | None = None
    PYTORCH_ROCM_ARCH: str | None = None
    FLASHINFER_CUDA_ARCH_LIST: str | None = None
    FLASH_ATTN_CUDA_ARCHS: str | None = None
    VLLM_FA_CMAKE_GPU_ARCHES: str | None = None
    NVTE_CUDA_ARCHS: str | None = None
    TCNN_CUDA_ARCHITECTURES: str | None = None
    NATTEN_CUDA_ARCH: str | None = None
    CUTLASS_NVCC_ARCHS: str | None = None
    TRITON_PTXAS_PATH: str | None = None
    TRITON_PTXAS_BLACKWELL_PATH: str | None = None
    TORCH_EXTENSIONS_DIR: str | None = None
    FLASHINFER_WORKSPACE_BASE: str | None = None
    TRITON_CACHE_DIR: str | None = None
    MAX_JOBS: str | None = None
    NVCC_THREADS: str | None = None
    NVIDIA_PYTORCH_VERSION: str | None = None
