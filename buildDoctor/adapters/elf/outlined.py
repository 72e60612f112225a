"""What is known of a file before its device code is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from buildDoctor.adapters.elf.objects import ElfObject
from buildDoctor.adapters.elf.places import Place

if TYPE_CHECKING:
    from buildDoctor.adapters.elf.fatbin import Container
    from buildDoctor.adapters.elf.window import Window


class Outline(Struct, frozen=True):
    """A file's kind and its places."""

    window: Window
    format: str
    """`elf`, `pe`, `cubin`, `fatbin` or `ptx`."""
    places: tuple[Place, ...] = ()
    elf: ElfObject | None = None
    """The section table, for a file that has a host side."""
    only: Container | None = None
    """The one image that the file is."""
