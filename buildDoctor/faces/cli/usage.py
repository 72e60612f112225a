"""A command line that cannot be understood."""

from __future__ import annotations

from buildDoctor.core.errors import RequestError


class UsageError(RequestError):
    """A word of the command line is wrong.

    Args:
        program: the command, such as `build-doctor inspect`.
        message: what is wrong.
    """

    def __init__(self, program: str, message: str) -> None:
        super().__init__(message)
        self.program = program

    @property
    def talk(self) -> str:
        """What is told on standard error."""
        return f"{self.program}: {self}\nTry {self.program} --help."
