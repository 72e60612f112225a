"""The kernels of a shared object, and the host side that launches them."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from buildDoctor.adapters.elf import fatbin_layout as layout
from buildDoctor.adapters.elf.device import architectures, unit_of
from buildDoctor.adapters.elf.dynamic import dynamic_symbols
from buildDoctor.adapters.elf.fatbin import Container, Entry, Problem
from buildDoctor.adapters.elf.host import loader_origins, read_host
from buildDoctor.adapters.elf.images import read_image
from buildDoctor.adapters.elf.notes import host_origins, kernel_notes, kernel_origins
from buildDoctor.adapters.elf.places import Role
from buildDoctor.adapters.elf.registered import unregistered
from buildDoctor.adapters.elf.threads import in_threads
from buildDoctor.adapters.elf.unit_sources import with_sources
from buildDoctor.core.device.kernel_names import source_file
from buildDoctor.core.evidence import Binary, Image, Kernel, KernelImage, Unit
from buildDoctor.core.models.operations import OPERATIONS, has_host_word

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable

    from buildDoctor.adapters.elf.objects import ElfObject
    from buildDoctor.adapters.elf.outlined import Outline
    from buildDoctor.adapters.elf.reading import BinaryReading
    from buildDoctor.adapters.elf.walked import Walked
    from buildDoctor.adapters.elf.window import Window


class Holder(Struct, frozen=True):
    """An image whose kernels are known."""

    number: int
    """Which one it is of those of its unit."""
    entry: Entry
    details: dict[str, KernelImage]
    """What each kernel takes, by name, when that was asked for."""


class UnitReading(Struct):
    """What the images of one translation unit say together."""

    unit: Unit
    holders: dict[str, tuple[Holder, ...]] = field(default_factory=dict)
    """The images that hold each kernel that is needed, by its mangled name; kernels of the same images share one."""
    problems: list[Problem] = field(default_factory=list)
    """Why the kernels of some of its images are not known."""
    toolkits: dict[int, str] = field(default_factory=dict)
    """The CUDA version of the tool that made an image, by the offset of its entry."""


class Asked(Struct, frozen=True):
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
        return self.lists(mangled) or is_known_kernel(mangled) or has_host_word(mangled)


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
    found = _kernels(main, _unregistered(outline, walks[0], main))
    sections = zip(reading.binary.other_sections or (), others, strict=True)
    problems = [problem for units in (main, *others) for unit in units for problem in unit.problems]
    binary = replace(
        reading.binary,
        images=with_toolkits(reading.binary.images or (), main),
        units=tuple(unit.unit for unit in main),
        kernels=tuple(kernel for kernel in found if asked.lists(kernel.name or "")),
        other_sections=tuple(
            replace(
                section,
                images=with_toolkits(section.images or (), units),
                units=tuple(unit.unit for unit in units),
                kernels=tuple(kernel for kernel in _kernels(units, None) if asked.lists(kernel.name or "")),
            )
            for section, units in sections
        ),
    )
    reading = replace(reading, binary=binary, not_seen=(*reading.not_seen, *kernel_notes(reading.name, problems)))
    if outline.elf is None:
        return replace(reading, origins=(*reading.origins, *kernel_origins(reading.name)))
    return _with_host(reading, with_sources(binary, outline.elf, walks[0].walk.containers), outline.elf, found)


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


def _unregistered(outline: Outline, walked: Walked, units: list[UnitReading]) -> frozenset[str] | None:
    """Those of the kernels that the host side does not register; none where it is not known."""
    if outline.elf is None or walked.role is not Role.LOADED:
        return None
    return unregistered(outline.elf, {name for unit in units for name in unit.holders})


def _kernels(units: Iterable[UnitReading], unknown: frozenset[str] | None) -> tuple[Kernel, ...]:
    """The evidence of the kernels of some units.

    Args:
        units: The units, read.
        unknown: The kernels that the host side does not register; none where it is not known.
    """
    found: list[Kernel] = []
    for unit in units:
        # Kernels that are in the same images share what says so.
        known: dict[int, tuple[tuple[str, ...], tuple[str, ...]]] = {}
        for name in sorted(unit.holders):
            holders = unit.holders[name]
            if id(holders) not in known:
                entries = [holder.entry for holder in holders]
                known[id(holders)] = architectures(entries, layout.KIND_CUBIN), architectures(entries, layout.KIND_PTX)
            cubins, ptx = known[id(holders)]
            found.append(
                Kernel(
                    name=name,
                    unit=unit.unit.index,
                    cubins=cubins,
                    ptx=ptx,
                    source=source_file(name),
                    registered=None if unknown is None else name not in unknown,
                    images=tuple(holder.details[name] for holder in holders if name in holder.details) or None,
                )
            )
    return tuple(found)


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
    reading = UnitReading(unit_of(container, place[0], section=place[1]))
    count: int | None = None
    # Most images of a unit have the same kernels.
    alike: dict[tuple[str, ...], list[Holder]] = {}
    for number, entry in enumerate(container.entries):
        image = read_image(window, entry, resources=asked.resources)
        if isinstance(image, Problem):
            reading.problems.append(image)
        elif image is not None:
            count = max(count or 0, len(image.names))
            reading.toolkits |= {entry.offset: image.toolkit} if image.toolkit else {}
            alike.setdefault(image.names, []).append(Holder(number, entry, image.details))
    reading.holders = _holders(alike, asked)
    reading.unit = unit_of(container, place[0], count, section=place[1])
    return reading


def _holders(alike: dict[tuple[str, ...], list[Holder]], asked: Asked) -> dict[str, tuple[Holder, ...]]:
    """The images that hold each kernel that is needed, in their order.

    Args:
        alike: Images by the names of all their kernels.
        asked: The kernels to list.
    """
    groups = list(alike.values())
    needed: dict[str, bool] = {}
    numbers: dict[str, list[int]] = {}
    for number, names in enumerate(alike):
        for name in names:
            if name not in needed:
                needed[name] = asked.needs(name)
            if needed[name]:
                numbers.setdefault(name, []).append(number)
    joined: dict[tuple[int, ...], tuple[Holder, ...]] = {}
    found: dict[str, tuple[Holder, ...]] = {}
    for name, several in numbers.items():
        key = tuple(several)
        if key not in joined:
            holders = chain.from_iterable(groups[number] for number in key)
            joined[key] = tuple(sorted(holders, key=lambda holder: holder.number))
        found[name] = joined[key]
    return found
