"""What a screen lists, as text and as JSON."""

from __future__ import annotations

import json

from msgspec import Struct

from buildDoctor.core.report import Report


class Table(Struct, frozen=True, kw_only=True):
    """What is listed, after the filter."""

    name: str
    """What the rows are: `findings`, `kernels`."""
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    report: Report | None = None
    """The report with only these rows, where rows are findings: its own forms say more than a table."""


def table_text(table: Table) -> str:
    """The rows beneath their titles, in columns."""
    lines = (table.columns, *table.rows)
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() + "\n" for line in lines
    )


def table_json(table: Table) -> str:
    """The rows as JSON: a list of objects, one for each row."""
    rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    return json.dumps({table.name: rows}, ensure_ascii=False, indent=2) + "\n"
