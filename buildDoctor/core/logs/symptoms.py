"""Symptoms: the texts by which a log shows what a rule is about."""

from __future__ import annotations

from msgspec import Struct

STAR = "*"
LONGEST_SYMPTOM = 200
MOST_STARS = 6
SHORTEST_PIECE = 6


class Symptom(Struct, frozen=True, kw_only=True):
    """A text that stands in a line of a log; each star in it is any text, also none."""

    text: str
    """As the rules write it."""
    rules: tuple[str, ...]
    """The rules that say so."""
    benign: bool
    """Whether the line is harmless."""

    @property
    def pieces(self) -> tuple[str, ...]:
        """The texts between its stars, in their order."""
        return tuple(piece for piece in self.text.split(STAR) if piece)

    def values_in(self, line: str) -> tuple[str, ...] | None:
        """What stands in the places of the stars; `None` when the line does not show the symptom."""
        first, *rest = self.text.split(STAR)
        start = line.find(first)
        if start < 0:
            return None
        values, position = [], start + len(first)
        for piece in rest:
            found = line.find(piece, position) if piece else len(line)
            if found < 0:
                return None
            values.append(line[position:found].strip())
            position = found + len(piece)
        return tuple(values)


def refusal_of(text: str) -> str | None:
    """What is wrong with the text that an author gives for a symptom; `None` when nothing is."""
    if len(text) > LONGEST_SYMPTOM:
        return f"a symptom has at most {LONGEST_SYMPTOM} characters; this one has {len(text)}"
    if text.count(STAR) > MOST_STARS:
        return f"a symptom has at most {MOST_STARS} stars"
    if text.startswith(STAR) or STAR * 2 in text:
        return "a star stands for any text between others, so none is the first character, and no two stand together"
    if not text.isprintable() or text != text.strip():
        return "a symptom is one line, without blanks at its ends"
    if max(map(len, text.split(STAR))) < SHORTEST_PIECE:
        return f"a symptom needs {SHORTEST_PIECE} characters in a row, or too many lines would show it"
    return None
