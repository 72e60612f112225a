"""From the bytes of a log to the lines that matter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct, field

from buildDoctor.core.evidence import Log, LogLine, NotSeen
from buildDoctor.core.logs.anchors import anchors_for
from buildDoctor.core.logs.kinds import ANCHORS, BENIGN, CONSEQUENCE, ERROR, STATUS, kind_of
from buildDoctor.core.logs.scanning import Scanner
from buildDoctor.core.logs.symptoms import Symptom

MOST_OF_A_SYMPTOM = 50
"""Lines that show one symptom and differ in what stands for its stars."""
MOST_OF_A_KIND = 50
"""Lines that are errors or consequences by their form alone."""
_LONGEST_TEXT = 400
_LEAD = 120


class _Entry(Struct):
    """A line that matters, and how many say the same."""

    line: LogLine
    count: int = 1

    def made(self) -> LogLine:
        one = self.line
        return LogLine(
            number=one.number, text=one.text, kind=one.kind, rules=one.rules, symptom=one.symptom, values=one.values,
            count=self.count,
        )  # fmt: skip


class _Lines(Struct):
    """The lines that matter so far."""

    symptoms: Sequence[Symptom]
    entries: dict[tuple[str, ...], _Entry] = field(default_factory=dict)
    of: dict[str, int] = field(default_factory=dict)
    """How many entries there are of a symptom, or of a kind."""
    last: LogLine | None = None
    """The last error or consequence."""
    numbers: dict[tuple[str, ...], int] = field(default_factory=dict)
    """The line that an entry was last found in: the parts of a long one overlap."""

    def take(self, number: int, text: str) -> None:
        """Look at a line."""
        kind, served, shown = kind_of(text), set[str](), False
        for symptom in self.symptoms:
            owners = tuple(rule for rule in symptom.rules if rule not in served)
            values = symptom.values_in(text) if owners else None
            if values is not None:
                served.update(owners)
                kind = BENIGN if symptom.benign else kind
                self._add(number, text, kind, owners, symptom, values)
                shown = True
        if not shown and kind != STATUS:
            self._add(number, text, kind, (), None, ())
        if kind in {ERROR, CONSEQUENCE}:
            self.last = _line(number, text, kind, (), None, ())

    def _add(
        self,
        number: int,
        text: str,
        kind: str,
        rules: tuple[str, ...],
        symptom: Symptom | None,
        values: tuple[str, ...],
    ) -> None:
        key = (symptom.text, *values) if symptom else ("", kind, text)
        entry = self.entries.get(key)
        if entry is not None:
            entry.count += self.numbers[key] != number
            self.numbers[key] = number
            return
        group = symptom.text if symptom else f"\n{kind}"
        self.of[group] = self.of.get(group, 0) + 1
        if self.of[group] <= (MOST_OF_A_SYMPTOM if symptom else MOST_OF_A_KIND):
            self.entries[key] = _Entry(_line(number, text, kind, rules, symptom, values))
            self.numbers[key] = number

    def made(self) -> tuple[LogLine, ...]:
        """All of them in their order, the last error among them."""
        lines = [entry.made() for entry in self.entries.values()]
        last = self.last
        if last is not None and not any(_says(line, last) for line in lines):
            lines.append(last)
        return tuple(sorted(lines, key=lambda line: line.number or 0))


def _says(line: LogLine, last: LogLine) -> bool:
    """Whether a line stands for the last one: it is that line, or says the same."""
    return line.number == last.number or line.text == last.text


def _line(
    number: int, text: str, kind: str, rules: tuple[str, ...], symptom: Symptom | None, values: tuple[str, ...]
) -> LogLine:
    at = text.find(symptom.pieces[0]) if symptom else 0
    return LogLine(
        number=number, text=_short(text, at), kind=kind, rules=rules, symptom=symptom.text if symptom else "",
        values=tuple(value[:_LONGEST_TEXT] for value in values), count=1,
    )  # fmt: skip


def _short(text: str, at: int) -> str:
    """The part of a line around a place."""
    start = max(0, at - _LEAD) if len(text) > _LONGEST_TEXT else 0
    part = text[start : start + _LONGEST_TEXT].strip()
    return f"{'…' if start else ''}{part}{'…' if start + _LONGEST_TEXT < len(text) else ''}"


def read_log(pieces: Iterable[bytes], symptoms: Sequence[Symptom], path: str) -> tuple[Log, tuple[NotSeen, ...]]:
    """The lines of a log that matter, and what was passed over.

    Args:
        pieces: its bytes, in pieces of any size.
        symptoms: what rules want to find.
        path: what it is called.
    """
    given = tuple(anchor.decode() for anchor in ANCHORS)
    chosen = anchors_for([symptom.pieces for symptom in symptoms], given)
    scanner = Scanner((*ANCHORS, *(text.encode() for text in chosen)))
    lines = _Lines(symptoms)
    for number, content in scanner.lines(pieces):
        lines.take(number, content.decode(errors="replace").rstrip())
    log = Log(path=path, size_bytes=scanner.size_bytes, line_count=scanner.line_count, lines=lines.made())
    reason = "it has so many lines with errors that most of them were passed over"
    return log, (NotSeen(path="log", reason=reason),) if scanner.passed_over else ()
