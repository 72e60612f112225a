"""Standard output is data, standard error is talk: how each is written, and what is said when that fails."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable

from buildDoctor.core.errors import RequestError

_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]+")


def guarded(command: Callable[[], int]) -> int:
    """Run a command and give its exit code. The one place where an error of the user becomes words."""
    try:
        return command()
    except RequestError as error:
        from buildDoctor.faces.cli.exit_codes import ExitCode  # noqa: PLC0415  only here it is needed early

        tell(f"build-doctor: {error}")
        return ExitCode.REQUEST
    except BrokenPipeError:
        return 128 + 13
    except KeyboardInterrupt:
        return 128 + 2


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
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return _BEYOND_ASCII.sub(_escaped, text) if json else text.encode(encoding, "replace").decode(encoding)
    return text


def _escaped(found: re.Match[str]) -> str:
    r"""Characters as JSON writes them in ASCII: `\u00e9`, and a pair of these beyond the first 65,536."""
    units = found[0].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))
