"""The files of a build folder, read within bounds."""

from __future__ import annotations

from pathlib import Path

CACHE = "CMakeCache.txt"
COMMANDS = "compile_commands.json"
NINJA = "build.ninja"
MARKS = (CACHE, COMMANDS, NINJA)
"""A folder with one of these is a build folder."""
LARGEST_FILE = 64 * 1024 * 1024
"""The commands of the largest projects take a fifth of it."""


class TooLargeError(OSError):
    """A file that is larger than any of its kind."""


def read_bounded(file: Path, largest: int = LARGEST_FILE) -> str:
    """The text of a file.

    Raises:
        OSError: it cannot be read, is no regular file, or is larger than the bound.
    """
    if not file.is_file():
        raise OSError(0, "this is no file")
    with file.open("rb") as stream:
        content = stream.read(largest + 1)
    if len(content) > largest:
        raise TooLargeError(0, f"it is larger than {largest // 1024 // 1024} MiB")
    return content.decode(errors="replace")
