"""The words for what code is to a GPU."""

from __future__ import annotations

from buildDoctor.core.device.architectures import Verdict

SIGNS = {
    Verdict.NATIVE: "✓",
    Verdict.FAMILY: "✓",
    Verdict.JIT: "~",
    Verdict.NOT_PROMISED: "?",
    Verdict.NONE: "✗",
}
"""A sign for each verdict, so that colour is never the only one."""

_SHORT = {
    Verdict.NATIVE: "native",
    Verdict.FAMILY: "family",
    Verdict.JIT: "jit",
    Verdict.NOT_PROMISED: "maybe",
    Verdict.NONE: "none",
}
_MEANING = {
    Verdict.NATIVE: "machine code that runs as it is",
    Verdict.FAMILY: "machine code for its family, which runs as it is",
    Verdict.JIT: "PTX that the driver compiles when it is loaded",
    Verdict.NOT_PROMISED: "machine code that may run; NVIDIA does not promise it",
    Verdict.NONE: "nothing that runs",
}


def verdict_words(verdict: Verdict) -> str:
    """A verdict with its sign: `✓ native`."""
    return f"{SIGNS[verdict]} {_SHORT[verdict]}"


def verdict_meaning(verdict: Verdict) -> str:
    """What a verdict means for someone who has such a GPU."""
    return _MEANING[verdict]
