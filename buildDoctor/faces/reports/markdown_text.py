"""Text from anywhere as Markdown in which no character of it means anything.

CommonMark 0.31 and what GitHub adds: strikethrough, mentions, references to issues, bare addresses and `$` for formulas.
"""

from __future__ import annotations

import re

from buildDoctor.faces.wording import visible

_SPECIAL = re.compile(r"[\\`*_\[\]<>|~$]")
_LINKING = re.compile(r"@(?=\w)|#(?=\w)|(?<=GH)-(?=\d)|/(?=/)|(?<=www)\.", re.IGNORECASE)
"""The character after which GitHub would make a link, notify somebody, or write beneath another issue."""
_NOTHING = "<!-- -->"
"""Parts a text without being seen."""
_AT_THE_START = re.compile(r"^(?:([-+=#:])|(\d+)([.)]))")


def escaped(text: str) -> str:
    """Text in which no character means anything to Markdown or HTML, for use within a line."""
    plain = _SPECIAL.sub(r"\\\g<0>", visible(text).replace("&", "\0")).replace("\0", "&amp;")
    return _LINKING.sub(lambda found: f"{found[0]}{_NOTHING}", plain)


def paragraph(text: str) -> str:
    """The same for text that begins a line, where a number with a dot would begin a list."""
    return _AT_THE_START.sub(lambda found: f"{found[2] or ''}\\{found[1] or found[3]}", escaped(text).lstrip())


def code(text: str) -> str:
    """Text as inline code, with quotes longer than any in the text."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    quote = "`" * (longest + 1)
    return f"{quote} {text} {quote}" if longest else f"`{text}`" if text.strip() else "(empty)"


def block(language: str, text: str) -> list[str]:
    """A fenced block beneath a list item, with a fence longer than any in the text."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return ["", *(f"  {line}".rstrip() for line in (f"{fence}{language}", *text.rstrip().split("\n"), fence))]
