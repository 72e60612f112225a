"""A program in a terminal of its own, and how long it takes to draw."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time
from pathlib import Path
from typing import Self

_PATIENCE = 20.0
_SEQUENCES = {
    "up": "\x1b[A", "down": "\x1b[B", "end": "\x1b[F", "home": "\x1b[H", "pageup": "\x1b[5~", "pagedown": "\x1b[6~", "enter": "\r"
}  # fmt: skip


class Terminal:
    """A pseudo terminal with a program in it. Leaving it ends the program.

    Args:
        command: the program and what it is given.
        columns: how wide the terminal is.
        lines: how high it is.
    """

    def __init__(self, command: list[str], columns: int, lines: int) -> None:
        self._begun = time.perf_counter()
        self._child, self._end = pty.fork()
        if self._child == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
            os.execve(command[0], command, {**os.environ, "TERM": "xterm-256color"})  # noqa: S606 - the benchmark names it

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._child, signal.SIGKILL)
        os.waitpid(self._child, 0)
        os.close(self._end)

    @property
    def age(self) -> float:
        """Milliseconds since the program was started."""
        return (time.perf_counter() - self._begun) * 1000

    def work(self) -> float:
        """Milliseconds that processors have worked for the program, all its threads together. Linux tells."""
        tasks = Path(f"/proc/{self._child}/task").iterdir()
        return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e6

    def megabytes(self) -> float:
        """The most memory that the program has held."""
        status = Path(f"/proc/{self._child}/status").read_text("utf-8").splitlines()
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM"))

    def wait_for(self, mark: str) -> None:
        """Wait until the program has written a text; that text has to be drawn in one go.

        Raises:
            TimeoutError: it did not come.
        """
        seen = b""
        while mark.encode() not in seen:
            if not self._is_readable(_PATIENCE):
                raise TimeoutError(mark)
            seen += os.read(self._end, 1 << 16)

    def press(self, key: str) -> float:
        """Milliseconds from a key to the beginning of the first frame that is drawn after it."""
        while self._is_readable(0):
            os.read(self._end, 1 << 16)
        begun = time.perf_counter()
        os.write(self._end, _SEQUENCES.get(key, key).encode())
        self._is_readable(1)
        return (time.perf_counter() - begun) * 1000

    def rest(self, seconds: float) -> None:
        """Read what the program draws, for some time."""
        until = time.perf_counter() + seconds
        while (left := until - time.perf_counter()) > 0:
            if self._is_readable(left):
                os.read(self._end, 1 << 16)

    def _is_readable(self, seconds: float) -> bool:
        return bool(select.select([self._end], [], [], seconds)[0])
