"""Keeps the garbage collector away from what stays."""

from __future__ import annotations

import gc


def keep_for_good() -> None:
    """Let later collections pass over everything that is alive now.

    A full collection visits every object that there is. With the kernels of a large library in memory that takes 90 ms, and it
    falls between a key and its frame. The evidence stays until the app is left, so nothing is lost by never visiting it again;
    what is dropped earlier is freed by its count of references, as ever. Called from a thread, before it hands over what it
    has made.
    """
    # Garbage that is not swept out now would stay as well.
    gc.collect()
    gc.freeze()
