"""A log of a build or of a run: the lines that matter."""

from __future__ import annotations

from msgspec import Struct


class LogLine(Struct, frozen=True, kw_only=True):
    """A line of a log that shows a symptom, or that is an error by its form. One that shows two symptoms is there twice."""

    number: int | None = None
    """Its number in the log, from 1; lines that say the same are told by the first."""
    text: str | None = None
    """What it says, without colours; of a long line the part around the symptom."""
    kind: str | None = None
    """`error`, `consequence` (it only says that something before it failed), `benign` or `status`."""
    rules: tuple[str, ...] | None = None
    """The rules whose symptom it shows; empty for an error that no rule knows."""
    symptom: str | None = None
    """The symptom, as the rule writes it; empty when it shows none."""
    values: tuple[str, ...] | None = None
    """What stands in the places of the symptom's stars."""
    count: int | None = None
    """How many lines say it."""


class Log(Struct, frozen=True, kw_only=True):
    """A log."""

    path: str | None = None
    """The file, or `standard input`."""
    size_bytes: int | None = None
    """How much was read."""
    line_count: int | None = None
    """How many lines it has."""
    lines: tuple[LogLine, ...] | None = None
    """Those that matter, in their order."""
