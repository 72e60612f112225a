"""The only place that starts another program: bounded in time and output, without the user's environment."""

from __future__ import annotations

import contextlib
import math
import os
import resource
import select
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct

_OUTPUT_BYTES = 256 * 1024


class Completed(Struct, frozen=True, kw_only=True):
    """What a program said, and how it ended."""

    code: int
    """Its exit code; negative for the number of the signal that ended it."""
    output: str
    """Standard output, cut at 256 KiB unless another size is asked for."""
    errors: str
    """Standard error, cut at 256 KiB."""


class Failed(Struct, frozen=True, kw_only=True):
    """Why a program gave no answer."""

    reason: str
    output: str = ""
    """What it had said on standard output until it was stopped."""
    started: bool = False
    """Whether it was started at all."""


def find_program(name: str, path: str | None = None) -> str | None:
    """The first program of a name in the folders of PATH, passing over those that are relative.

    An empty or relative entry is the current folder, or below it: that may be the tree that is examined.

    Args:
        name: the program, without a folder.
        path: the folders to search; without it those of PATH.
    """
    listed = os.environ.get("PATH", os.defpath) if path is None else path
    absolute = [folder for folder in listed.split(os.pathsep) if folder.startswith("/")]
    return shutil.which(name, path=os.pathsep.join(absolute))


def run(  # noqa: PLR0913  each one bounds the program in another way
    arguments: Sequence[str],
    *,
    folder: Path,
    seconds: float,
    environment: Mapping[str, str] | None = None,
    file_bytes: int = 64 * 1024 * 1024,
    memory_bytes: int | None = None,
    given: bytes = b"",
    output_bytes: int = _OUTPUT_BYTES,
    encoding: str = "utf-8",
) -> Completed | Failed:
    """Run a program to its end, or stop it.

    Args:
        arguments: the program and its arguments; no shell reads them.
        folder: the working directory.
        seconds: how long it may take.
        environment: all the variables that it sees; none by default.
        file_bytes: the size that no file it writes may pass.
        memory_bytes: the memory that it may ask for; without it there is no bound.
        given: what it reads from its standard input.
        output_bytes: where its standard output is cut.
        encoding: how its standard output is read; with `latin-1` each character is one byte.
    """
    with tempfile.TemporaryFile() as text, tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        text.write(given)
        text.seek(0)
        try:
            process = subprocess.Popen(  # noqa: S603  the caller names the program; no text of the target is in it
                arguments,
                cwd=folder,
                env=dict(environment or {}),
                stdin=text,
                stdout=output,
                stderr=errors,
                start_new_session=True,
            )
        except OSError as error:
            return Failed(reason=f"{arguments[0]} cannot be started: {error.strerror}")
        try:
            _limit(process.pid, resource.RLIMIT_FSIZE, file_bytes)
            # Nobody stops it when build-doctor itself is killed; then the system does.
            _limit(process.pid, resource.RLIMIT_CPU, math.ceil(seconds) * (os.cpu_count() or 1) + 1)
            if memory_bytes is not None:
                _limit(process.pid, resource.RLIMIT_AS, memory_bytes)
            ended = _ends_within(process, seconds)
        finally:
            _stop(process)
        if not ended:
            said = _head(output, output_bytes, encoding)
            reason = f"{Path(arguments[0]).name} did not end within {seconds:g} s"
            return Failed(reason=reason, output=said, started=True)
        return Completed(code=process.returncode, output=_head(output, output_bytes, encoding), errors=_head(errors))


def run_in_terminal(arguments: Sequence[str]) -> str:
    """Run a program that the user works in until it ends; why it could not be started, or nothing.

    It gets the terminal and the user's environment, and takes as long as the user does.
    """
    try:
        subprocess.run(arguments, check=False)  # noqa: S603  the user names the program
    except OSError as error:
        return f"{arguments[0]} cannot be started: {error.strerror}"
    return ""


def _limit(pid: int, what: int, most: int) -> None:
    """Bound what a running program may take."""
    # It may have ended already.
    with contextlib.suppress(OSError):
        resource.prlimit(pid, what, (most, most))


def _ends_within(process: subprocess.Popen[bytes], seconds: float) -> bool:
    """Wait for the end of a program. `Popen.wait` with a time limit looks every 50 ms only."""
    try:
        handle = os.pidfd_open(process.pid)
    except OSError:
        return _ends_within_by_looking(process, seconds)
    try:
        poll = select.poll()
        poll.register(handle, select.POLLIN)
        return bool(poll.poll(seconds * 1000))
    finally:
        os.close(handle)


def _ends_within_by_looking(process: subprocess.Popen[bytes], seconds: float) -> bool:
    """As above, on a kernel without handles of processes."""
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    return True


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End a program, and everything that it started, as far as that still runs."""
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _head(stream: object, size: int = _OUTPUT_BYTES, encoding: str = "utf-8") -> str:
    stream.seek(0)  # type: ignore[attr-defined]  # a temporary file's own type is private
    return bytes(stream.read(size)).decode(encoding, errors="replace")  # type: ignore[attr-defined]  # as above
