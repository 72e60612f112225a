"""Which kernels the host side registers, without which the runtime launches none of them.

nvcc writes one host side for all architectures, from the sources as the architecture that it was told last sees them.
A kernel that this one leaves out is in images of the others, but `cudaLaunchKernel` answers cudaErrorInvalidDeviceFunction
for it. The mangled name is an argument of `__cudaRegisterFunction`, so that it stands as a text among the constants.
By experiment, on a real GPU: docs/fatbin-format.md, "Registration".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from buildDoctor.adapters.elf.objects import ElfObject, Section

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

WRAPPERS = ".nvFatBinSegment"
"""What nvcc's host side hands to the runtime; without it, images are given to the driver in another way."""
CONSTANTS = (".rodata", ".lrodata")
MOST_BYTES = 1 << 26
"""Constants after so many are not searched, and then nothing is said; the largest known have 8 million."""
MOST_TEXTS = 1 << 20
"""So it is after so many texts; the most known are 173,000."""
PIECE = 1 << 20
"""Texts are taken from so many bytes at once."""
MOST_SEARCHED = 1 << 29
"""Names that are no text by themselves are searched one by one, through so many bytes together."""
TEXT = re.compile(rb"[!-~]++\0?")


def unregistered(elf: ElfObject, kernels: Iterable[str]) -> frozenset[str] | None:
    """Those of some kernels that the host side does not register, or none when it cannot be said.

    Args:
        elf: The file.
        kernels: Their mangled names.
    """
    sections = [section for section in elf.sections if section.name.startswith(CONSTANTS) and section.size]
    size = sum(section.size for section in sections)
    if elf.section(WRAPPERS) is None or not 0 < size <= MOST_BYTES:
        return None
    missing = {name.encode() + b"\0": name for name in kernels}
    count = 0
    for constants in _bytes_of(elf, sections):
        for texts in _texts_of(constants):
            count += len(texts)
            if count > MOST_TEXTS:
                return None
            for text in missing.keys() & texts:
                del missing[text]
    if len(missing) * size > MOST_SEARCHED:
        return None
    # Constants of other kinds may stand right before a text.
    for constants in _bytes_of(elf, sections) if missing else ():
        missing = {text: name for text, name in missing.items() if text not in constants}
    return frozenset(missing.values())


def _bytes_of(elf: ElfObject, sections: Iterable[Section]) -> Iterator[bytes]:
    """The bytes of each section; a copy is searched several times as fast as a mapped file."""
    return (bytes(elf.window.view(section.offset, section.size)) for section in sections)


def _texts_of(constants: bytes) -> Iterator[list[bytes]]:
    """The texts among constants, each with the zero that ends it if there is one; few are cut where a piece ends."""
    start = 0
    while start < len(constants):
        end = constants.rfind(b"\0", start, start + PIECE) + 1 or start + PIECE
        yield TEXT.findall(constants, start, end)
        start = end
