"""What a reading of a shared object says about itself: where values come from, and what could not be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from buildDoctor.adapters.elf.fatbin import MOST_PROBLEMS, Walk
from buildDoctor.core.evidence import NotSeen, Origin

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from buildDoctor.adapters.elf.kernels import UnitReading
    from buildDoctor.adapters.elf.objects import ElfObject, Section

LOADABLE = ".nv_fatbin"
"""The section of the images that the driver is given when the file is loaded."""
RELOCATABLE = "__nv_relfatbin"
"""The section of the images of separate compilation, which a device link must join first."""


def device_section(elf: ElfObject) -> Section | None:
    """The section whose images count: the loadable one, and in an unlinked object the relocatable one."""
    return elf.section(LOADABLE) or elf.section(RELOCATABLE)


def place(name: str, section: Section | None) -> str:
    """A section of a file in words, such as `_C.so, section .nv_fatbin at 0xaca348, 353 bytes`."""
    if section is None:
        return f"{name}, which has no section {LOADABLE}"
    return f"{name}, section {section.name} at {section.offset:#x}, {section.size} bytes"


def device_origins(name: str, section: Section | None) -> tuple[Origin, ...]:
    """Where images and units come from."""
    return tuple(Origin(path=path, source=place(name, section)) for path in ("images", "units"))


def host_origins(name: str, elf: ElfObject) -> tuple[Origin, ...]:
    """Where kernels and the host side come from."""
    tables = [table for table in (".dynsym", ".symtab") if elf.section(table)]
    where = f"{name}, symbols of {' and '.join(tables)}" if tables else f"{name}, which has no symbol table"
    return (
        Origin(path="kernels", source=f"{name}, symbol tables of the images in {LOADABLE}"),
        Origin(path="host", source=f"{where}; texts of .rodata"),
    )


def section_notes(elf: ElfObject, name: str) -> Iterator[NotSeen]:
    """What the sections of a file keep from being seen."""
    if not elf.sections:
        reason = f"{name} has no section table, so its symbols are not read; examine the file before it was stripped"
        yield NotSeen(path="host", reason=reason)
    if elf.section(RELOCATABLE) is None:
        return
    if elf.section(LOADABLE):
        text = "are not listed, because only a device link makes them loadable; its result is listed"
    else:
        text = "are listed, but must be linked before they can be loaded"
    yield NotSeen(path="relocatable_images", reason=f"the images in section {RELOCATABLE} of {name} {text}")


def walk_notes(walk: Walk, name: str) -> Iterator[NotSeen]:
    """What of the fatbins could not be read."""
    for problem in walk.problems:
        yield NotSeen(path="images", reason=f"{name} {problem}; build or download it again")
    if walk.untold:
        yield NotSeen(path="images", reason=f"{name} has {walk.untold} more places that cannot be read")


def unit_notes(name: str, units: Iterable[UnitReading]) -> Iterator[NotSeen]:
    """Which images could not be asked for their kernels, and that entry points are therefore judged without them."""
    problems = [problem for unit in units for problem in unit.problems]
    for problem in problems[:MOST_PROBLEMS]:
        yield NotSeen(path="kernels", reason=f"{name} {problem}; the kernels of this image are unknown")
    if problems:
        reason = (
            f"{name} has {len(problems)} images whose kernels are unknown; one of them may stand behind an entry point"
        )
        yield NotSeen(path="host.entry_points", reason=reason)
