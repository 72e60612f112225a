"""Steps that are a part of a known amount."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path


class PartOf(str):
    """What is looked at now, and how much of how much was looked at before it."""

    __slots__ = ("done", "total")

    done: int
    """Bytes that are done."""
    total: int
    """Bytes in all."""

    @staticmethod
    def of(text: str, done: int, total: int) -> PartOf:
        """A step with its amount."""
        part = PartOf(text)
        part.done, part.total = done, total
        return part


def steps_of(paths: Sequence[Path]) -> Iterator[PartOf]:
    """A step for each file, with its size and its place among them."""
    sizes = [_size(path) for path in paths]
    done, total = 0, sum(sizes)
    for number, (path, size) in enumerate(zip(paths, sizes, strict=True), 1):
        amount = f"{size / 1e6:,.0f} MB" if size >= 1e6 else f"{size / 1e3:,.0f} KB"
        yield PartOf.of(f"reading {path.name}, {amount} ({number} of {len(paths)})", done, total)
        done += size


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
