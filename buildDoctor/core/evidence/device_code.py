"""Device code: images, units and kernels."""

from __future__ import annotations

from msgspec import Struct


class Image(Struct, frozen=True, kw_only=True):
    """One cubin or PTX inside a fatbin."""

    kind: str | None = None
    """`cubin`, `ptx`, `lto-ir`, … or `kind N` for an unknown one."""
    architecture: str | None = None
    """Such as `12.0a`; for PTX the virtual architecture."""
    unit: int | None = None
    """The translation unit that it belongs to: the number of its fatbin in the file, from 0."""
    compressed: str | None = None
    """`zstd`, `lz4`, `lz4-frame`, `zlib`, or `no`."""
    offset: int | None = None
    """Where its entry header stands in the file, in bytes."""
    size_bytes: int | None = None
    """Its size in the file."""
    unpacked_bytes: int | None = None
    """Its size when unpacked."""
    ptx_version: str | None = None
    """The PTX ISA version of a PTX image, such as `8.8`."""
    toolkit: str | None = None
    """The CUDA version of the tool that made a cubin, such as `12.8`; read only with the resources."""


class Unit(Struct, frozen=True, kw_only=True):
    """One translation unit's fatbin."""

    index: int | None = None
    """Its number in the file, from 0."""
    cubins: tuple[str, ...] | None = None
    """The architectures of its cubins."""
    ptx: tuple[str, ...] | None = None
    """The virtual architectures of its PTX that a driver can unpack: none does that with zlib."""
    kernel_count: int | None = None
    """How many kernels the fullest of its images holds; 0 for a container that has none and therefore judges nothing."""
    section: str | None = None
    """Where it stands, such as `.nv_fatbin`; empty in a file that is nothing but device code."""
    source: str | None = None
    """The source file that it is compiled from, without extension, where the symbol table keeps it; empty elsewhere."""


class KernelImage(Struct, frozen=True, kw_only=True):
    """A kernel as one image has it. What the image does not say is absent: PTX has no registers yet."""

    kind: str | None = None
    """`cubin` or `ptx`."""
    architecture: str | None = None
    """Such as `12.0a`."""
    offset: int | None = None
    """Where the entry header of its image stands in the file, in bytes."""
    registers: int | None = None
    """How many a thread takes."""
    stack_bytes: int | None = None
    """The stack of a thread."""
    shared_bytes: int | None = None
    """Static shared memory of a block; from 10.0 on with the 1024 bytes that the system reserves."""
    constant_bytes: int | None = None
    """Constant bank 0: the parameters and what the system puts before them."""
    max_threads: tuple[int, ...] | None = None
    """The largest block that it is compiled for, in each dimension (`__launch_bounds__`)."""
    required_threads: tuple[int, ...] | None = None
    """The only block that it can be launched with, in each dimension."""
    cluster: tuple[int, ...] | None = None
    """The blocks of its cluster, in each dimension."""
    barriers: int | None = None
    """The barriers of a block."""
    ptx_version: str | None = None
    """The PTX ISA version of a PTX image."""
    toolkit: str | None = None
    """The CUDA version of the tool that made a cubin, such as `12.8`."""


class Kernel(Struct, frozen=True, kw_only=True):
    """A device entry point; it exists in several images."""

    name: str | None = None
    """As the symbol table has it (mangled)."""
    unit: int | None = None
    """The translation unit that it belongs to."""
    cubins: tuple[str, ...] | None = None
    """The architectures of the cubins that hold it."""
    ptx: tuple[str, ...] | None = None
    """The virtual architectures of the PTX that holds it and that a driver can unpack."""
    demangled: str | None = None
    """As C++ writes it; read only when asked for."""
    source: str | None = None
    """The file that it is written in, for a kernel with a name of its own file; empty for others."""
    registered: bool | None = None
    """Whether the host side makes it known to the CUDA runtime, which launches no other kernel."""
    images: tuple[KernelImage, ...] | None = None
    """What each image says of it, in file order; read only when asked for."""


class DeviceSection(Struct, frozen=True, kw_only=True):
    """Device code that the driver is not given when the file is loaded."""

    name: str | None = None
    """The section, such as `__nv_relfatbin`, `.cask_resource` or `.rodata`."""
    reached: str | None = None
    """`device-link`: a device link must join it first, which the driver can do too. `library`: the file's own code hands it over."""
    images: tuple[Image, ...] | None = None
    """Its images."""
    units: tuple[Unit, ...] | None = None
    """Its fatbins; a cubin without a fatbin is one by itself."""
    kernels: tuple[Kernel, ...] | None = None
    """The kernels that were asked for."""
