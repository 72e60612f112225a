"""Steps of an examination that carry more than their words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # Told to the terminal UI, whose first frame comes before any of it is seen.
    from buildDoctor.core.evidence import Evidence


class Told(str):
    """What is looked at now, how much of how much was looked at before it, and what was seen so far."""

    __slots__ = ("done", "evidence", "total")

    done: int
    """Bytes that are done."""
    total: int
    """Bytes in all; 0 where it is not known."""
    evidence: Evidence | None
    """What was seen before this step, when it is told."""

    @staticmethod
    def of(text: str, done: int = 0, total: int = 0, evidence: Evidence | None = None) -> Told:
        """A step with its amount; a step that has one keeps it."""
        told = Told(text)
        told.done, told.total, told.evidence = done, total, evidence
        if isinstance(text, Told) and text.total:
            told.done, told.total = text.done, text.total
        return told


def steps_of(paths: Sequence[Path]) -> Iterator[Told]:
    """A step for each file, with its size and its place among them."""
    sizes = [_size(path) for path in paths]
    done, total = 0, sum(sizes)
    for number, (path, size) in enumerate(zip(paths, sizes, strict=True), 1):
        amount = f"{size / 1e6:,.0f} MB" if size >= 1e6 else f"{size / 1e3:,.0f} KB"
        yield Told.of(f"reading {path.name}, {amount} ({number} of {len(paths)})", done, total)
        done += size


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
