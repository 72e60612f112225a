"""Files that hold device code and are no ELF shared object: cubins, PTX, Windows libraries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from buildDoctor.adapters.elf import pe
from buildDoctor.adapters.elf.outlined import Outline
from buildDoctor.adapters.elf.places import places_of
from buildDoctor.adapters.elf.single_images import cubin_container, ptx_container

if TYPE_CHECKING:
    from buildDoctor.adapters.elf.window import Window


def read_other(window: Window, name: str) -> Outline | str:
    """The outline of a file that is neither an ELF file for a processor nor a fatbin, or why there is none.

    Args:
        window: The file.
        name: What to call it in the sentence.
    """
    start = bytes(window.view(0, 16))
    if not start:
        return f"{name} is empty; build or download it again"
    if start.startswith(b"\x7fELF"):
        only = cubin_container(window, 0, window.size)
        return (
            f"{name}: {only}; build or download it again"
            if isinstance(only, str)
            else Outline(window, "cubin", only=only)
        )
    if start.startswith(pe.MAGIC):
        sections = pe.pe_sections(window)
        return f"{name} {sections}" if isinstance(sections, str) else Outline(window, "pe", places_of(sections))
    if (text := ptx_container(window)) is not None:
        return Outline(window, "ptx", only=text)
    return f"{name} is not an ELF file: it starts with {ascii(start)[1:]}; give a shared object or a wheel"
