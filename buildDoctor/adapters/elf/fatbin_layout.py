"""The bytes of a fatbin: one table of formats with every field named.

NVIDIA publishes no specification. The facts come from experiment: docs/fatbin-format.md. All numbers are
little-endian.
"""

from __future__ import annotations

from struct import Struct

import msgspec

CONTAINER_MAGIC = bytes.fromhex("50ed55ba")
"""Starts a container, which holds the images of one translation unit."""
CONTAINER_SIGNATURE = CONTAINER_MAGIC + bytes.fromhex("01001000")
"""Magic, version 1 and header size 16: safer to search for than the magic, which also occurs as a code constant."""
CONTAINER = Struct("<IHHQ")
ENTRY = Struct("<HHIQIIHHIIIQQQ")
OPTIONS = Struct("<II")
MEMBERS = Struct("<II")

ENTRY_MARKER = 0x0101
"""The second field of every image header seen."""
ALIGNMENT = 8
"""Containers, entries and member records start at multiples of this many bytes."""


class ContainerHeader(msgspec.Struct, frozen=True):
    """The 16 bytes before a container's entries."""

    magic: int
    version: int
    header_bytes: int
    """The size of this header: where the first entry starts."""
    entries_bytes: int
    """The size of all entries together."""


class EntryHeader(msgspec.Struct, frozen=True):
    """The 64 bytes before an image."""

    kind: int
    marker: int
    """`ENTRY_MARKER`."""
    header_bytes: int
    """The size of this header with the name and options behind it. In a member record: the member's offset."""
    payload_bytes: int
    """The size of the image as stored, rounded up to 8."""
    compressed_bytes: int
    """The exact size of the compressed frame; 0 when not compressed."""
    options_offset: int
    """Where the options stand, from the start of this header; 0 for none."""
    version_minor: int
    version_major: int
    """With the minor part: the PTX ISA version of PTX, the code version of a cubin."""
    architecture: int
    """Ten times the compute capability: 52, 90, 120."""
    name_offset: int
    """Where the name stands, from the start of this header; 0 for none."""
    name_bytes: int
    """The length of the name without its NUL."""
    flags: int
    key: int
    """Opens an obfuscated LTO-IR payload; not used here."""
    unpacked_bytes: int
    """The size of the image when unpacked; 0 when not compressed."""


KIND_PTX = 1
KIND_CUBIN = 2
KIND_CONCATENATED = 256
KINDS = {
    KIND_PTX: "ptx",
    KIND_CUBIN: "cubin",
    4: "old-cubin",
    8: "lto-ir",
    32: "index",
    64: "relocatable-ptx",
    128: "tile-ir",
    KIND_CONCATENATED: "concatenated",
}
"""What an entry holds, by the number in its header."""

FLAG_ZLIB = 0x1000
FLAG_LZ4 = 0x2000
FLAG_LZ4_FRAME = 0x4000
FLAG_ZSTD = 0x8000
FLAG_OBFUSCATED = 0x10000
FLAG_ARCHITECTURE_SPECIFIC = 0x100000
FLAG_FAMILY_SPECIFIC = 0x200000
COMPRESSIONS = {
    FLAG_ZLIB: "zlib",
    FLAG_LZ4: "lz4",
    FLAG_LZ4_FRAME: "lz4-frame",
    FLAG_ZSTD: "zstd",
}
"""How a payload is packed, by flag; when several are set the first one of this table is meant."""


def compression(flags: int) -> str:
    """How the payload of an entry with these flags is packed: a value of `COMPRESSIONS`, or `no`."""
    return next((name for flag, name in COMPRESSIONS.items() if flags & flag), "no")


def dotted_architecture(number: int, flags: int) -> str | None:
    """The architecture in the dotted form, such as `12.0a`; none for the number 0, which is no architecture."""
    if number == 0:
        return None
    suffix = "a" if flags & FLAG_ARCHITECTURE_SPECIFIC else "f" if flags & FLAG_FAMILY_SPECIFIC else ""
    return f"{number // 10}.{number % 10}{suffix}"


def rounded_up(size: int) -> int:
    """The next multiple of `ALIGNMENT` at or above a size in bytes."""
    return -(-size // ALIGNMENT) * ALIGNMENT
