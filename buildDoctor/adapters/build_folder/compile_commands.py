"""The compile_commands.json of a build folder.

The form is that of the JSON compilation database: an array of objects with `directory`, `file`, and `command` (one
text, read as a shell would) or `arguments` (a list); CMake adds `output`.
"""

from __future__ import annotations

import shlex
from itertools import pairwise
from pathlib import Path

from buildDoctor.adapters.build_folder.files import read_bounded
from buildDoctor.core.plan.commands import Command

MOST_COMMANDS = 50_000
"""Of one folder; what comes after them is not read."""


class ShapeError(ValueError):
    """A file that is not what its name says."""


def read_compile_commands(file: Path) -> tuple[Command, ...]:
    """The commands of a compilation database; entries of another shape are passed over.

    Raises:
        OSError: the file cannot be read.
        ShapeError: it is no list of commands.
    """
    import msgspec  # noqa: PLC0415  a run that finds no build folder need not pay for it

    try:
        entries = msgspec.json.decode(read_bounded(file), type=list[dict[str, object]])
    except (msgspec.DecodeError, RecursionError) as error:
        raise ShapeError(f"it is no list of commands: {error}") from error
    commands = (_command(entry) for entry in entries[:MOST_COMMANDS])
    return tuple(command for command in commands if command is not None)


def _command(entry: dict[str, object]) -> Command | None:
    file, text, arguments = entry.get("file"), entry.get("command"), entry.get("arguments")
    if isinstance(arguments, list):
        words = [word for word in arguments if isinstance(word, str)]
        text = " ".join(map(shlex.quote, words))
    if not isinstance(file, str) or not isinstance(text, str):
        return None
    folder, output = entry.get("directory"), entry.get("output")
    base = folder if isinstance(folder, str) else ""
    return Command(source=_joined(base, file), text=text, output=output if isinstance(output, str) else _after_o(text))


def _joined(folder: str, file: str) -> str:
    """The path of a file that may be named relative to a folder."""
    return file if file.startswith("/") or not folder else f"{folder}/{file}"


def _after_o(text: str) -> str:
    """The object file of a command, for a database that does not name it."""
    words = text.split()
    return next((after for word, after in pairwise(words) if word == "-o"), "")
