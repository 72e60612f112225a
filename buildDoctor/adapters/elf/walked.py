"""The device code of a file, place by place: what the driver is given, and what stands elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, field

from buildDoctor.adapters.elf.device import image_of, unit_of
from buildDoctor.adapters.elf.fatbin import Walk, walk_fatbins
from buildDoctor.adapters.elf.places import Place, Role
from buildDoctor.core.evidence import DeviceSection

if TYPE_CHECKING:
    from buildDoctor.adapters.elf.outlined import Outline
    from buildDoctor.adapters.elf.window import Window


class Walked(Struct):
    """The fatbins of all places of one name."""

    section: str
    role: Role
    walk: Walk = field(default_factory=Walk)
    place: Place | None = None
    """The first of its places."""


def walk_outline(outline: Outline) -> tuple[Walked, tuple[Walked, ...]]:
    """What the driver is given when the file is loaded, and what stands elsewhere in it.

    A file before its device link has only relocatable images; they then stand for the loadable ones. So does all that
    is found in a file without a section table.
    """
    if outline.only is not None:
        return Walked("", Role.LOADED, Walk([outline.only], entry_count=1)), ()
    by_name: dict[str, Walked] = {}
    for place in outline.places:
        walked = by_name.setdefault(place.name, Walked(place.name, place.role, place=place))
        _walk_place(outline.window, place, walked.walk)
    found = list(by_name.values())
    main = next((each for role in (Role.LOADED, Role.RELOCATABLE) for each in found if each.role is role), None)
    main = main or by_name.get("") or Walked("", Role.LOADED)
    return main, tuple(each for each in found if each is not main and (each.walk.containers or each.walk.problems))


def _walk_place(window: Window, place: Place, walk: Walk) -> None:
    """Adds the fatbins of one place."""
    if place.role is not Role.DATA:
        walk_fatbins(window, place.start, min(place.end, window.size), walk)
        return
    from buildDoctor.adapters.elf.searched import search  # noqa: PLC0415  a file without data sections does without

    search(window, place.start, min(place.end, window.size), walk)


def device_section(walked: Walked) -> DeviceSection:
    """The evidence of device code that the driver is not given when the file is loaded."""
    containers = list(enumerate(walked.walk.containers))
    return DeviceSection(
        name=walked.section,
        reached=Role.RELOCATABLE.value if walked.role is Role.RELOCATABLE else Role.LIBRARY.value,
        images=tuple(image_of(entry, index) for index, unit in containers for entry in unit.entries),
        units=tuple(unit_of(container, index, section=walked.section) for index, container in containers),
    )
