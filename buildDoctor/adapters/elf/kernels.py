"""The kernels of a shared object, and the host side that launches them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from buildDoctor.adapters.elf import fatbin_layout as layout
from buildDoctor.adapters.elf.device import architectures, unit_of
from buildDoctor.adapters.elf.dynamic import dynamic_symbols
from buildDoctor.adapters.elf.fatbin import Container, Entry, Problem
from buildDoctor.adapters.elf.host import loader_origins, read_host
from buildDoctor.adapters.elf.images import read_image
from buildDoctor.adapters.elf.notes import host_origins, kernel_notes, kernel_origins
from buildDoctor.adapters.elf.threads import in_threads
from buildDoctor.core.evidence import Binary, Image, Kernel, KernelImage, Unit
from buildDoctor.core.kernel_names import source_file
from buildDoctor.core.operations import HOST_NAME, OPERATIONS

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable

    from buildDoctor.adapters.elf.binary import BinaryReading
    from buildDoctor.adapters.elf.objects import ElfObject
    from buildDoctor.adapters.elf.outline import Outline
    from buildDoctor.adapters.elf.walked import Walked
    from buildDoctor.adapters.elf.window import Window


@dataclass(slots=True)
class UnitReading:
    """What the images of one translation unit say together."""

    unit: Unit
    kernels: tuple[Kernel, ...] = ()
    """Those that were asked for."""
    problems: list[Problem] = field(default_factory=list)
    """Why the kernels of some of its images are not known."""
    toolkits: dict[int, str] = field(default_factory=dict)
    """The CUDA version of the tool that made an image, by the offset of its entry."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which kernels are asked for, and how much about them."""

    pattern: re.Pattern[str] | None
    """Found in the mangled names of the kernels to list; none for those of the known operations."""
    resources: bool = False
    """Whether to say what each takes in each image."""

    def lists(self, mangled: str) -> bool:
        """Whether a kernel is listed."""
        return is_known_kernel(mangled) if self.pattern is None else self.pattern.search(mangled) is not None

    def needs(self, mangled: str) -> bool:
        """Whether a kernel is listed, or tells functions of the host side from launchers of kernels."""
        return self.lists(mangled) or is_known_kernel(mangled) or HOST_NAME.search(mangled) is not None


def with_kernels(reading: BinaryReading, outline: Outline, walks: tuple[Walked, ...], asked: Asked) -> BinaryReading:
    """The reading with its kernels counted, those that are asked for listed, and its host side.

    Args:
        reading: What the headers say.
        outline: The file.
        walks: Its fatbins, those that the driver is given first.
        asked: The kernels to list.
    """
    if reading.binary is None:
        return reading
    main, *others = [read_units(outline.window, walked, asked) for walked in walks]
    sections = zip(reading.binary.other_sections or (), others, strict=True)
    problems = [problem for units in (main, *others) for unit in units for problem in unit.problems]
    binary = replace(
        reading.binary,
        images=with_toolkits(reading.binary.images or (), main),
        units=tuple(unit.unit for unit in main),
        kernels=listed(main, asked),
        other_sections=tuple(
            replace(
                section,
                images=with_toolkits(section.images or (), units),
                units=tuple(unit.unit for unit in units),
                kernels=listed(units, asked),
            )
            for section, units in sections
        ),
    )
    reading = replace(reading, binary=binary, not_seen=(*reading.not_seen, *kernel_notes(reading.name, problems)))
    if outline.elf is None:
        return replace(reading, origins=(*reading.origins, *kernel_origins(reading.name)))
    return _with_host(reading, binary, outline.elf, tuple(kernel for unit in main for kernel in unit.kernels))


def _with_host(reading: BinaryReading, binary: Binary, elf: ElfObject, found: tuple[Kernel, ...]) -> BinaryReading:
    """The reading with its host side."""
    dynamic = dynamic_symbols(elf)
    return replace(
        reading,
        binary=replace(binary, host=read_host(elf, found, dynamic, reading.name)),
        origins=(
            *reading.origins,
            *kernel_origins(reading.name),
            *host_origins(reading.name, elf),
            *loader_origins(reading.name),
        ),
        dynamic=dynamic,
    )


def listed(units: Iterable[UnitReading], asked: Asked) -> tuple[Kernel, ...]:
    """The kernels of some units that are listed."""
    return tuple(kernel for unit in units for kernel in unit.kernels if asked.lists(kernel.name or ""))


def with_toolkits(images: tuple[Image, ...], units: Iterable[UnitReading]) -> tuple[Image, ...]:
    """The images with the toolkits that made them, as far as that was read."""
    toolkits = {offset: toolkit for unit in units for offset, toolkit in unit.toolkits.items()}
    if not toolkits:
        return images
    return tuple(replace(image, toolkit=toolkits.get(image.offset or 0)) for image in images)


def is_known_kernel(mangled: str) -> bool:
    """Whether a kernel belongs to one of the operations that build-doctor knows."""
    return any(operation.is_kernel(mangled) for operation in OPERATIONS)


def read_units(window: Window, walked: Walked, asked: Asked) -> list[UnitReading]:
    """The units of one place of a file, in their order."""

    def read(numbered: tuple[int, Container]) -> UnitReading:
        return read_unit(window, numbered[1], (numbered[0], walked.section), asked)

    return list(in_threads(read, list(enumerate(walked.walk.containers))))


def read_unit(window: Window, container: Container, place: tuple[int, str], asked: Asked) -> UnitReading:
    """The unit with the number of its kernels, and for those that are needed the images that hold them.

    Every image is asked: sources leave kernels out by `__CUDA_ARCH__`, and some libraries put the architecture into the
    names of their kernels.

    Args:
        window: The file.
        container: The fatbin of the unit.
        place: Its number in its section, and the section's name.
        asked: The kernels to list.
    """
    needed: dict[str, bool] = {}
    holders: dict[str, list[tuple[Entry, KernelImage | None]]] = {}
    reading = UnitReading(unit_of(container, place[0], section=place[1]))
    count: int | None = None
    for entry in container.entries:
        image = read_image(window, entry, resources=asked.resources)
        if isinstance(image, Problem):
            reading.problems.append(image)
        elif image is not None:
            count = max(count or 0, len(image.names))
            reading.toolkits |= {entry.offset: image.toolkit} if image.toolkit else {}
            for name in image.names:
                # Most names are those of the image before, so that few have to be judged.
                if name not in needed:
                    needed[name] = asked.needs(name)
                if needed[name]:
                    holders.setdefault(name, []).append((entry, image.details.get(name)))
    reading.unit = unit_of(container, place[0], count, section=place[1])
    reading.kernels = tuple(_kernel(name, place[0], holders[name]) for name in sorted(holders))
    return reading


def _kernel(name: str, unit: int, holders: list[tuple[Entry, KernelImage | None]]) -> Kernel:
    """The evidence of one kernel, from the images that hold it."""
    entries = [entry for entry, _details in holders]
    details = tuple(details for _entry, details in holders if details is not None)
    return Kernel(
        name=name,
        unit=unit,
        cubins=architectures(entries, layout.KIND_CUBIN),
        ptx=architectures(entries, layout.KIND_PTX),
        source=source_file(name),
        images=details or None,
    )
