"""One image: the names of its kernels, and what they take when that is asked for."""

from __future__ import annotations

from threading import local
from typing import TYPE_CHECKING

from msgspec import Struct, field

from buildDoctor.adapters.elf import fatbin_layout as layout
from buildDoctor.adapters.elf.cubin import kernel_names
from buildDoctor.adapters.elf.fatbin import Entry, Problem
from buildDoctor.adapters.elf.payload import Memory, unpack_image
from buildDoctor.core.evidence import KernelImage

if TYPE_CHECKING:
    from buildDoctor.adapters.elf.cubin_resources import CubinKernel
    from buildDoctor.adapters.elf.ptx import PtxKernel
    from buildDoctor.adapters.elf.window import Window

_of_thread = local()

READABLE_KINDS = (layout.KIND_CUBIN, layout.KIND_PTX)


class ImageReading(Struct, frozen=True):
    """What an image says about its kernels."""

    names: tuple[str, ...]
    """The mangled names, in its own order."""
    details: dict[str, KernelImage] = field(default_factory=dict)
    """What each takes, by name, when that was asked for."""
    toolkit: str | None = None
    """The CUDA version of the tool that made it, when that was asked for and a kernel says it."""


def read_image(window: Window, entry: Entry, *, resources: bool) -> ImageReading | Problem | None:
    """The kernels of an image, or why they are not known; none for an image that is neither cubin nor PTX.

    Args:
        window: The file.
        entry: The image.
        resources: Whether to read what the kernels take.
    """
    if entry.header.kind not in READABLE_KINDS:
        return None
    image = unpack_image(window, entry, _memory())
    if isinstance(image, Problem):
        return image
    reading = _detailed(image, entry) if resources else kernel_names(image)
    del image
    window.release(entry.payload, entry.header.payload_bytes)
    if isinstance(reading, str):
        return Problem(entry.offset, reading)
    return reading if isinstance(reading, ImageReading) else ImageReading(reading)


def _memory() -> Memory:
    """The memory of this thread."""
    if not hasattr(_of_thread, "memory"):
        _of_thread.memory = Memory()
    memory: Memory = _of_thread.memory
    return memory


def _detailed(image: memoryview, entry: Entry) -> ImageReading | str:
    """The kernels of an image with what they take, or what is wrong with it."""
    from buildDoctor.adapters.elf.cubin_resources import cubin_resources  # noqa: PLC0415  only for who asks
    from buildDoctor.adapters.elf.ptx import ptx_resources  # noqa: PLC0415  as above

    if image[:4].tobytes() == b"\x7fELF":
        cubin = cubin_resources(image)
        if isinstance(cubin, str):
            return cubin
        toolkit = next((kernel.toolkit for kernel in cubin.values() if kernel.toolkit), None)
        details = {name: _of_cubin(kernel, entry) for name, kernel in cubin.items()}
        return ImageReading(tuple(details), details, toolkit)
    ptx = ptx_resources(image)
    if isinstance(ptx, str):
        return ptx
    details = {name: _of_ptx(kernel, entry) for name, kernel in ptx.items()}
    return ImageReading(tuple(details), details)


def _of_cubin(kernel: CubinKernel, entry: Entry) -> KernelImage:
    """The evidence of a kernel in a cubin."""
    return KernelImage(
        kind=layout.KINDS[layout.KIND_CUBIN],
        architecture=layout.dotted_architecture(entry.header.architecture, entry.header.flags),
        offset=entry.offset,
        registers=kernel.registers,
        stack_bytes=kernel.stack_bytes,
        shared_bytes=kernel.shared_bytes,
        constant_bytes=kernel.constant_bytes,
        max_threads=kernel.max_threads,
        required_threads=kernel.required_threads,
        cluster=kernel.cluster,
        barriers=kernel.barriers,
        toolkit=kernel.toolkit,
    )


def _of_ptx(kernel: PtxKernel, entry: Entry) -> KernelImage:
    """The evidence of a kernel in PTX."""
    return KernelImage(
        kind=layout.KINDS[layout.KIND_PTX],
        architecture=layout.dotted_architecture(entry.header.architecture, entry.header.flags),
        offset=entry.offset,
        max_threads=kernel.max_threads,
        required_threads=kernel.required_threads,
        cluster=kernel.cluster,
        ptx_version=f"{entry.header.version_major}.{entry.header.version_minor}",
    )
