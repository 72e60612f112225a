"""Lines that fit a terminal."""

from __future__ import annotations

import textwrap


def wrapped(text: str, columns: int, first: str, rest: str, *, fold: bool = False) -> list[str]:
    """The text in lines of at most `columns`.

    One word that is longer stays whole, so that a path can be copied from a terminal, unless it is folded.

    Args:
        text: one paragraph.
        columns: the width, indentation included.
        first: what stands before the first line.
        rest: what stands before the others.
        fold: whether a longer word is broken.
    """
    return textwrap.wrap(
        text,
        columns,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=fold,
        break_on_hyphens=False,
    )
