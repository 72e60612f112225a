"""Finds the lines of a log that have one of several texts, in one pass over its bytes and in bounded memory."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct, field

MOST_HITS = 50_000
"""How often a text is looked at; beyond that, only where it stands last in a piece of the log."""
LONGEST_LINE = 4_000
"""Bytes of a line that are looked at, around the text that was found."""
_LONGEST_REST = 1 << 18
_OVERLAP = 1 << 10
_DIGITS = b"0123456789"
_HEXADECIMAL = b"0123456789abcdef"
_MOST_FORMS = 2_000
"""New forms of lines in a piece; more of them again and again are lines that differ in more than their digits."""
_PATIENCE = 4
_MOST_ORDINARY = 8_000_000
_LINE_END = re.compile(rb"[\r\n]")
_COLOURS = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b\n]{0,1000}(?:\x07|\x1b\\)|[@-Z\\^_])")


class Scanner(Struct):
    """Takes a log piece by piece.

    Lines end at line feeds, as editors count them; what a carriage return parts has the same number.

    Args:
        anchors: The texts to find.
    """

    anchors: Sequence[bytes]
    size_bytes: int = 0
    """How many bytes have come."""
    line_count: int = 0
    """How many lines have ended."""
    passed_over: bool = False
    """Whether a text was found so often that most of its lines were not looked at."""
    _left: dict[bytes, int] = field(default_factory=dict)
    _ordinary: set[bytes] = field(default_factory=set)
    """Lines without their digits that have none of the texts. A log repeats a few forms again and again."""
    _ordinary_bytes: int = 0
    _left_out: bytes = _DIGITS
    """The letters without which lines are compared. A text that is in a line is in it without them too."""
    _many_forms: int = 0
    """In how many pieces there were too many new forms."""

    def lines(self, pieces: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
        """The number and the bytes of each line that has one of the texts; a long line in parts."""
        self._left = dict.fromkeys(self.anchors, MOST_HITS)
        rest = b""
        for piece in pieces:
            self.size_bytes += len(piece)
            body, rest = parted(rest + piece)
            if body:
                yield from self._in(body)
        if rest:
            yield from self._in(rest)
            self.line_count += not rest.endswith(b"\n")

    def _in(self, body: bytes) -> Iterator[tuple[int, bytes]]:
        before = self.line_count
        self.line_count += body.count(b"\n")
        body = _plain(body)
        found: dict[int, int] = {}
        for anchor in self._in_new_lines(body):
            for at in self._places(anchor, body):
                start, end = _line_around(body, at)
                found.setdefault(max(start, at - LONGEST_LINE // 4), end)
        counted = 0
        for start in sorted(found):
            before += body.count(b"\n", counted, start)
            counted = start
            yield before + 1, body[start : min(found[start], start + LONGEST_LINE)]

    def _in_new_lines(self, body: bytes) -> list[bytes]:
        """The texts that may stand in lines of a form that was not met before."""
        left_out = self._left_out
        new = set(body.translate(None, left_out).split(b"\n")) - self._ordinary
        if not new:
            return []
        self._notice(len(new))
        together = b"\n".join(new)
        present = {text for anchor in self.anchors if (text := anchor.translate(None, left_out)) in together}
        if self._ordinary_bytes < _MOST_ORDINARY:
            plain = {line for line in new if not any(text in line for text in present)}
            self._ordinary |= plain
            self._ordinary_bytes += sum(map(len, plain))
        return [anchor for anchor in self.anchors if anchor.translate(None, left_out) in present]

    def _notice(self, new: int) -> None:
        """Compare lines without their hexadecimal numbers from now on, when they are all different with them."""
        self._many_forms += new > _MOST_FORMS
        if self._many_forms == _PATIENCE and self._left_out == _DIGITS:
            self._left_out, self._ordinary, self._ordinary_bytes = _HEXADECIMAL, set(), 0

    def _places(self, anchor: bytes, body: bytes) -> Iterator[int]:
        """Where a text stands, at most once a line."""
        if self._left[anchor] <= 0:
            last = body.rfind(anchor)
            self.passed_over |= last >= 0
            yield from (last,) if last >= 0 else ()
            return
        at = body.find(anchor)
        while at >= 0 and self._left[anchor] > 0:
            self._left[anchor] -= 1
            yield at
            end = _LINE_END.search(body, at, at + LONGEST_LINE // 2)
            at = body.find(anchor, end.start() if end else at + LONGEST_LINE // 2)


def parted(body: bytes) -> tuple[bytes, bytes]:
    """The whole lines, and the beginning of the next; of a line without end all but a little that comes again."""
    cut = body.rfind(b"\n") + 1
    if len(body) - cut <= _LONGEST_REST:
        return body[:cut], body[cut:]
    return body, body[-_OVERLAP:] if not body.endswith(b"\n") else b""


def _plain(body: bytes) -> bytes:
    """The text without colours and zero bytes."""
    if b"\x1b" in body:
        body = _COLOURS.sub(b"", body)
    return body.replace(b"\0", b"") if b"\0" in body else body


def _line_around(body: bytes, at: int) -> tuple[int, int]:
    """Where the line begins and ends that a place stands in; a carriage return parts lines too."""
    start = body.rfind(b"\n", 0, at) + 1
    end = body.find(b"\n", at)
    end = len(body) if end < 0 else end
    back = body.find(b"\r", at, end)
    return max(start, body.rfind(b"\r", start, at) + 1), end if back < 0 else back
