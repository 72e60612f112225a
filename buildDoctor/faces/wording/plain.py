"""Text from files made safe to show, and small help with English."""

from __future__ import annotations

import unicodedata

_HIDDEN_CATEGORIES = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
"""Control, format (direction changes among them), surrogate, private, unassigned, line and paragraph separators."""


def visible(text: str, *, lines: bool = False) -> str:
    r"""The text with every character that a terminal would obey, or not show, written as an escape such as `\x1b`.

    Args:
        text: anything that came from a file.
        lines: whether line ends stay; tabs then become spaces.
    """
    if lines:
        return "\n".join(visible(line.expandtabs(4)) for line in text.split("\n"))
    # Almost every text is printable, and this check is much quicker than looking at each character.
    return text if text.isprintable() else "".join(map(_visible_character, text))


def _visible_character(character: str) -> str:
    if unicodedata.category(character) not in _HIDDEN_CATEGORIES:
        return character
    return character.encode("unicode_escape").decode("ascii")


def paragraphs(text: str) -> tuple[str, ...]:
    """The paragraphs of a text, each joined to one line, so that it can be wrapped to any width."""
    blocks: list[list[str]] = [[]]
    for line in visible(text, lines=True).split("\n"):
        if line.strip():
            blocks[-1].append(line.strip())
        elif blocks[-1]:
            blocks.append([])
    return tuple(" ".join(block) for block in blocks if block)


def counted(number: int, noun: str) -> str:
    """A number with its noun: `1 error`, `2 errors`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
