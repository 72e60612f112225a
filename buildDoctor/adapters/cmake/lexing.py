"""The commands that a CMake script calls, read as CMake's own lexer reads them.

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
_REFERENCE = re.compile(r"\$(?:ENV)?\{[\w./+-]*\}", re.ASCII)
_BRACKETED = re.compile(r"\[(=*)\[\n?(.*)\]\1\]", re.DOTALL)
# Nothing here gives back what it has matched, so that no text takes more than one pass.
_PLAIN = r"""(?:[^ \t\r\n\0"()#\[\\]++|"[^"\\\0]*+")"""
_PLAIN_CALL = re.compile(rf"[ \t]*+([A-Za-z_][A-Za-z0-9_]*+)[ \t]*+\(((?:[ \t\r\n]++|{_PLAIN}(?=[ \t\r\n)]))*+)\)")
_PLAIN_ARGUMENT = re.compile(_PLAIN)
_SPECIAL = re.compile(r"[$@\\]")
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


def arguments_at(text: str, position: int) -> tuple[str, list[str]] | None:
    """The first command behind a position: its name in lower case, and its arguments as they are written.

    Quotes and brackets stay around an argument. A parenthesis inside of the command is an argument.

    Args:
        text: the whole script.
        position: where a line begins that no string and no bracket reaches into.
    """
    # Most commands are words and plain strings, which two searches tell apart.
    if plain := _PLAIN_CALL.match(text, position):
        return plain[1].lower(), _PLAIN_ARGUMENT.findall(plain[2])
    name, depth = "", 0
    found: list[str] = []
    while token := _TOKEN.match(text, position):
        written, position = token[0], token.end()
        if token["bracket"]:
            close = f"]{token['equals']}]"
            end = text.find(close, position)
            if end < 0:
                return None
            position = end + len(close)
            if not written.startswith("#"):
                found.append(written + text[token.end() : position])
        elif token["paren"]:
            depth += 1 if written == "(" else -1
            if depth == 0:
                return name.lower(), found
            found += [written] if depth > 1 or written == ")" else []
        elif token["word"] or token["string"]:
            found += [written] if depth else []
            name = name if depth else written
        if not depth and (found or (token["word"] and not _NAME.fullmatch(name))):
            return None
    return None


def texts_around(argument: str) -> list[str]:
    """The texts around what is expanded in an argument; one text where nothing is.

    Args:
        argument: as it is written in a script, with its quotes or brackets.
    """
    if found := _BRACKETED.fullmatch(argument):
        return [found[2]]
    plain = argument[1:-1] if argument.startswith('"') else argument
    texts = _REFERENCE.split(plain)
    # Behind an escape, or a reference inside of another, nothing is known.
    return [_SPECIAL.split(plain, maxsplit=1)[0], ""] if any(map(_SPECIAL.search, texts)) else texts
