"""How a symptom of a rule has to be written."""

from __future__ import annotations

STAR = "*"
LONGEST_SYMPTOM = 200
MOST_STARS = 6
SHORTEST_PIECE = 6


def refusal_of(text: str) -> str | None:
    """What is wrong with the text of a symptom; `None` when nothing is."""
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
