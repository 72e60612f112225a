"""A bounded view of a file's bytes: everything that parses hostile input reads through it."""

from __future__ import annotations

import mmap
from struct import Struct
from typing import Any

Storage = bytes | bytearray | mmap.mmap


def printable(text: str) -> str:
    r"""A text from a file with each character that a terminal acts upon written as Python writes it, such as `\x1b`."""
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in text)


class Window:
    """The bytes `start` to `end` of a storage, counted from 0.

    Reading outside is not possible: `unpack` answers none, `view` and `find` are cut to what is there.

    Args:
        storage: What holds the bytes; a mapped file stays on disk until it is touched.
        start: The first byte, in bytes from the start of the storage.
        end: The byte after the last; the storage's size when not given.
        on_disk: Whether the storage is a mapped file, whose pages can be dropped and read again.
    """

    __slots__ = ("on_disk", "size", "start", "storage")

    def __init__(self, storage: Storage, start: int = 0, end: int | None = None, *, on_disk: bool = False) -> None:
        self.storage = storage
        self.on_disk = on_disk
        self.start = start
        self.size = (len(storage) if end is None else end) - start

    def _within(self, offset: int) -> int:
        """An offset, or the end of the window that is nearest to it."""
        return min(max(offset, 0), self.size)

    def unpack(self, layout: Struct, offset: int) -> tuple[Any, ...] | None:
        """The fields of a structure at an offset, or none where it does not fit."""
        if offset < 0 or offset + layout.size > self.size:
            return None
        return layout.unpack_from(self.storage, self.start + offset)

    def view(self, offset: int, size: int) -> memoryview:
        """The bytes from an offset, without a copy; fewer than `size` where the window ends."""
        first = self._within(offset)
        last = max(self._within(offset + size), first)
        return memoryview(self.storage)[self.start + first : self.start + last]

    def expect(self, *, sparse: bool) -> None:
        """Tells the system whether a mapped file is read here and there, as headers are, or most of it.

        Around what is read here and there it would otherwise read 128 KiB from the disk and map 64 KiB.
        """
        if self.on_disk and isinstance(self.storage, mmap.mmap):
            self.storage.madvise(mmap.MADV_RANDOM if sparse else mmap.MADV_NORMAL)

    def release(self, offset: int, size: int) -> None:
        """Gives back the memory of whole pages between two offsets that are not needed soon."""
        if not self.on_disk or not isinstance(self.storage, mmap.mmap):
            return
        first = -(-(self.start + offset) // mmap.PAGESIZE) * mmap.PAGESIZE
        last = min(self.start + offset + size, len(self.storage)) // mmap.PAGESIZE * mmap.PAGESIZE
        if last > first:
            self.storage.madvise(mmap.MADV_DONTNEED, first, last - first)

    def find(self, wanted: bytes, offset: int, end: int | None = None) -> int:
        """The offset of the next occurrence between two offsets, or -1."""
        # A mapped file raises for numbers beyond those of its platform.
        first, last = self._within(offset), self.size if end is None else self._within(end)
        found = self.storage.find(wanted, self.start + first, self.start + last)
        return found if found < 0 else found - self.start

    def rfind(self, wanted: bytes, offset: int, end: int) -> int:
        """The offset of the last occurrence between two offsets, or -1."""
        found = self.storage.rfind(wanted, self.start + self._within(offset), self.start + self._within(end))
        return found if found < 0 else found - self.start

    def text(self, offset: int, limit: int) -> str:
        """The NUL-terminated text at an offset, cut at `limit` bytes; bytes that are not UTF-8 are replaced."""
        first = self.start + min(max(offset, 0), self.size)
        # A copy of what may be the text is searched several times as fast as a mapped file.
        found = self.storage[first : min(first + limit, self.start + self.size)]
        end = found.find(b"\0")
        return found[: end if end >= 0 else None].decode("utf-8", "replace")
