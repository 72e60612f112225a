"""Device code and the host side of a file in the JSON report. Its own types: see json_v1_evidence."""

from buildDoctor.faces.reports.json_v1_shape import Shape


class Image(Shape, frozen=True, kw_only=True):
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


class Unit(Shape, frozen=True, kw_only=True):
    """One translation unit's fatbin."""

    index: int | None = None
    cubins: tuple[str, ...] | None = None
    ptx: tuple[str, ...] | None = None
    kernel_count: int | None = None
    section: str | None = None
    source: str | None = None


class KernelImage(Shape, frozen=True, kw_only=True):
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


class Kernel(Shape, frozen=True, kw_only=True):
    """A device entry point; it exists in several images."""

    name: str | None = None
    unit: int | None = None
    cubins: tuple[str, ...] | None = None
    ptx: tuple[str, ...] | None = None
    demangled: str | None = None
    source: str | None = None
    registered: bool | None = None
    images: tuple[KernelImage, ...] | None = None


class DeviceSection(Shape, frozen=True, kw_only=True):
    """Device code that the driver is not given when the file is loaded."""

    name: str | None = None
    reached: str | None = None
    images: tuple[Image, ...] | None = None
    units: tuple[Unit, ...] | None = None
    kernels: tuple[Kernel, ...] | None = None


class EntryPoint(Shape, frozen=True, kw_only=True):
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


class Expected(Shape, frozen=True, kw_only=True):
    """How many symbols a file expects of one owner."""

    owner: str | None = None
    count: int | None = None


class CudaLibrary(Shape, frozen=True, kw_only=True):
    """A library of CUDA that a file needs, whose name carries the CUDA version."""

    name: str | None = None
    major: int | None = None


class ResolvedLibrary(Shape, frozen=True, kw_only=True):
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


class MixedLibrary(Shape, frozen=True, kw_only=True):
    """A library of which one process would hold two."""

    kind: str | None = None
    paths: tuple[str, ...] | None = None
    versions: tuple[str, ...] | None = None


class Loader(Shape, frozen=True, kw_only=True):
    """How files are loaded in the examined environment: worked out from its files, with nothing loaded."""

    program: str | None = None
    folders: tuple[str, ...] | None = None
    cache: str | None = None
    loaded: tuple[str, ...] | None = None
    torch_problem: str | None = None
    mixed: tuple[MixedLibrary, ...] | None = None
    driver: ResolvedLibrary | None = None


class Host(Shape, frozen=True, kw_only=True):
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


class Binary(Shape, frozen=True, kw_only=True):
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
