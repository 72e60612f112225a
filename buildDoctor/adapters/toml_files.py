"""Reads TOML files. Every problem says which file, line and column."""

from __future__ import annotations

import stat
from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct

from buildDoctor.core.rules.table import Mistake

MAX_BYTES = 1_000_000
_USUAL_BYTES = 16_384


class FileProblem(Struct, frozen=True, order=True):
    """One thing that is wrong with a file."""

    file: str
    """The file, or a folder that was given."""
    line: int
    """From 1; 0 when it is about the whole file."""
    column: int
    """In characters, from 1; 0 when it is about the whole file."""
    message: str
    """What is wrong and what was expected."""

    def __str__(self) -> str:
        """The problem on one line."""
        place = f":{self.line}:{self.column}" if self.line else ""
        return f"{self.file}{place}: {self.message}"


def about_file(file: Path | str, message: str) -> FileProblem:
    """A problem of a whole file or folder, which has no line."""
    return FileProblem(str(file), 0, 0, message)


class BadFileError(Exception):
    """A file that cannot be used."""

    def __init__(self, *problems: FileProblem) -> None:
        super().__init__(*problems)
        self.problems = problems


def read_text(file: Path) -> str:
    """The text of a file.

    Raises:
        BadFileError: it cannot be read, is too large, or is no text.
    """
    content = _content(file)
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        before = content[: error.start].decode()
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        byte = f"byte 0x{content[error.start]:02x}"
        raise BadFileError(FileProblem(str(file), line, column, f"it is not UTF-8: {byte} has no place here")) from None


def _content(file: Path) -> bytes:
    try:
        # A pipe or device would be waited for, or never end.
        if not stat.S_ISREG(file.stat().st_mode):
            raise BadFileError(about_file(file, "it is not a regular file"))
        with file.open("rb") as stream:
            # A buffer for the largest file costs more than reading a usual one.
            content = stream.read(_USUAL_BYTES)
            if len(content) == _USUAL_BYTES:
                content += stream.read(MAX_BYTES + 1 - _USUAL_BYTES)
    except OSError as error:
        raise BadFileError(about_file(file, f"it cannot be read: {error.strerror}")) from None
    if len(content) > MAX_BYTES:
        raise BadFileError(about_file(file, f"it has more than {MAX_BYTES:,} bytes; a rule needs far fewer"))
    return content


def parse(file: Path, text: str) -> dict[str, object]:
    """The tables of a text.

    Raises:
        BadFileError: it is not TOML.
    """
    import tomli  # noqa: PLC0415 - costs 7 ms, and --version reads no rule

    try:
        return tomli.loads(text)
    except tomli.TOMLDecodeError as error:
        message = f"it is not TOML: {error.msg}{_hint(text, error.lineno, error.msg)}"
        raise BadFileError(FileProblem(str(file), error.lineno, error.colno, message)) from None
    except RecursionError:
        raise BadFileError(about_file(file, "it is not TOML: it is nested too deeply")) from None


def _hint(text: str, line: int, message: str) -> str:
    """What a parser's message mostly means here."""
    words = text.split("\n")[line - 1 : line]
    if "Invalid value" in message and "=" in "".join(words):
        return "; text stands in quotation marks"
    if "Illegal character '\\n'" in message:
        return "; the text is not closed: a quotation mark is missing at its end, or write three for several lines"
    return ""


def placed(file: Path, text: str, mistakes: Iterable[Mistake]) -> list[FileProblem]:
    """Mistakes with their places in the file, from top to bottom."""
    from buildDoctor.adapters.toml_positions import Positions  # noqa: PLC0415 - only a mistake needs it

    try:
        positions = Positions(text)
    except RecursionError:
        return [
            FileProblem(str(file), 1, 1, f"{mistake.message} (in a value that is nested deeply)")
            for mistake in mistakes
        ]
    return sorted(
        FileProblem(str(file), *positions.find(mistake.path, mistake.line, mistake.column), mistake.message)
        for mistake in mistakes
    )
