"""What a reading of a shared object says about itself: where values come from, and what could not be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from buildDoctor.adapters.elf.fatbin import MOST_PROBLEMS, Problem, Walk
from buildDoctor.adapters.elf.places import LOADABLE, Place, Role
from buildDoctor.core.evidence import NotSeen, Origin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from buildDoctor.adapters.elf.objects import ElfObject
    from buildDoctor.adapters.elf.outlined import Outline
    from buildDoctor.adapters.elf.walked import Walked


def place_in_words(name: str, place: Place | None) -> str:
    """A section of a file in words, such as `_C.so, section .nv_fatbin at 0xaca348, 353 bytes`."""
    if place is None:
        return f"{name}, which has no section {LOADABLE}"
    return f"{name}, section {place.name} at {place.start:#x}, {place.size} bytes" if place.name else name


def device_origins(name: str, main: Walked, others: tuple[Walked, ...]) -> Iterator[Origin]:
    """Where images and units come from."""
    source = name if main.walk.containers and not main.section else place_in_words(name, main.place)
    for path in ("images", "units"):
        yield Origin(path=path, source=source)
    for number, other in enumerate(others):
        yield Origin(path=f"other_sections[{number}]", source=place_in_words(name, other.place))


def kernel_origins(name: str) -> Iterator[Origin]:
    """Where kernels come from."""
    yield Origin(path="kernels", source=f"{name}, symbol tables of the images")


def host_origins(name: str, elf: ElfObject) -> Iterator[Origin]:
    """Where the host side comes from."""
    tables = [table for table in (".dynsym", ".symtab") if elf.section(table)]
    where = f"{name}, symbols of {' and '.join(tables)}" if tables else f"{name}, which has no symbol table"
    yield Origin(path="host", source=f"{where}; texts of .rodata")
    yield Origin(path="sources", source=where)


def outline_notes(outline: Outline, main: Walked, name: str) -> Iterator[NotSeen]:
    """What the kind of a file keeps from being seen."""
    if outline.elf is None:
        what = "a Windows library, whose symbols are not read" if outline.format == "pe" else "device code alone"
        yield NotSeen(path="host", reason=f"{name} is {what}; its host side is examined in a shared object")
    elif not outline.elf.sections:
        reason = f"{name} has no section table, so its symbols are not read; examine the file before it was stripped"
        yield NotSeen(path="host", reason=reason)
    if main.role is Role.RELOCATABLE:
        text = (
            f"the images in section {main.section} of {name} are listed, but must be linked before they can be loaded"
        )
        yield NotSeen(path="relocatable_images", reason=text)


def walk_notes(walk: Walk, name: str, path: str = "images") -> Iterator[NotSeen]:
    """What of the fatbins could not be read."""
    for problem in walk.problems:
        yield NotSeen(path=path, reason=f"{name} {problem}; build or download it again")
    if walk.untold:
        yield NotSeen(path=path, reason=f"{name} has {walk.untold} more places that cannot be read")


def kernel_notes(name: str, problems: list[Problem]) -> Iterator[NotSeen]:
    """Which images could not be asked for their kernels, and that entry points are therefore judged without them."""
    for problem in problems[:MOST_PROBLEMS]:
        yield NotSeen(path="kernels", reason=f"{name} {problem}; the kernels of this image are unknown")
    if problems:
        reason = (
            f"{name} has {len(problems)} images whose kernels are unknown; one of them may stand behind an entry point"
        )
        yield NotSeen(path="host.entry_points", reason=reason)
