"""Patterns with `*`, `?` and `[…]`."""

from __future__ import annotations

import re
from collections.abc import Callable
from fnmatch import translate

MAX_PATTERN = 200


def glob_matcher(pattern: str) -> Callable[[str], bool]:
    """The function that says whether a whole text fits the pattern; upper and lower case differ.

    Raises:
        ValueError: the pattern is too long.
    """
    if len(pattern) > MAX_PATTERN:
        raise ValueError(f"the pattern has {len(pattern)} characters; {MAX_PATTERN} are allowed")
    if "?" in pattern or "[" in pattern:
        fits = re.compile(translate(pattern)).match
        return lambda text: fits(text) is not None
    first, *rest = pattern.split("*")
    if not rest:
        return lambda text: text == pattern
    *middle, last = rest
    if not first and not last and len(middle) == 1:
        (inside,) = middle
        return lambda text: inside in text
    return _in_order(first, [part for part in middle if part], last)


def _in_order(first: str, middle: list[str], last: str) -> Callable[[str], bool]:
    """The function that says whether a text has these parts one after the other, the outer ones at its ends."""

    def fits(text: str) -> bool:
        end = len(text) - len(last)
        if end < len(first) or not text.startswith(first) or not text.endswith(last):
            return False
        position = len(first)
        for part in middle:
            found = text.find(part, position, end)
            if found < 0:
                return False
            position = found + len(part)
        return True

    return fits
