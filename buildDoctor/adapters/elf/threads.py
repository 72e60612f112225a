"""Work on many pieces at once: decompressors and searches let other threads run meanwhile."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

Piece = TypeVar("Piece")
Answer = TypeVar("Answer")

MOST_THREADS = 4
"""Each holds one unpacked image, and the work between the unpacking is Python's, which runs one thread at a time."""


def in_threads(work: Callable[[Piece], Answer], pieces: Sequence[Piece]) -> Iterator[Answer]:
    """The answers for all pieces, in their order."""
    count = min(MOST_THREADS, len(os.sched_getaffinity(0)), len(pieces))
    if count < 2:
        yield from map(work, pieces)
        return
    with ThreadPoolExecutor(count) as pool:
        yield from pool.map(work, pieces)
