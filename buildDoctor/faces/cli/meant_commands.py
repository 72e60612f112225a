"""What a first word stands for that is neither a command nor a target."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from buildDoctor.core.errors import NoTargetError
from buildDoctor.faces.cli.arguments import COMMANDS

_DIAGNOSING = ("diagnose", "examine", "doctor", "scan")
"""Words by which people call what build-doctor does when it is told no command."""
_LIKENESS = 0.75


def with_command(error: NoTargetError, targets: Sequence[str]) -> NoTargetError:
    """The error with the command that its word was probably meant as; the same one where it was not.

    Args:
        error: what is wrong with a target.
        targets: all of them, as they were typed.
    """
    word, *others = targets or ("",)
    if word != error.given or "did you mean" in str(error):
        return error
    if word.lower() in _DIAGNOSING and others:
        return NoTargetError(word, f"; a diagnosis needs no command: {shlex.join(['build-doctor', *others])}")
    import difflib  # noqa: PLC0415  only a word that leads to nothing is compared with others

    close = difflib.get_close_matches(word.lower(), COMMANDS, n=1, cutoff=_LIKENESS)
    return NoTargetError(word, f"; did you mean the command {close[0]}?") if close else error
