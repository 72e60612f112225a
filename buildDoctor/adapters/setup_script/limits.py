"""How far a script is followed: every loop, list, text and second is counted."""

from __future__ import annotations

import time

LARGEST_FILE = 1 << 20
MOST_MODULES = 20
MOST_STEPS = 1_500_000
MOST_SECONDS = 6.0
DEEPEST_CALL = 20
DEEPEST_EXPRESSION = 90
MOST_ELEMENTS = 50_000
LONGEST_TEXT = 1 << 20
LARGEST_NUMBER = 1 << 256
MOST_FILES = 50_000
MOST_FORKS = 6
"""Unknown conditions that are followed both ways, one after the other; those after them are followed at once."""
_LOOK_AT_CLOCK = 8192


class TooMuch(Exception):  # noqa: N818  it is a bound, not a mistake
    """The script asks for more than it is given."""


class Budget:
    """What is left for following one script."""

    def __init__(self, steps: int = MOST_STEPS, seconds: float = MOST_SECONDS) -> None:
        self._left = steps
        self._seconds = seconds
        # Other work on the machine takes nothing away.
        self._until = time.thread_time() + seconds
        self._since_look = 0

    def spend(self, steps: int = 1) -> None:
        """Take steps away.

        Raises:
            TooMuch: there are none left, or the time is over.
        """
        self._left -= steps
        self._since_look += steps
        if self._left < 0:
            raise TooMuch(f"it takes more than {MOST_STEPS:,} steps to follow")
        if self._since_look >= _LOOK_AT_CLOCK:
            self._since_look = 0
            if time.thread_time() > self._until:
                raise TooMuch(f"it takes more than {self._seconds:g} s to follow")

    def elements(self, count: int) -> None:
        """Note that a list of a length is made."""
        if count > MOST_ELEMENTS:
            raise TooMuch(f"it makes a list of more than {MOST_ELEMENTS:,} elements")
        self.spend(1 + count // 16)

    def text(self, length: int) -> None:
        """Note that a text of a length is made."""
        if length > LONGEST_TEXT:
            raise TooMuch(f"it makes a text of more than {LONGEST_TEXT:,} characters")
        self.spend(1 + length // 256)
