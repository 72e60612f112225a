"""Plain tables for a terminal."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from buildDoctor.faces.wording import visible

_NARROWEST = 24
"""A last column with fewer characters says nothing."""


def table(
    heads: Sequence[str], rows: Sequence[Sequence[str]], *, right: Collection[int] = (), width: int | None = None
) -> str:
    """Columns as wide as their widest cell, two spaces between them; the last one is not padded.

    Args:
        heads: the words above the columns.
        rows: the cells.
        right: the numbers of the columns that are set flush right, counted from 0.
        width: where to cut the last column; nothing is cut without it.
    """
    cells = [list(heads), *([visible(cell) for cell in row] for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(heads) - 1)]
    room = None if width is None else max(_NARROWEST, width - sum(widths) - 2 * len(widths))
    lines = []
    for row in cells:
        aligned = [
            cell.rjust(size) if column in right else cell.ljust(size)
            for column, (cell, size) in enumerate(zip(row, widths, strict=False))
        ]
        lines.append("  ".join([*aligned, row[-1] if room is None else cut(row[-1], room)]).rstrip())
    return "\n".join(lines) + "\n"


def cut(text: str, width: int) -> str:
    """The text in at most so many columns: of a longer one the start and the end, where names differ."""
    if len(text) <= width:
        return text
    end = (width - 1) // 3
    return f"{text[: width - 1 - end]}…{text[len(text) - end :]}"
