"""The kernels of a shared object, and the host side that launches them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from buildDoctor.adapters.elf import fatbin_layout as layout
from buildDoctor.adapters.elf.cubin import kernel_names
from buildDoctor.adapters.elf.device import architectures, unit_of
from buildDoctor.adapters.elf.fatbin import Container, Entry, Problem, Walk
from buildDoctor.adapters.elf.host import read_host
from buildDoctor.adapters.elf.notes import host_origins, unit_notes
from buildDoctor.adapters.elf.payload import unpack_image
from buildDoctor.core.evidence import Binary, Kernel, Unit
from buildDoctor.core.operations import HOST_NAME, OPERATIONS

if TYPE_CHECKING:
    import re
    from collections.abc import Callable

    from buildDoctor.adapters.elf.binary import BinaryReading
    from buildDoctor.adapters.elf.objects import ElfObject
    from buildDoctor.adapters.elf.window import Window

READABLE_KINDS = (layout.KIND_CUBIN, layout.KIND_PTX)


@dataclass(frozen=True, slots=True)
class UnitReading:
    """What the images of one translation unit say together."""

    unit: Unit
    kernels: tuple[Kernel, ...]
    """Those that were asked for."""
    problems: tuple[Problem, ...]
    """Why the kernels of some of its images are not known."""


def with_kernels(
    reading: BinaryReading, binary: Binary, elf: ElfObject, walk: Walk, pattern: re.Pattern[str] | None
) -> BinaryReading:
    """The reading with its kernels counted, those that are asked for listed, and its host side.

    Args:
        reading: What the headers say.
        binary: The binary of that reading.
        elf: The file.
        walk: Its fatbins.
        pattern: Found in the mangled names of the kernels to list; none for those of the known operations.
    """

    def is_asked(mangled: str) -> bool:
        return is_known_kernel(mangled) if pattern is None else pattern.search(mangled) is not None

    def is_wanted(mangled: str) -> bool:
        # Functions of the host side are told from launchers of kernels by the names of kernels.
        return is_known_kernel(mangled) or HOST_NAME.search(mangled) is not None or is_asked(mangled)

    units = [read_unit(elf.window, unit, index, is_wanted) for index, unit in enumerate(walk.containers)]
    found = tuple(kernel for unit in units for kernel in unit.kernels)
    binary = replace(
        binary,
        units=tuple(unit.unit for unit in units),
        kernels=tuple(kernel for kernel in found if is_asked(kernel.name or "")),
        host=read_host(elf, found),
    )
    return replace(
        reading,
        binary=binary,
        not_seen=(*reading.not_seen, *unit_notes(reading.name, units)),
        origins=(*reading.origins, *host_origins(reading.name, elf)),
    )


def is_known_kernel(mangled: str) -> bool:
    """Whether a kernel belongs to one of the operations that build-doctor knows."""
    return any(operation.is_kernel(mangled) for operation in OPERATIONS)


def read_unit(window: Window, container: Container, index: int, wanted: Callable[[str], bool]) -> UnitReading:
    """The unit with the number of its kernels, and for those that are wanted the images that hold them.

    Every image is asked: sources leave kernels out by `__CUDA_ARCH__`, and some libraries put the architecture into the
    names of their kernels.

    Args:
        window: The file.
        container: The fatbin of the unit.
        index: Its number in the file.
        wanted: Whether a kernel of this mangled name is to be listed.
    """
    holders: dict[str, list[Entry]] = {}
    seen: set[str] = set()
    problems: list[Problem] = []
    count: int | None = None
    for entry in container.entries:
        names = _names(window, entry)
        if isinstance(names, Problem):
            problems.append(names)
        elif names is not None:
            count = max(count or 0, len(names))
            # Most names are those of the image before, so that few have to be judged.
            holders |= {name: [] for name in set(names) - seen if wanted(name)}
            seen.update(names)
            for name in holders.keys() & set(names):
                holders[name].append(entry)
    kernels = tuple(_kernel(name, index, holders[name]) for name in sorted(holders))
    return UnitReading(unit_of(container, index, count), kernels, tuple(problems))


def _names(window: Window, entry: Entry) -> tuple[str, ...] | Problem | None:
    """The kernels of an image, or why they are not known; none for an image that is neither cubin nor PTX."""
    if entry.header.kind not in READABLE_KINDS:
        return None
    image = unpack_image(window, entry)
    names = image if isinstance(image, Problem) else kernel_names(image)
    del image
    window.release(entry.payload, entry.header.payload_bytes)
    return Problem(entry.offset, names) if isinstance(names, str) else names


def _kernel(name: str, unit: int, holders: list[Entry]) -> Kernel:
    """The evidence of one kernel, from the images that hold it."""
    return Kernel(
        name=name,
        unit=unit,
        cubins=architectures(holders, layout.KIND_CUBIN),
        ptx=architectures(holders, layout.KIND_PTX),
    )
