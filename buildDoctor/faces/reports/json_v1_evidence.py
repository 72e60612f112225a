"""The evidence as the JSON report of version 1 promises it. Kept apart from the core, so that the core may change.

A field that is absent was not seen; an empty list was looked at and holds nothing.

Its annotations are values, not texts: msgspec would evaluate 400 texts, which takes three times as long as all classes.
"""

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
    pci_bus: str | None = None
    visible: bool | None = None
    cuda_index: int | None = None
    mig: bool | None = None
    instances: tuple[str, ...] | None = None


class Driver(Part, frozen=True, kw_only=True):
    """The NVIDIA driver of the machine."""

    version: str | None = None
    cuda: str | None = None
    libcuda: str | None = None
    libcuda_version: str | None = None
    libcuda_kind: str | None = None
    libcuda_cuda: str | None = None


class Machine(Part, frozen=True, kw_only=True):
    """The machine, or what a container lets be seen of it."""

    platform: str | None = None
    l4t: str | None = None
    container: bool | None = None
    nvidia_devices: int | None = None
    kernel_module: bool | None = None
    device_files: tuple[str, ...] | None = None
    processors: int | None = None
    memory_bytes: int | None = None


class Toolkit(Part, frozen=True, kw_only=True):
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


class HostCompiler(Part, frozen=True, kw_only=True):
    """The C++ compiler that nvcc calls."""

    path: str | None = None
    kind: str | None = None
    version: str | None = None
    found_by: str | None = None


class Triton(Part, frozen=True, kw_only=True):
    """The triton of the examined environment, which compiles kernels with an assembler of its own."""

    version: str | None = None
    ptxas: str | None = None
    ptxas_version: str | None = None
    blackwell_ptxas_version: str | None = None


class Torch(Part, frozen=True, kw_only=True):
    """The torch of the examined environment, from its files."""

    version: str | None = None
    cuda: str | None = None
    architectures: tuple[str, ...] | None = None
    path: str | None = None
    cxx11_abi: str | None = None
    extension_architectures: tuple[str, ...] | None = None


class PackageCode(Part, frozen=True, kw_only=True):
    """Translation units of a package that hold images for the same architectures."""

    units: int | None = None
    cubins: tuple[str, ...] | None = None
    ptx: tuple[str, ...] | None = None


class CutlassCopy(Part, frozen=True, kw_only=True):
    """A copy of CUTLASS, whose templates become the matrix kernels of a build."""

    version: str | None = None
    place: str | None = None


class Package(Part, frozen=True, kw_only=True):
    """A package of the examined environment, from its metadata and the headers of its device code."""

    name: str | None = None
    version: str | None = None
    path: str | None = None
    files: int | None = None
    code: tuple[PackageCode, ...] | None = None
    built_for_torch: str | None = None
    built_for_cuda: str | None = None
    cutlass: tuple[CutlassCopy, ...] | None = None


class Cache(Part, frozen=True, kw_only=True):
    """A folder of code that was compiled on this machine when it was first needed."""

    tool: str | None = None
    name: str | None = None
    path: str | None = None
    architectures: tuple[str, ...] | None = None
    ptx: tuple[str, ...] | None = None
    cuda_home: str | None = None


class LiveDevice(Part, frozen=True, kw_only=True):
    """A GPU as torch sees it."""

    name: str | None = None
    capability: str | None = None
    uuid: str | None = None


class LiveLibrary(Part, frozen=True, kw_only=True):
    """A shared object that was loaded."""

    path: str | None = None
    module: str | None = None
    found: str | None = None
    operators: tuple[str, ...] | None = None
    error: str | None = None


class Live(Part, frozen=True, kw_only=True):
    """What a process of the examined Python answered."""

    ended: str | None = None
    doing: str | None = None
    torch: str | None = None
    torch_path: str | None = None
    architectures: tuple[str, ...] | None = None
    devices: tuple[LiveDevice, ...] | None = None
    libraries: tuple[LiveLibrary, ...] | None = None
    error: str | None = None


class Python(Part, frozen=True, kw_only=True):
    """The Python of the examined environment, from its folders."""

    version: str | None = None
    tag: str | None = None
    path: str | None = None
    kind: str | None = None
    found_by: str | None = None


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
    kind: str | None = None
    links: tuple[str, ...] | None = None


class Step(Part, frozen=True, kw_only=True):
    """One change to a list of architectures while the build scripts ran."""

    variable: str | None = None
    before: tuple[str, ...] | None = None
    after: tuple[str, ...] | None = None
    command: str | None = None
    file: str | None = None
    line: int | None = None
    call: str | None = None


class CompiledSource(Part, frozen=True, kw_only=True):
    """One CUDA source as a build folder's commands compile it."""

    path: str | None = None
    extension: str | None = None
    architectures: tuple[str, ...] | None = None
    definitions: tuple[str, ...] | None = None


class SourceDifference(Part, frozen=True, kw_only=True):
    """A source that a build folder compiles for other architectures than the build scripts decide today."""

    path: str | None = None
    extension: str | None = None
    planned: tuple[str, ...] | None = None
    compiled: tuple[str, ...] | None = None


