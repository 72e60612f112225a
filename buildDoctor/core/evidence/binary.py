"""One file with device code."""

from __future__ import annotations

from msgspec import Struct

from buildDoctor.core.evidence.device_code import DeviceSection, Image, Kernel, Unit
from buildDoctor.core.evidence.host import Host


class Binary(Struct, frozen=True, kw_only=True):
    """One shared object."""

    path: str | None = None
    """The file; inside a wheel `wheel.whl!member.so`."""
    package: str | None = None
    """The package that it is part of, such as `vllm`; empty for a file that was named alone."""
    size_bytes: int | None = None
    """Its size."""
    images: tuple[Image, ...] | None = None
    """Everything in its fatbins that a GPU could be given."""
    units: tuple[Unit, ...] | None = None
    """Its fatbins, one for each translation unit."""
    kernels: tuple[Kernel, ...] | None = None
    """The kernels that were asked for."""
    other_sections: tuple[DeviceSection, ...] | None = None
    """Device code outside of the section that the driver is given, in file order."""
    format: str | None = None
    """What the file is: `elf`, `pe`, `cubin`, `fatbin` or `ptx`."""
    host: Host | None = None
    """Its host side."""
    sources: tuple[str, ...] | None = None
    """The CUDA sources that nvcc compiled into it, without extension, as its symbol table keeps them; empty when it keeps none."""
