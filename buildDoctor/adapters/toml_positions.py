"""Where keys and values stand in a TOML text that the parser has already accepted.

Parsers of TOML do not say it, and only a mistake needs it: so this reads the text once more, and checks nothing.
"""

from __future__ import annotations

import re

import tomli
from msgspec import Struct

Path = tuple[str | int, ...]

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_STRING = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}(?!")|' + r"'''.*?'{3,5}(?!')|" + r'"(?:[^"\\\n]|\\.)*"|' + r"'[^'\n]*'", re.DOTALL
)
_KEY_PART = re.compile(r"""[ \t]*([A-Za-z0-9_-]+|"(?:[^"\\\n]|\\.)*"|'[^'\n]*')[ \t]*(\.?)""")
_SCALAR = re.compile(r"[^,\]}#\n]*")
_ESCAPE = re.compile(r"\\(?:u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|x[0-9A-Fa-f]{2}|[ \t]*\r?\n[ \t\r\n]*|.)", re.DOTALL)


class Place(Struct, frozen=True):
    """Where a key or an element stands."""

    key: int
    """The offset of its name; of an element of a list, of the element."""
    value: int
    """The offset of its value."""


class Positions:
    """The places of everything in a TOML text.

    Args:
        text: A text that the parser accepts.
    """

    def __init__(self, text: str) -> None:
        # The parser takes this ending of a line for the other.
        self._text = text.replace("\r\n", "\n")
        self._at = 0
        self._lists: dict[Path, int] = {}
        self.places: dict[Path, Place] = {}
        self._read()

    def find(self, path: Path, line: int | None = None, column: int | None = None) -> tuple[int, int]:
        """The line and column, from 1, of a key or the nearest table around it.

        Args:
            path: The key, with numbers for the elements of lists.
            line: With `column`: a position within the key's text, whose position in the file is wanted.
            column: From 1.
        """
        while path and path not in self.places:
            path = path[:-1]
        if not path:
            return 1, 1
        place = self.places[path]
        if line is None or column is None:
            return self._line_and_column(place.key)
        return self._line_and_column(self._inside(place.value, line, column))

    def _line_and_column(self, offset: int) -> tuple[int, int]:
        return self._text.count("\n", 0, offset) + 1, offset - self._text.rfind("\n", 0, offset)

    def _inside(self, start: int, line: int, column: int) -> int:
        """The offset of a line and column of the text that a string stands for."""
        long = self._text.startswith(('"""', "'''"), start)
        escapes = self._text[start] == '"'
        at = start + (3 if long else 1)
        at += long and self._text.startswith("\n", at)
        now = (1, 1)
        while at < len(self._text):
            escape = _ESCAPE.match(self._text, at) if escapes else None
            written = escape[0] if escape else self._text[at]
            if not (escape and written[1:].isspace()):
                if now >= (line, column):
                    break
                now = (now[0] + 1, 1) if written in {"\n", "\\n"} else (now[0], now[1] + 1)
            at += len(written)
        return at

    def _read(self) -> None:
        table: Path = ()
        while self._skip():
            start = self._at
            if self._text.startswith("[", start):
                table = self._header()
                self.places[table] = Place(start, start)
                if table and isinstance(table[-1], int):
                    self.places.setdefault(table[:-1], self.places[table])
            else:
                self._pair(table)

    def _skip(self) -> bool:
        """Go to the next word, and say whether there is one."""
        blank = _BLANK.match(self._text, self._at)
        self._at = blank.end() if blank else self._at
        return self._at < len(self._text)

    def _header(self) -> Path:
        listed = self._text.startswith("[[", self._at)
        self._at += 2 if listed else 1
        *outer, last = self._key()
        self._at += 2 if listed else 1
        path = self._resolve((*self._resolve_all(outer), last), enter=not listed)
        if listed:
            self._lists[path] = self._lists.get(path, -1) + 1
            path = (*path, self._lists[path])
        return path

    def _resolve_all(self, keys: list[str]) -> Path:
        path: Path = ()
        for key in keys:
            path = self._resolve((*path, key), enter=True)
        return path

    def _resolve(self, path: Path, *, enter: bool) -> Path:
        """The path, at its last element when it is a list of tables."""
        return (*path, self._lists[path]) if enter and path in self._lists else path

    def _key(self) -> list[str]:
        parts: list[str] = []
        while found := _KEY_PART.match(self._text, self._at):
            self._at = found.end()
            quoted = found[1][0] in "\"'"
            parts.append(tomli.loads(f"key = {found[1]}")["key"] if quoted else found[1])
            if not found[2]:
                break
        return parts

    def _pair(self, table: Path) -> None:
        start = self._at
        keys = self._key()
        self._at = self._text.index("=", self._at) + 1
        self._skip()
        for end in range(1, len(keys)):
            self.places.setdefault((*table, *keys[:end]), Place(start, start))
        self._value((*table, *keys), start)

    def _value(self, path: Path, key: int | None = None) -> None:
        self._skip()
        self.places[path] = Place(self._at if key is None else key, self._at)
        if self._text[self._at] == "[":
            self._elements(path)
        elif self._text[self._at] == "{":
            self._pairs(path)
        else:
            found = _STRING.match(self._text, self._at) or _SCALAR.match(self._text, self._at)
            self._at = found.end() if found else self._at + 1

    def _elements(self, path: Path) -> None:
        count = 0
        while self._more("]"):
            self._value((*path, count))
            count += 1

    def _pairs(self, path: Path) -> None:
        while self._more("}"):
            self._pair(path)

    def _more(self, closing: str) -> bool:
        """Go past an opening bracket or comma; whether something follows before the closing bracket."""
        self._skip()
        if self._text[self._at] != closing:
            self._at += self._text[self._at] in "[{,"
            self._skip()
        if self._text[self._at] != closing:
            return True
        self._at += 1
        return False
