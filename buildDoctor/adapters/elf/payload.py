"""The bytes of an image, unpacked: zlib, LZ4 block, LZ4 frame or zstd, decided for each entry.

Sizes are checked before memory is taken, so that a small file cannot unpack to a large one.
"""

from __future__ import annotations

import mmap
import zlib
from struct import Struct
from typing import TYPE_CHECKING

from buildDoctor.adapters.elf import fatbin_layout as layout
from buildDoctor.adapters.elf.fatbin import Entry, Problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from buildDoctor.adapters.elf.window import Window

MOST_UNPACKED = 1 << 30
"""Images that state more bytes than this are not unpacked; the largest known has 159 MB."""
MOST_KEPT = 1 << 26
"""Memory for images up to this size is used again."""
MOST_RATIO = 1024
"""So many times their size images unpack to at most; the largest known is 134."""
SMALLEST_UNPACKED = 1 << 16
"""Images may unpack to so many bytes whatever their size."""
MOST_LZ4_RATIO = 255
"""One byte of an LZ4 block stands for at most so many; see lz4_Block_format.md of the LZ4 project."""

ZSTD_MAGIC = bytes.fromhex("28b52ffd")
_BYTE, _SHORT, _INT, _LONG = Struct("<B"), Struct("<H"), Struct("<I"), Struct("<Q")


class Memory:
    """Memory for one image at a time. Taking it anew for each costs more than unpacking does."""

    def __init__(self) -> None:
        # Pages are taken only as they are written, so room for large images costs nothing.
        self._kept = mmap.mmap(-1, MOST_KEPT)
        self._shared: tuple[Entry, memoryview | str] | None = None

    def take(self, size: int) -> memoryview:
        """Memory of so many bytes, in which anything may stand; what was taken before is no longer its taker's."""
        self._shared = None
        if size > MOST_KEPT:
            return memoryview(mmap.mmap(-1, size))
        return memoryview(self._kept)[:size]

    def whole(self, window: Window, entry: Entry) -> memoryview | str:
        """The payload that an image is in, or what is wrong with it; members of one entry have it unpacked once."""
        shared = entry.member_of
        if shared is None:
            return _unpack_entry(window, entry, self)
        if self._shared is None or self._shared[0] is not shared:
            self._shared = shared, _unpack_entry(window, shared, self)
        return self._shared[1]


def unpack_image(window: Window, entry: Entry, memory: Memory | None = None) -> memoryview | Problem:
    """The image as ptxas or nvcc wrote it, or why it cannot be had.

    Images that are not compressed are a view of the file and keep up to 7 zero bytes of padding.

    Args:
        window: The file.
        entry: The image.
        memory: Where to unpack it; memory of its own when not given.
    """
    whole = (memory or Memory()).whole(window, entry)
    if isinstance(whole, str):
        return Problem(entry.offset, whole)
    if entry.member is None:
        return whole
    return whole[entry.member : entry.member + entry.header.unpacked_bytes]


def _unpack_entry(window: Window, entry: Entry, memory: Memory) -> memoryview | str:
    """The whole payload of an entry, or what is wrong with it."""
    header = entry.header
    if header.flags & layout.FLAG_OBFUSCATED:
        return "the image is obfuscated LTO-IR, which cannot be read"
    packing = layout.compression(header.flags)
    if packing == "no":
        return window.view(entry.payload, header.payload_bytes)
    if not 0 < header.compressed_bytes <= header.payload_bytes:
        return f"the image states a {packing} frame of {header.compressed_bytes} bytes in {header.payload_bytes}"
    if not 0 < header.unpacked_bytes <= MOST_UNPACKED:
        return f"the image states {header.unpacked_bytes} unpacked bytes; up to {MOST_UNPACKED} are unpacked"
    frame = window.view(entry.payload, header.compressed_bytes)
    refusal = _refuse_frame(packing, frame, header.unpacked_bytes)
    return refusal or _unpack_frame(packing, frame, memory.take(header.unpacked_bytes))


def _unpack_frame(packing: str, frame: memoryview, target: memoryview) -> memoryview | str:
    """A frame unpacked into memory of exactly the stated size, or what is wrong with it."""
    try:
        written = _decoder(packing)(frame, target)
    except Exception as error:  # noqa: BLE001  cramjam and zlib raise unrelated types on damaged input
        return f"the {packing} frame of the image is damaged ({error})"
    if written != len(target):
        return f"the {packing} frame of the image unpacks to {written} bytes where {len(target)} are stated"
    return target


def _refuse_frame(packing: str, frame: memoryview, size: int) -> str | None:
    """Why a frame is not worth taking `size` bytes of memory for, if it is not."""
    if packing == "lz4" and size > MOST_LZ4_RATIO * len(frame) + 16:
        return f"{len(frame)} bytes of LZ4 cannot unpack to {size}"
    if size > MOST_RATIO * len(frame) + SMALLEST_UNPACKED:
        return f"{len(frame)} bytes of {packing} do not unpack to {size} in real images"
    if packing == "zstd" and (stated := zstd_content_size(frame)) != size:
        return f"the zstd frame states {stated} bytes where the image states {size}"
    return None


def zstd_content_size(frame: memoryview) -> int | None:
    """The unpacked size in bytes that a zstd frame states, or none.

    RFC 8878 section 3.1.1.1: a descriptor byte gives the width of the size, after an optional window byte and a
    dictionary number.
    """
    if frame[:4] != ZSTD_MAGIC or len(frame) < 6:
        return None
    descriptor = frame[4]
    single_segment = descriptor & 0x20
    width = (_BYTE if single_segment else None, _SHORT, _INT, _LONG)[descriptor >> 6]
    offset = 5 + (0 if single_segment else 1) + (0, 1, 2, 4)[descriptor & 3]
    if width is None or offset + width.size > len(frame):
        return None
    size: int = width.unpack_from(frame, offset)[0]
    return size + 256 if width is _SHORT else size


def _decoder(packing: str) -> Callable[[memoryview, memoryview], int]:
    """The function that unpacks a frame into a buffer of the stated size and answers how many bytes it wrote."""
    if packing == "zlib":
        return _inflate
    import cramjam  # noqa: PLC0415  listing images needs no decompressor

    # `decompress_block` pads a short result with zeros; writing into a buffer gives the true count.
    decoders: dict[str, Callable[[memoryview, memoryview], int]] = {
        "lz4": cramjam.lz4.decompress_block_into,
        "lz4-frame": cramjam.lz4.decompress_into,
        "zstd": cramjam.zstd.decompress_into,
    }
    return decoders[packing]


def _inflate(frame: memoryview, target: memoryview) -> int:
    """Unpacks a zlib stream into a buffer; raises `ValueError` when it does not end within it."""
    stream = zlib.decompressobj()
    unpacked = stream.decompress(frame, len(target) + 1)
    if not stream.eof:
        raise ValueError("it does not end within the stated size")
    if len(unpacked) <= len(target):
        target[: len(unpacked)] = unpacked
    return len(unpacked)
