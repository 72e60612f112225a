"""Comments of several lines in PTX, against a regular expression that knows them too."""

from __future__ import annotations

import random
import re

from buildDoctor.adapters.elf.ptx import COMMENT, without_blocks


def by_expression(text: bytes) -> bytes:
    return COMMENT.sub(lambda match: match[0] if match[0].startswith(b"//") else b" ", text)


def test_they_are_left_out_and_nothing_else() -> None:
    chance = random.Random(1)  # noqa: S311  the same in every run
    pieces = (b"/*", b"*/", b"//", b"/", b"*", b"\n", b"x", b".entry k", b" ")
    for _ in range(20_000):
        text = b"".join(chance.choices(pieces, k=chance.randrange(14)))
        assert re.sub(rb"\s+", b" ", without_blocks(text)) == re.sub(rb"\s+", b" ", by_expression(text)), text


def test_a_text_without_them_is_not_copied() -> None:
    text = b"a // b /* c\nd"
    assert without_blocks(text) is text
