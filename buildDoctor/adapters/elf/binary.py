"""One shared object, read into evidence: its device images, its kernels and its host side."""

from __future__ import annotations

import mmap
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from buildDoctor.adapters.elf.device import image_of, unit_of
from buildDoctor.adapters.elf.fatbin import Walk, walk_fatbins
from buildDoctor.adapters.elf.notes import (
    device_origins,
    device_section,
    section_notes,
    walk_notes,
)
from buildDoctor.adapters.elf.objects import ElfObject, Section, read_object, refuse_section
from buildDoctor.adapters.elf.window import Window
from buildDoctor.core.evidence import Binary, NotSeen, Origin

if TYPE_CHECKING:
    import re


@dataclass(frozen=True, slots=True)
class BinaryReading:
    """What was seen of one shared object, and what was not. Paths are relative to the binary, such as `images`."""

    name: str
    """What the binary is called: its path, or `wheel.whl!member.so`."""
    binary: Binary | None
    """None when it could not be read at all; `not_seen` says why, with the empty path."""
    not_seen: tuple[NotSeen, ...] = ()
    origins: tuple[Origin, ...] = ()


def read_binary(source: Path | Window, name: str | None = None, *, kernels: bool | re.Pattern[str]) -> BinaryReading:
    """What is inside a shared object. Never raises for the state of the file.

    Args:
        source: The file, or its bytes.
        name: What to call it; the path when not given.
        kernels: False reads headers only: images and units. True reads kernels too, lists those of the known
            operations, and looks at the host side. A pattern lists the kernels in whose mangled names it is found.
    """
    name = str(source) if name is None else name
    window = map_file(source, name) if isinstance(source, Path) else source
    if isinstance(window, str):
        return refused(name, window)
    elf = read_object(window, name)
    if isinstance(elf, str):
        return refused(name, elf)
    return _read_parts(elf, name, kernels=kernels)


def refused(name: str, reason: str) -> BinaryReading:
    """A reading that saw nothing, for one reason."""
    return BinaryReading(name, None, (NotSeen(path="", reason=reason),))


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


def _read_parts(elf: ElfObject, name: str, *, kernels: bool | re.Pattern[str]) -> BinaryReading:
    """The reading of a file whose section table is sound, or that has none."""
    section = device_section(elf)
    if section is not None and (refusal := refuse_section(elf, section)):
        return refused(name, f"{name} {refusal}; build, copy or download it again")
    walk = _walk(elf, section)
    binary = Binary(
        path=name,
        size_bytes=elf.window.size,
        images=tuple(image_of(entry, index) for index, unit in enumerate(walk.containers) for entry in unit.entries),
        units=tuple(unit_of(container, index) for index, container in enumerate(walk.containers)),
    )
    reading = BinaryReading(
        name=name,
        binary=binary,
        not_seen=(*section_notes(elf, name), *walk_notes(walk, name)),
        origins=device_origins(name, section),
    )
    if kernels is False:
        return reading
    from buildDoctor.adapters.elf.kernels import with_kernels  # noqa: PLC0415  listing images does without

    return with_kernels(reading, binary, elf, walk, None if isinstance(kernels, bool) else kernels)


def _walk(elf: ElfObject, section: Section | None) -> Walk:
    """The containers of a section; without a section table, all that the file seems to hold."""
    if section is not None:
        return walk_fatbins(elf.window, section.offset, section.offset + section.size)
    if elf.sections:
        return Walk()
    return walk_fatbins(elf.window, 0, elf.window.size, gaps=True)