class Configured(Part, frozen=True, kw_only=True):
    """A build folder, as it was configured."""

    folder: str | None = None
    source: str | None = None
    files: tuple[str, ...] | None = None
    older_than: tuple[str, ...] | None = None
    generator: str | None = None
    cuda_version: str | None = None
    nvcc: str | None = None
    torch: str | None = None
    request: tuple[str, ...] | None = None
    request_variable: str | None = None
    architectures: tuple[str, ...] | None = None
    sources: tuple[CompiledSource, ...] | None = None
    generated: tuple[str, ...] | None = None
    differences: tuple[SourceDifference, ...] | None = None
    not_compiled: tuple[str, ...] | None = None
    not_planned: tuple[str, ...] | None = None


class ArchitectureCount(Part, frozen=True, kw_only=True):
    """How many sources are planned for an architecture, and how many fatbins have it."""

    architecture: str | None = None
    planned: int | None = None
    found: int | None = None


class BuiltExtension(Part, frozen=True, kw_only=True):
    """An extension of the plan, as an examined binary has it."""

    extension: str | None = None
    binary: str | None = None
    compared_by: str | None = None
    counts: tuple[ArchitectureCount, ...] | None = None
    differences: tuple[SourceDifference, ...] | None = None
    missing: tuple[str, ...] | None = None
    generated: int | None = None
    unplanned: tuple[str, ...] | None = None


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
    configured: tuple[Configured, ...] | None = None
    built: tuple[BuiltExtension, ...] | None = None
    made_for: tuple[str, ...] | None = None
    made_for_cuda: str | None = None
    platform: str | None = None
    hip_architectures: tuple[str, ...] | None = None
    hip_request: tuple[str, ...] | None = None
    hip_supported: SupportedList | None = None
    cutlass: tuple[CutlassCopy, ...] | None = None
    gencode: tuple[str, ...] | None = None


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
    source: str | None = None


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
    registered: bool | None = None
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


class ResolvedLibrary(Part, frozen=True, kw_only=True):
    """A library that a file, or one that it needs, asks for, and the file that the loader would take."""

    name: str | None = None
    path: str | None = None
    by: str | None = None
    needed_by: str | None = None
    direct: bool | None = None
    problem: str | None = None
    lacks: tuple[str, ...] | None = None
    shadowed: tuple[str, ...] | None = None
    elsewhere: tuple[str, ...] | None = None


class MixedLibrary(Part, frozen=True, kw_only=True):
    """A library of which one process would hold two."""

    kind: str | None = None
    paths: tuple[str, ...] | None = None
    versions: tuple[str, ...] | None = None


class Loader(Part, frozen=True, kw_only=True):
    """How files are loaded in the examined environment: worked out from its files, with nothing loaded."""

    program: str | None = None
    folders: tuple[str, ...] | None = None
    cache: str | None = None
    loaded: tuple[str, ...] | None = None
    torch_problem: str | None = None
    mixed: tuple[MixedLibrary, ...] | None = None
    driver: ResolvedLibrary | None = None


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
    resolved: tuple[ResolvedLibrary, ...] | None = None
    mixed: tuple[MixedLibrary, ...] | None = None


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
    sources: tuple[str, ...] | None = None


class LogLine(Part, frozen=True, kw_only=True):
    """A line of a log that shows a symptom, or that is an error by its form."""

    number: int | None = None
    text: str | None = None
    kind: str | None = None
    rules: tuple[str, ...] | None = None
    symptom: str | None = None
    values: tuple[str, ...] | None = None
    count: int | None = None


class Log(Part, frozen=True, kw_only=True):
    """A log of a build or of a run."""

    path: str | None = None
    size_bytes: int | None = None
    line_count: int | None = None
    lines: tuple[LogLine, ...] | None = None


class ModelFormat(Part, frozen=True, kw_only=True):
    """One number format of a model."""

    name: str | None = None
    part: str | None = None
    weight_bits: int | None = None
    activation_bits: int | None = None
    group_size: int | None = None


class ModelWay(Part, frozen=True, kw_only=True):
    """One way to compute with a format on a GPU."""

    name: str | None = None
    needs: str | None = None
    native: bool | None = None
    hardware: bool | None = None
    build: str | None = None


class ModelRequirement(Part, frozen=True, kw_only=True):
    """What one format of a model needs on GPUs of one capability."""

    format: str | None = None
    capability: str | None = None
    ways: tuple[ModelWay, ...] | None = None
    best: str | None = None
    native: bool | None = None


class Model(Part, frozen=True, kw_only=True):
    """A model, from its configuration files; weights are not opened."""

    path: str | None = None
    architecture: str | None = None
    method: str | None = None
    experts: int | None = None
    formats: tuple[ModelFormat, ...] | None = None
    requires: tuple[ModelRequirement, ...] | None = None


class Origin(Part, frozen=True, kw_only=True):
    """Where a value of the evidence comes from."""

    path: str
    source: str


class Evidence(Part, frozen=True, kw_only=True):
    """All that was seen."""

    capabilities: tuple[str, ...] | None = None
    gpus: tuple[Gpu, ...] | None = None
    driver: Driver | None = None
    machine: Machine | None = None
    toolkits: tuple[Toolkit, ...] | None = None
    host_compiler: HostCompiler | None = None
    torch: Torch | None = None
    triton: Triton | None = None
    packages: tuple[Package, ...] | None = None
    caches: tuple[Cache, ...] | None = None
    python: Python | None = None
    live: Live | None = None
    system: System | None = None
    loader: Loader | None = None
    environment: Environment | None = None
    plan: Plan | None = None
    binaries: tuple[Binary, ...] | None = None
    wheels: tuple[Wheel, ...] | None = None
    log: Log | None = None
    model: Model | None = None
    origins: tuple[Origin, ...] = ()
