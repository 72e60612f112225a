"""What a line of a log is by its form, whatever it says: pip, ninja, make, CMake, nvcc, ptxas, linkers, Python."""

from __future__ import annotations

import re

ERROR, CONSEQUENCE, BENIGN, STATUS = "error", "consequence", "benign", "status"

ANCHORS = (
    b"rror:",
    b"rror('",
    b'rror("',
    b"ERROR:",
    b"nvcc error",
    b"fatal",
    b"Killed",
    b"undefined reference to",
    b"cannot find -l",
    b"Segmentation fault",
    b"FAILED:",
    b"build stopped",
    b"non-zero exit status",
    b"] Error ",
    b"has no attribute",
)
"""Every line that is an error or a consequence has one of these."""

_ERROR = re.compile(
    r"[Ee]rror:|\w(?:Error|Exception)\(['\"]|^\s*ERROR: |\bnvcc error\s*:|\bfatal\s*:|\bfatal error\b|\bKilled\b"
    r"|undefined reference to|cannot find -l|\bSegmentation fault"
)
# Each says that something failed which another line tells about.
_CONSEQUENCE = re.compile(
    r"ninja: build stopped|^\s*FAILED: |\] Error \d+|non-zero exit status|exited-with-error|metadata-generation-failed"
    r"|Failed (?:building|to build)|Could not build wheels|failed-wheel-build|did not run successfully|failed with exit"
    r"|Error compiling objects|Error building extension|errors occurred|ngine core initialization failed"
    r"|EngineCore failed to start|ChildFailedError|Process failed|'_OpNamespace' .* has no attribute"
    r"|No module named '[\w.]+\._\w*C'|legacy-install-failure|error originates from a subprocess"
)
# Source text that a traceback or a compiler repeats, and notices of pip that stop nothing.
_NO_ERROR = re.compile(
    r"^\s*(?:raise|except|assert|\d+ \|)\b|pip's dependency resolver does not|[Ww]arning:|^\s*(?:#|//)|\bno error:"
)


def kind_of(line: str) -> str:
    """`error`, `consequence`, or `status` for what is neither.

    Args:
        line: one line, without colours.
    """
    if _CONSEQUENCE.search(line):
        return CONSEQUENCE
    return ERROR if _ERROR.search(line) and not _NO_ERROR.search(line) else STATUS
