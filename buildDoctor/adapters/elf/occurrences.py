"""Where some bytes stand in a long text."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

PIECE = 1 << 18
"""Texts are searched in copies of so many bytes, which stay in the processor's cache; taking memory for a copy of the whole
costs four times as much as searching it."""


def occurrences(text: bytes | memoryview, wanted: bytes, *, any_case: bool = False) -> Iterator[int]:
    """The offsets of some bytes that cannot overlap with themselves.

    Args:
        text: Where they are searched.
        wanted: What is searched; in small letters, when their case does not matter.
        any_case: Whether capital letters of the text count as small ones.
    """
    for start in range(0, len(text), PIECE):
        piece = bytes(text[start : start + PIECE + len(wanted) - 1])
        piece = piece.lower() if any_case else piece
        at = piece.find(wanted)
        while at >= 0:
            yield start + at
            at = piece.find(wanted, at + len(wanted))
