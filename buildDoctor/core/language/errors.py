"""What can be wrong with an expression, and where."""

from __future__ import annotations

from collections.abc import Iterable


class LanguageError(ValueError):
    """An expression that is not part of the language, or does not fit the evidence.

    Args:
        message: What is wrong and, where one is near, the right spelling.
        line: The line within the text, from 1.
        column: The column within the line, in characters, from 1.
    """

    def __init__(self, message: str, line: int = 1, column: int = 1) -> None:
        super().__init__(f"line {line}, column {column}: {message}")
        self.message = message
        self.line = line
        self.column = column

    def moved(self, line: int, column: int) -> LanguageError:
        """The same mistake in a text that has the expression at a line and column."""
        moved_column = column + self.column - 1 if self.line == 1 else self.column
        return type(self)(self.message, line + self.line - 1, moved_column)


class BudgetError(LanguageError):
    """An evaluation that looks at more elements than it may."""


class Unsure(Exception):  # noqa: N818 - an answer of a function, not a fault of anybody
    """A function cannot say, for a reason that stands in the message."""


def nearest(word: str, known: Iterable[str]) -> str:
    """The end of a message that offers the nearest spelling; empty when none is near, and for `__class__`."""
    if word.startswith("__"):
        return ""
    from difflib import get_close_matches  # noqa: PLC0415 - only mistakes need it, and every start would pay

    found = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"; did you mean {found[0]!r}?" if found else ""
