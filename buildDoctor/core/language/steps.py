"""The budget of an evaluation: no rule may keep the doctor busy for long."""

from __future__ import annotations

from buildDoctor.core.language.errors import BudgetError
from buildDoctor.core.language.tree import Frame

CHARACTERS_PER_STEP = 64
"""Of a text, so many characters count as one step."""


def spend(frame: Frame, steps: int) -> None:
    """Count steps.

    Raises:
        BudgetError: there are none left.
    """
    frame.steps -= steps
    if frame.steps < 0:
        raise BudgetError("the expression looks at too many elements; narrow its loops")


def cost_of(value: object) -> int:
    """The steps that a new value costs."""
    if isinstance(value, tuple):
        return len(value)
    return len(value) // CHARACTERS_PER_STEP if isinstance(value, str) else 0
