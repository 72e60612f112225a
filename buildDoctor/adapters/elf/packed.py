"""A large deflated member of a zip, unpacked piece by piece as it is read.

Shared objects of a gigabyte would take a gigabyte of memory. After one pass the state of the decompressor is known at the
start of each piece (RFC 1951 needs the last 32 KiB for that), so that any piece can be unpacked again.
"""

from __future__ import annotations

import zlib
from collections import OrderedDict
from struct import Struct
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

from buildDoctor.adapters.elf.window import Window

if TYPE_CHECKING:
    from collections.abc import Iterator

PIECE = 1 << 23
"""Unpacked at once, in bytes."""
FED = 1 << 16
"""Given to the decompressor at once, in bytes."""
MOST_AT_ONCE = 1 << 28
"""A view is cut at so many bytes; the largest image known has 159 million."""
PIECES_KEPT = 24
"""The first pieces stay in memory."""
PIECES_AT_HAND = 8
"""Of the others so many do."""


class _State(NamedTuple):
    """A decompressor at the start of a piece, and how much of the member it has taken by then."""

    stream: Any
    taken: int


class PackedWindow(Window):
    """The bytes of a member, of which some tens of pieces are in memory at a time.

    Args:
        packed: The member as it is stored, raw deflate.
        size: Its unpacked size in bytes.
        checksum: Its CRC-32.

    Raises:
        ValueError: the member does not unpack to that.
        zlib.error: it is damaged.
    """

    __slots__ = ("_at_hand", "_kept", "_lock", "_packed", "_states")

    def __init__(self, packed: Window, size: int, checksum: int) -> None:
        super().__init__(b"", 0, size)
        self._packed = packed
        self._lock = Lock()
        self._states = [_State(zlib.decompressobj(-zlib.MAX_WBITS), 0)]
        self._kept: dict[int, bytes] = {}
        self._at_hand: OrderedDict[int, bytes] = OrderedDict()
        self._unpack_all(checksum)

    def _unpack_all(self, checksum: int) -> None:
        """Goes through the member once."""
        found, unpacked = 0, 0
        for number in range(-(-self.size // PIECE)):
            piece, following = self._unpack(number)
            found, unpacked = zlib.crc32(piece, found), unpacked + len(piece)
            self._states.append(following)
            self._keep(number, piece)
        stream, taken = self._states[-1]
        rest = stream.copy().decompress(self._packed.view(taken, FED), 1)
        if unpacked != self.size or rest:
            raise ValueError(f"it does not unpack to the {self.size} bytes that are stated")
        if found != checksum:
            raise ValueError("its checksum is wrong")

    def _unpack(self, number: int) -> tuple[bytes, _State]:
        """A piece, and the state behind it; shorter where the member ends."""
        stream, taken = self._states[number].stream.copy(), self._states[number].taken
        wanted = min(PIECE, self.size - number * PIECE)
        parts: list[bytes] = []
        while wanted and not stream.eof:
            fed = self._packed.view(taken, FED)
            parts.append(stream.decompress(fed, wanted))
            taken += len(fed) - len(stream.unconsumed_tail)
            wanted -= len(parts[-1])
            if not fed and not parts[-1]:
                break
        self._packed.release(self._states[number].taken, taken - self._states[number].taken)
        return b"".join(parts), _State(stream, taken)

    def _keep(self, number: int, piece: bytes) -> None:
        """Holds a piece for later."""
        if number < PIECES_KEPT:
            self._kept[number] = piece
            return
        self._at_hand[number] = piece
        if len(self._at_hand) > PIECES_AT_HAND:
            self._at_hand.popitem(last=False)

    def _piece(self, number: int) -> bytes:
        """A piece, unpacked again if need be."""
        with self._lock:
            piece = self._kept.get(number) or self._at_hand.pop(number, None) or self._unpack(number)[0]
            self._keep(number, piece)
        return piece

    def _bytes(self, first: int, last: int) -> Iterator[memoryview]:
        """The bytes between two offsets, piece by piece."""
        for number in range(first // PIECE, -(-last // PIECE)):
            base = number * PIECE
            yield memoryview(self._piece(number))[max(first - base, 0) : last - base]

    def unpack(self, layout: Struct, offset: int) -> tuple[Any, ...] | None:
        """As of any window."""
        if offset < 0 or offset + layout.size > self.size:
            return None
        return layout.unpack(self.view(offset, layout.size))

    def view(self, offset: int, size: int) -> memoryview:
        """As of any window; a copy where it is in several pieces."""
        first = self._within(offset)
        parts = list(self._bytes(first, max(self._within(offset + min(size, MOST_AT_ONCE)), first)))
        return parts[0] if len(parts) == 1 else memoryview(b"".join(parts))

    def release(self, offset: int, size: int) -> None:
        """Does nothing: pieces make room for each other."""

    def find(self, wanted: bytes, offset: int, end: int | None = None) -> int:
        """As of any window."""
        position, stop = self._within(offset), self.size if end is None else self._within(end)
        while position + len(wanted) <= stop:
            # Searched pieces overlap, so that what is wanted is whole in one of them.
            size = min(PIECE - position % PIECE + len(wanted) - 1, stop - position)
            found = bytes(self.view(position, size)).find(wanted)
            if found >= 0:
                return position + found
            position += max(size - len(wanted) + 1, 1)
        return -1

    def rfind(self, wanted: bytes, offset: int, end: int) -> int:
        """As of any window; callers ask for a few hundred bytes."""
        first = self._within(offset)
        found = bytes(self.view(first, self._within(end) - first)).rfind(wanted)
        return found if found < 0 else first + found

    def text(self, offset: int, limit: int) -> str:
        """As of any window."""
        found = bytes(self.view(self._within(offset), limit))
        return found.partition(b"\0")[0].decode("utf-8", "replace")
