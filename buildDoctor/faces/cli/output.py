"""Standard output is data, standard error is talk: how each is written, and what is said when that fails."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress

from buildDoctor import __version__
from buildDoctor.core.errors import RequestError

_BEYOND_ASCII = r"[^\x00-\x7f]+"


def guarded(command: Callable[[], int], words: Sequence[str] = ()) -> int:
    """Run a command and give its exit code. The one place where an error becomes words.

    Args:
        command: what is run.
        words: what was typed; where a form for programs is asked for, an error of the user is answered in it.
    """
    from buildDoctor.faces.cli.exit_codes import ExitCode  # noqa: PLC0415  the version needs no codes

    _end_on_termination()
    _end_at_once()
    try:
        return _reaching_files(command)
    except RequestError as error:
        tell(getattr(error, "talk", f"build-doctor: {error}"))
        return _refused(error, words)
    except BrokenPipeError:
        return ExitCode.NO_READER
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except Exception:  # noqa: BLE001  Python would end with 1, which says that something was found
        import traceback  # noqa: PLC0415  only a fault of our own needs it

        tell(traceback.format_exc())
        tell(
            f"build-doctor: this is a fault of build-doctor {__version__} itself. Please report it with the lines above."
        )
        return ExitCode.FAULT


def _reaching_files(command: Callable[[], int]) -> int:
    """Run a command; a name that leads to nothing readable is a wrong request wherever it is come across.

    Raises:
        RequestError: a name is too long for the system, may not be read, or the current folder is gone.
    """
    import errno  # noqa: PLC0415  it is part of the interpreter

    try:
        return command()
    except OSError as error:
        name = os.fsdecode(error.filename) if isinstance(error.filename, str | bytes | os.PathLike) else ""
        if error.errno == errno.ENAMETOOLONG and name:
            raise RequestError(f"{name[:100]}…: the name is too long for a file") from error
        if error.errno == errno.EACCES and name:
            raise RequestError(f"{name}: it cannot be read: {error.strerror}") from error
        if error.errno == errno.ENOENT and not name:
            raise RequestError("the current folder is not there any more") from error
        raise


def _end_on_termination() -> None:
    """Let SIGTERM end the process as Ctrl-C does: with the folders taken away that it made."""
    import signal  # noqa: PLC0415  the version ends by itself

    with suppress(ValueError):  # not in the main thread, where nothing is to be done
        signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))


def _end_at_once() -> None:
    """Let Python end without searching what is left for cycles: that takes 7 % of a short run, and all of it goes anyway."""
    import atexit  # noqa: PLC0415  the version leaves next to nothing
    import gc  # noqa: PLC0415  as above

    atexit.register(gc.freeze)


def _refused(error: RequestError, words: Sequence[str]) -> int:
    """Answer in the form for programs that was asked for, and give the code of a wrong request."""
    from buildDoctor.faces.cli.destinations import typed  # noqa: PLC0415  as above
    from buildDoctor.faces.cli.exit_codes import ExitCode  # noqa: PLC0415  as above
    from buildDoctor.faces.cli.forms import refusal  # noqa: PLC0415  as above
    from buildDoctor.faces.cli.writing import UnwrittenError, hand_out  # noqa: PLC0415  as above

    if isinstance(error, UnwrittenError):
        # The report is where it could be written, and an answer would take its place.
        return ExitCode.REQUEST
    try:
        # Where nothing can be written, that is what was told.
        with suppress(UnwrittenError):
            hand_out(typed(words), lambda place: refusal(str(error), place.form))
    except BrokenPipeError:
        return ExitCode.NO_READER
    return ExitCode.REQUEST


def put(text: str, *, json: bool = False) -> None:
    """Write data to standard output.

    Args:
        text: what is written.
        json: whether it is a JSON document, which stays one whatever the encoding of standard output.

    Raises:
        RequestError: standard output is closed, or takes no more.
        BrokenPipeError: the reader has left.
    """
    if sys.stdout is None:
        raise RequestError("standard output is closed; open it, or name a file with --output")
    try:
        sys.stdout.write(_encodable(text, sys.stdout.encoding or "ascii", json=json))
        sys.stdout.flush()
    except BrokenPipeError:
        discard_output()
        raise
    except OSError as error:
        discard_output()
        raise RequestError(f"standard output cannot be written: {error.strerror}") from error


def discard_output() -> None:
    """Let what is still buffered go nowhere; Python would complain again when it closes standard output."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def tell(text: str) -> None:
    """Write talk to standard error. Names in it may come from files and are made safe to show."""
    from buildDoctor.faces.wording import visible  # noqa: PLC0415  a run that goes well says nothing

    if sys.stderr is not None:
        sys.stderr.write(f"{visible(text.rstrip(), lines=True)}\n")


def _encodable(text: str, encoding: str, *, json: bool) -> str:
    """The text with what an encoding lacks written in another way."""
    if text.isascii():
        return text
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return re.sub(_BEYOND_ASCII, _escaped, text) if json else text.encode(encoding, "replace").decode(encoding)
    return text


def _escaped(found: re.Match[str]) -> str:
    r"""Characters as JSON writes them in ASCII: `\u00e9`, and a pair of these beyond the first 65,536."""
    units = found[0].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))
