"""Questions on a terminal: on standard error, because standard output is data."""

from __future__ import annotations

import sys
from collections.abc import Callable

from buildDoctor.core.errors import RequestError
from buildDoctor.faces.cli.output import tell

Complaint = Callable[[str], str | None]
"""Says what is wrong with an answer; `None` when nothing is."""


def can_ask() -> bool:
    """Whether someone sits at a terminal."""
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stderr))


def ask(question: str, default: str = "", complaint: Complaint = lambda _: None) -> str:
    """An answer that is as it should be; the question is asked until it is.

    Args:
        question: What is asked.
        default: The answer of an empty line.
        complaint: Says what is wrong with an answer.

    Raises:
        RequestError: no answer will come.
    """
    while True:
        sys.stderr.write(f"{question}{f' [{default}]' if default else ''}: ")
        sys.stderr.flush()
        line = sys.stdin.readline()
        if not line:
            raise RequestError("the questions were not answered; nothing was written")
        answer = line.strip() or default
        wrong = complaint(answer)
        if wrong is None:
            return answer
        tell(f"  {wrong}")
