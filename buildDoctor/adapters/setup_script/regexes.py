"""Which regular expressions of a script may be tried on which texts without taking hours.

Python's `re` tries one way after the other. Each repetition without a bound multiplies the ways by the length of the
text, each optional part and each alternative doubles them; their product is bounded, and repetitions inside
repetitions are refused.
"""

from __future__ import annotations

import re
from functools import lru_cache

from msgspec import Struct, field

_MOST_WAYS = 20_000_000
_LONGEST_PATTERN = 500
_FEW = 4
_TOKEN = re.compile(
    r"\\(?P<back>[1-9])|\\.|\[\^?\]?(?:[^\]\\]|\\.)*\]|(?P<open>\((?:\?(?:P<\w+>|P=\w+|[:=!]|<[=!]|[aiLmsux-]+:?))?)"
    r"|(?P<close>\))|(?P<many>[*+])[?+]?|\{(?P<least>\d*),?(?P<most>\d*)\}[?+]?|(?P<maybe>\?)[?+]?|(?P<or>\|)|.",
    re.DOTALL,
)


class _Count(Struct):
    many: int = 0
    maybe: int = 0
    nested: bool = False
    groups: list[bool] = field(default_factory=lambda: [False])
    """For each open group, outermost first, whether it holds a repetition or an alternative."""
    closed: bool = False
    """Whether the group that was closed last, right before this place, holds one."""


def is_cheap(pattern: str, text: str) -> bool:
    """Whether a pattern may be tried on a text."""
    if len(pattern) > _LONGEST_PATTERN:
        return False
    count = _counted(pattern)
    if count.nested or count.many > _FEW:
        return False
    ways = (len(text) + 1) ** (count.many + 1) * 2**count.maybe
    return bool(ways <= _MOST_WAYS)


@lru_cache(maxsize=256)
def _counted(pattern: str) -> _Count:
    count = _Count()
    for token in _TOKEN.finditer(pattern):
        closed, count.closed = count.closed, False
        if token["open"]:
            count.groups.append(False)
        elif token["close"] and len(count.groups) > 1:
            inner = count.groups.pop()
            count.closed = inner
            count.groups[-1] |= inner
        elif token["back"]:
            count.many += 1
        elif token["or"] or token["maybe"]:
            count.maybe += 1
            count.groups[-1] = True
        elif _repeats(token):
            count.nested |= closed
            count.many += 1
            count.groups[-1] = True
    return count


def _repeats(token: re.Match[str]) -> bool:
    """Whether a part of a pattern repeats what stands before it, more often than once."""
    if token["many"]:
        return True
    return token["least"] is not None and token[0] not in {"{0,1}", "{1}", "{1,1}", "{0,1}?"}
