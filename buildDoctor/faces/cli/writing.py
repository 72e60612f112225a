"""Reports written to every place that was asked for; what cannot be written is found before anything is examined."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from buildDoctor.core.errors import RequestError
from buildDoctor.faces.cli.destinations import Destination, identity
from buildDoctor.faces.cli.output import put

JSON_FORMS = {"json", "sarif"}


class UnwrittenError(RequestError):
    """A report is there, and one place does not take it. What the others took stays."""


def check(places: Iterable[Destination], reads: Iterable[str]) -> None:
    """Refuse places that cannot be written, or must not be.

    Args:
        places: where the report is to go.
        reads: the files that this run reads.

    Raises:
        RequestError: one cannot be written, is named twice, or is read as well.
    """
    wanted = list(places)
    if sum(one.file is None for one in wanted) > 1:
        raise RequestError("--output -: standard output is named twice")
    read = {identity(name) for name in reads}
    taken: dict[object, str] = {}
    for file in (one.file for one in wanted if one.file is not None):
        who = identity(file)
        if who in taken and not _is_special(file):
            raise RequestError(f"--output {file}: this is the same file as --output {taken[who]}")
        if who in read and not _is_special(file):
            raise RequestError(f"--output {file}: this run reads that file; name another one")
        taken[who] = file
        _try(file)


def _is_special(file: str) -> bool:
    """Whether it is there and no regular file: a device or a pipe may be named more than once."""
    with suppress(OSError, ValueError):
        return not stat.S_ISREG(Path(file).stat().st_mode)
    return False


def _try(file: str) -> None:
    """Open a file as it will be opened, and leave it as it was.

    Raises:
        RequestError: the system refuses.
    """
    try:
        if Path(file).is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if not Path(file).exists():
            # A link may lead to a file that is still to be made.
            _try_new(Path(file).resolve())
        elif not _is_special(file):
            os.close(os.open(file, os.O_WRONLY))
    except (OSError, ValueError) as error:
        raise RequestError(_refused(file, error)) from error


def _try_new(file: Path) -> None:
    """Make a file with one byte, which a full disk has no room for, and take it away again."""
    at = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(at, b"\n")
    finally:
        os.close(at)
        file.unlink()


def _refused(file: str, error: OSError | ValueError) -> str:
    why = error.strerror if isinstance(error, OSError) else str(error)
    return f"--output {file}: the report cannot be written: {why}"


def hand_out(places: Iterable[Destination], render: Callable[[Destination], str]) -> None:
    """Write a report to each place, files first: one that fails takes nothing from the others.

    Args:
        places: where it goes.
        render: gives the text for a place.

    Raises:
        UnwrittenError: a place does not take it.
        BrokenPipeError: the reader of standard output has left.
    """
    ordered = sorted(places, key=lambda one: one.file is None)
    problems = [problem for one in ordered for problem in _written(one, render(one))]
    if problems:
        raise UnwrittenError("\n".join(problems))


def _written(place: Destination, text: str) -> Iterator[str]:
    """Write to one place, and say why not where that fails."""
    if place.file is None:
        try:
            put(text, json=place.form in JSON_FORMS)
        except RequestError as error:
            yield str(error)
        return
    try:
        write_file(place.file, text)
    except (OSError, ValueError) as error:
        yield _refused(place.file, error)


def write_file(file: str, text: str) -> None:
    """Write a file; half a document is taken away again.

    Raises:
        OSError: the system refuses.
        ValueError: it is no name of a file.
    """
    with Path(file).open("w", encoding="utf-8", errors="replace") as stream:
        try:
            stream.write(text)
            stream.flush()
        except OSError:
            if not _is_special(file):
                Path(file).unlink(missing_ok=True)
            raise
