"""The attribute records of a cubin: the encoding of its sections `.nv.info` and `.nv.compat`.

NVIDIA cubin format, by experiment: docs/fatbin-format.md, "Attributes". A record is a byte for its format, a byte for
the attribute, and a value of 0 to 2 bytes in the record or of any length behind it.
"""

from __future__ import annotations

from struct import Struct
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_THREADS = 0x05
REQUIRED_THREADS = 0x10
FRAME_SIZE = 0x11
REGISTERS = 0x2F
TOOLKIT = 0x37
CLUSTER = 0x3D
BARRIERS = 0x4C
ACCELERATOR_TARGET = 0x09
"""In `.nv.compat`: 1 where the code is for exactly one chip."""

HEAD = Struct("<BBH")
FORMAT_BYTE = 2
FORMAT_BYTES = 4


class Attribute(NamedTuple):
    """One record."""

    attribute: int
    number: int
    """The value in the record; for a longer value its size in bytes."""
    data: memoryview
    """The value behind the record; empty for others."""

    def numbers(self, count: int) -> tuple[int, ...] | None:
        """The value as 32-bit numbers, or none when it is shorter than that."""
        size = 4 * count
        return Struct(f"<{count}I").unpack_from(self.data) if len(self.data) >= size else None


def read_records(section: memoryview) -> Iterator[Attribute]:
    """The records of a section, up to the first that does not lie within it."""
    position = 0
    while position + HEAD.size <= len(section):
        kind, attribute, number = HEAD.unpack_from(section, position)
        position += HEAD.size
        size = number if kind == FORMAT_BYTES else 0
        if position + size > len(section):
            return
        yield Attribute(
            attribute, number & 0xFF if kind == FORMAT_BYTE else number, section[position : position + size]
        )
        position += size
