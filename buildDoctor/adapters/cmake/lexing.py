"""The command names that a CMake script calls, read as CMake's own lexer reads them.

The order of the patterns and the longest match are those of CMake's `cmListFileLexer`: a check that saw a comment or
a string where CMake sees code could be deceived.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_UNQUOTED = r"(?:[^ \0\t\r\n()#\"\[=\\]|\\[^\0\n])"
_LEGACY = rf"(?:\$\([A-Za-z0-9_]*\)|{_UNQUOTED}|\"(?:\$\([A-Za-z0-9_]*\)|{_UNQUOTED}|[ \t\[=])*\")"
_TOKEN = re.compile(
    rf"""
      (?P<space>[ \t\r\n]+)
    | (?P<bracket>\#?\[(?P<equals>=*)\[)
    | (?P<comment>\#[^\0\n]*)
    | (?P<paren>[()])
    | (?P<word>(?:{_UNQUOTED}|=|\[=*{_UNQUOTED})(?:{_LEGACY}|[\[=])*)
    | (?P<string>"(?:[^\\\0"]|\\[^\0])*")
    """,
    re.VERBOSE,
)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)


def calls(text: str) -> Iterator[tuple[str, int]]:
    """Each name that stands before a parenthesis, in lower case, with its position; stops where CMake finds an error.

    Args:
        text: the whole script.
    """
    position, name, at = 0, "", 0
    while found := _TOKEN.match(text, position):
        position = found.end()
        if found.lastgroup == "equals" or found["bracket"]:
            close = f"]{found['equals']}]"
            end = text.find(close, position)
            if end < 0:
                return
            position, name = end + len(close), ""
        elif found["word"]:
            name, at = found["word"] if _NAME.fullmatch(found["word"]) else "", found.start()
        elif found["paren"] == "(" and name:
            yield name.lower(), at
            name = ""
        elif not found["space"]:
            name = ""
