"""The only place that starts another program: bounded in time and output, without the user's environment."""

from __future__ import annotations

import resource
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_OUTPUT_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Completed:
    """What a program said, and how it ended."""

    code: int
    """Its exit code; negative for the number of the signal that ended it."""
    output: str
    """Standard output, cut at 256 KiB."""
    errors: str
    """Standard error, cut at 256 KiB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """Why a program gave no answer."""

    reason: str


def run(
    arguments: Sequence[str],
    *,
    folder: Path,
    seconds: float,
    environment: Mapping[str, str] | None = None,
    file_bytes: int = 64 * 1024 * 1024,
) -> Completed | Failed:
    """Run a program to its end, or stop it.

    Args:
        arguments: the program and its arguments; no shell reads them.
        folder: the working directory.
        seconds: how long it may take.
        environment: all the variables that it sees; none by default.
        file_bytes: the size that no file it writes may pass.
    """
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        try:
            process = subprocess.Popen(  # noqa: S603  the caller names the program; no text of the target is in it
                arguments,
                cwd=folder,
                env=dict(environment or {}),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=errors,
                start_new_session=True,
            )
        except OSError as error:
            return Failed(reason=f"{arguments[0]} cannot be started: {error.strerror}")
        _limit(process.pid, file_bytes)
        try:
            code = process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            return Failed(reason=f"{Path(arguments[0]).name} did not end within {seconds:g} s and was stopped")
        except BaseException:
            process.kill()
            process.wait()
            raise
        return Completed(code=code, output=_head(output), errors=_head(errors))


def _limit(pid: int, file_bytes: int) -> None:
    """Bound what a running program may write."""
    try:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (file_bytes, file_bytes))
    except OSError:
        # It has ended already.
        return


def _head(stream: object) -> str:
    stream.seek(0)  # type: ignore[attr-defined]  # a temporary file's own type is private
    return bytes(stream.read(_OUTPUT_BYTES)).decode(errors="replace")  # type: ignore[attr-defined]  # as above
