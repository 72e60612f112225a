"""What kind of file it is, and where in it device code can stand."""

from __future__ import annotations

from struct import Struct
from typing import TYPE_CHECKING

from buildDoctor.adapters.elf import fatbin_layout as layout
from buildDoctor.adapters.elf.objects import ElfObject, read_object
from buildDoctor.adapters.elf.outlined import Outline
from buildDoctor.adapters.elf.places import Place, Role, places_of

if TYPE_CHECKING:
    from buildDoctor.adapters.elf.window import Window

MACHINE = Struct("<16xHH")
CUBIN_MACHINE = 190
"""EM_CUDA."""
PROGRAM_HEADERS = {True: (Struct("<32xQ14xHH"), Struct("<IIQQQQ")), False: (Struct("<28xI10xHH"), Struct("<IIIII"))}
"""For files of 64 and of 32 bits: where offset, size and number of the program headers stand, and how one starts."""
PT_LOAD = 1
MOST_SEGMENTS = 4096


def read_outline(window: Window, name: str) -> Outline | str:
    """The outline of a file, or one sentence that says why there is none.

    Args:
        window: The file.
        name: What to call it in the sentence.
    """
    start = bytes(window.view(0, 4))
    machine = window.unpack(MACHINE, 0)
    if start == b"\x7fELF" and not (machine and machine[1] == CUBIN_MACHINE):
        elf = read_object(window, name)
        return elf if isinstance(elf, str) else Outline(window, "elf", _places(elf), elf)
    if start == layout.CONTAINER_MAGIC:
        return Outline(window, "fatbin", (Place("", 0, window.size, Role.LOADED),))
    from buildDoctor.adapters.elf.other_files import read_other  # noqa: PLC0415  a shared object does without

    return read_other(window, name)


def _places(elf: ElfObject) -> tuple[Place, ...]:
    """The places of an ELF file: its sections, or without a section table what is loaded into memory."""
    if elf.sections:
        return places_of((section.name, section.offset, section.size) for section in elf.sections)
    return _segments(elf) or (Place("", 0, elf.window.size, Role.DATA),)


def _segments(elf: ElfObject) -> tuple[Place, ...]:
    """The parts of the file that are loaded into memory (System V ABI, "Program Header")."""
    where, layout_of_one = PROGRAM_HEADERS[elf.is_64]
    header = elf.window.unpack(where, 0)
    if header is None or not elf.little_endian:
        return ()
    offset, size, count = header
    found = (elf.window.unpack(layout_of_one, offset + at * size) for at in range(min(count, MOST_SEGMENTS)))
    places: list[Place] = []
    for fields in found:
        if fields is None or fields[0] != PT_LOAD:
            continue
        start, in_file = (fields[2], fields[5]) if elf.is_64 else (fields[1], fields[4])
        # Segments that overlap would give the same images twice.
        first = max(start, places[-1].end if places else 0)
        stop = min(start + in_file, elf.window.size)
        if first < stop:
            places.append(Place("", first, stop - first, Role.DATA))
    return tuple(places)
