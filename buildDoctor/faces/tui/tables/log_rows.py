"""The rows of the log screen: the lines that matter."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from buildDoctor.core.evidence import Log, LogLine
from buildDoctor.core.findings import Finding
from buildDoctor.faces import wording
from buildDoctor.faces.tui.widgets.line_table import Cell, Column, Tone
from buildDoctor.faces.wording import log_words
from buildDoctor.faces.wording.places import Place

FIRST_ERROR, ERROR = "first error", "error"
_TONES = {FIRST_ERROR: Tone.BAD, ERROR: Tone.BAD, "follows": Tone.WARN}
_CITED = "log.lines["


class LogRow(Struct, frozen=True):
    """A line, with what it is."""

    kind: str
    """In a word: `first error`, `error`, `follows`, `told`, `harmless`."""
    line: LogLine
    rules: tuple[str, ...]
    """The rules that know it; a line may show the symptoms of several."""

    @property
    def text(self) -> str:
        """What it says, safe to show."""
        return wording.visible(" ".join((self.line.text or "").split()))


class LogRows(Struct, frozen=True):
    """Lines, the first error first."""

    rows: tuple[LogRow, ...]

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self.rows)

    def __getitem__(self, number: int, /) -> Sequence[Cell]:
        """What the line is, its number, and what it says."""
        row = self.rows[number]
        tone = _TONES.get(row.kind, Tone.QUIET)
        return Cell(row.kind, tone), Cell(f"{row.line.number or 0:,}", Tone.QUIET), Cell(row.text)


def log_rows(log: Log | None) -> tuple[LogRow, ...]:
    """Every line that matters, once."""
    if log is None:
        return ()
    rules: dict[int | None, dict[str, None]] = {}
    for line in log.lines or ():
        rules.setdefault(line.number, {}).update(dict.fromkeys(line.rules or ()))
    return tuple(LogRow(kind, line, tuple(rules[line.number])) for kind, line in log_words.lines_in_order(log))


def filtered(rows: tuple[LogRow, ...], wanted: str) -> tuple[LogRow, ...]:
    """The lines that have all words of a filter, in what they say, what they are, or the rules that know them."""
    words = wanted.casefold().split()
    return tuple(
        row for row in rows if all(word in f"{row.kind} {row.text} {' '.join(row.rules)}".casefold() for word in words)
    )


def columns(rows: tuple[LogRow, ...]) -> tuple[Column, ...]:
    """What a line is, its number, and all the rest for what it says."""
    widest = max((len(f"{row.line.number or 0:,}") for row in rows), default=0)
    return Column("what", len(FIRST_ERROR)), Column("line", max(widest, len("line"))), Column("says")


def place_of_line(log: Log | None, number: int | None) -> Place | None:
    """The line in its file; nothing for a log that came from standard input."""
    if log is None or not log.path or not number or not Path(log.path).is_file():
        return None
    # An editor is started from elsewhere when there is a source tree.
    return Place(str(Path(log.path).absolute()), number)


def place_of_cited_line(finding: Finding, log: Log | None) -> Place | None:
    """The first line of the log that a finding cites."""
    lines = (log.lines if log else None) or ()
    for item in finding.evidence:
        number = item.path.removeprefix(_CITED).partition("]")[0] if item.path.startswith(_CITED) else ""
        if number.isdecimal() and int(number) < len(lines):
            return place_of_line(log, lines[int(number)].number)
    return None
