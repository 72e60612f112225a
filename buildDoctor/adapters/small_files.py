"""Small text files of a machine or an environment, read without ever waiting for one; and why one cannot be."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path


def read_small(path: Path, most: int) -> str | None:
    """The text of a regular file; none when it cannot be read. Opening a pipe would wait for its writer.

    Args:
        path: the file.
        most: bytes that are read of it; what comes after them is cut.
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, ValueError):
        return None
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            return None
        with os.fdopen(handle, "rb", closefd=False) as stream:
            return stream.read(most).decode("utf-8", errors="replace")
    except OSError:
        return None
    finally:
        os.close(handle)


def hidden(path: Path) -> str:
    """Why it cannot be told whether there is something at a path; empty when it can."""
    return _refusal(path.lstat)


def unlisted(folder: Path) -> str:
    """Why a folder that is there cannot be looked into; empty when it can, or is none."""
    return _refusal(lambda: os.scandir(folder).close())


def _refusal(look: Callable[[], object]) -> str:
    try:
        look()
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except OSError as error:
        return error.strerror or type(error).__name__
    return ""
