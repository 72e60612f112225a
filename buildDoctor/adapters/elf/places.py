"""The places in a file where device code can stand, and what becomes of it there.

By experiment: docs/fatbin-format.md, "Where it stands". The section names of Windows files are cut to 8 bytes.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from msgspec import Struct

from buildDoctor.adapters.elf.window import printable

if TYPE_CHECKING:
    from collections.abc import Iterable


class Role(Enum):
    """What becomes of the device code of a place."""

    LOADED = "loaded"
    """The driver is given it when the file is loaded."""
    RELOCATABLE = "device-link"
    """A device link must join it first."""
    LIBRARY = "library"
    """The file's own code hands it to the driver."""
    DATA = "data"
    """Ordinary data, in which arrays of device code may stand; then as `LIBRARY`."""


LOADABLE = ".nv_fatbin"
RELOCATABLE = "__nv_relfatbin"
ROLES = {
    LOADABLE: Role.LOADED,
    ".nv_fatb": Role.LOADED,
    RELOCATABLE: Role.RELOCATABLE,
    "__nv_rel": Role.RELOCATABLE,
    ".cask_resource": Role.LIBRARY,
}
DATA_SECTIONS = (".rodata", ".data", ".lrodata", ".ldata", ".rdata")
"""Sections whose names start so; those with an `l` are x86-64's for large programs, the last is that of Windows."""


class Place(Struct, frozen=True):
    """A part of a file."""

    name: str
    """The section's name; empty for a file that is nothing but device code."""
    start: int
    """The first byte in the file."""
    size: int
    """In the file, in bytes."""
    role: Role

    @property
    def end(self) -> int:
        """The byte after the last."""
        return self.start + self.size


def places_of(sections: Iterable[tuple[str, int, int]]) -> tuple[Place, ...]:
    """The places among some sections, in their order.

    Args:
        sections: The name, the offset in the file and the size there of each, in bytes.
    """
    return tuple(
        Place(printable(name), start, size, role)
        for name, start, size in sections
        if size > 0 and (role := role_of(name)) is not None
    )


def role_of(name: str) -> Role | None:
    """What becomes of the device code of a section, or none for a section that never holds any."""
    role = ROLES.get(name)
    return Role.DATA if role is None and name.startswith(DATA_SECTIONS) else role
