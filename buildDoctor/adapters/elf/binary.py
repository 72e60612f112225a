"""One shared object, read into evidence: its device images, its kernels and its host side."""

from __future__ import annotations

import mmap
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from buildDoctor.adapters.elf.device import image_of, unit_of
from buildDoctor.adapters.elf.notes import device_origins, outline_notes, walk_notes
from buildDoctor.adapters.elf.outline import read_outline
from buildDoctor.adapters.elf.outlined import Outline
from buildDoctor.adapters.elf.places import Role
from buildDoctor.adapters.elf.reading import BinaryReading, refused
from buildDoctor.adapters.elf.walked import Walked, device_section, walk_outline
from buildDoctor.adapters.elf.window import Window
from buildDoctor.core.evidence import Binary

if TYPE_CHECKING:
    import re


def read_binary(
    source: Path | Window, name: str | None = None, *, kernels: bool | re.Pattern[str], resources: bool = False
) -> BinaryReading:
    """What is inside a file with device code. Never raises for the state of the file.

    Args:
        source: The file, or its bytes: a shared object, an object file, a Windows library, a fatbin, a cubin or PTX.
        name: What to call it; the path when not given.
        kernels: False reads headers only: images and units. True reads kernels too, lists those of the known
            operations, and looks at the host side. A pattern lists the kernels in whose mangled names it is found.
        resources: Whether to say of each kernel that is listed what it takes in each image.
    """
    name = str(source) if name is None else name
    window = map_file(source, name) if isinstance(source, Path) else source
    if isinstance(window, str):
        return refused(name, window)
    window.expect(sparse=True)
    outline = read_outline(window, name)
    if isinstance(outline, str):
        return refused(name, outline)
    reading, walks = _read_headers(outline, name)
    if walks is None or kernels is False:
        return reading
    window.expect(sparse=False)
    from buildDoctor.adapters.elf.kernels import Asked, with_kernels  # noqa: PLC0415  listing images does without

    return with_kernels(reading, outline, walks, Asked(None if isinstance(kernels, bool) else kernels, resources))


def map_file(path: Path, name: str) -> Window | str:
    """The bytes of a file, mapped into memory, or one sentence that says why they cannot be had."""
    try:
        status = path.stat()
        # Opening a pipe would wait for its writer.
        if not stat.S_ISREG(status.st_mode):
            return f"{name} is not a regular file; give a shared object or a wheel"
        # An empty file cannot be mapped.
        if status.st_size == 0:
            return Window(b"")
        with path.open("rb") as file:
            return Window(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ), on_disk=True)
    except (OSError, ValueError) as error:
        return f"{name} cannot be read: {getattr(error, 'strerror', None) or error}; check the path and its permissions"


def _read_headers(outline: Outline, name: str) -> tuple[BinaryReading, tuple[Walked, ...] | None]:
    """What the headers of a file say, and the walks through it, the one of what the driver is given first."""
    if refusal := _refuse_places(outline):
        return refused(name, f"{name} {refusal}; build, copy or download it again"), None
    main, others = walk_outline(outline)
    containers = list(enumerate(main.walk.containers))
    binary = Binary(
        path=name,
        size_bytes=outline.window.size,
        format=outline.format,
        images=tuple(image_of(entry, index) for index, unit in containers for entry in unit.entries),
        units=tuple(unit_of(container, index, section=main.section) for index, container in containers),
        other_sections=tuple(map(device_section, others)),
    )
    notes = [*outline_notes(outline, main, name), *walk_notes(main.walk, name)]
    for number, other in enumerate(others):
        notes += walk_notes(other.walk, name, f"other_sections[{number}]")
    reading = BinaryReading(name, binary, tuple(notes), tuple(device_origins(name, main, others)))
    return reading, (main, *others)


def _refuse_places(outline: Outline) -> str | None:
    """What is wrong when the device code of a file does not lie within it, as one clause."""
    size = outline.window.size
    cut = next((place for place in outline.places if place.end > size and place.role is not Role.DATA), None)
    return f"is truncated: section {cut.name} ends at byte {cut.end}, the file has {size}" if cut else None
