"""The rows of the rules screen."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from buildDoctor.core.findings import Severity
from buildDoctor.faces import wording
from buildDoctor.faces.tui.widgets.line_table import Cell, Column, Tone
from buildDoctor.faces.wording.rule_words import RuleAnswer, RuleState, answer_words

_GAP = 1
_HOLDS = {Severity.ERROR: Tone.BAD, Severity.WARNING: Tone.WARN, Severity.NOTE: Tone.STRONG}
_OTHERS = {
    RuleAnswer.CANNOT_TELL: Tone.WARN,
    RuleAnswer.DOES_NOT_HOLD: Tone.GOOD,
    RuleAnswer.NOT_ASKED: Tone.QUIET,
    RuleAnswer.NOT_RUN: Tone.QUIET,
}


def columns(states: tuple[RuleState, ...], width: int) -> tuple[Column, ...]:
    """The columns that fit: the family, which the page says too, gives way to the rule's name."""
    answer = max((len(answer_words(state)) for state in states), default=6)
    name = max((len(state.id) for state in states), default=4)
    family = max((len(state.family) for state in states), default=0)
    first = (Column("answer", max(answer, len("answer"))), Column("rule"))
    fits = answer + name + family + 2 * _GAP <= width
    return (*first, Column("family", max(family, len("family")))) if fits else first


class RuleRows(Struct, frozen=True):
    """A row for each rule."""

    states: tuple[RuleState, ...]

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self.states)

    def __getitem__(self, number: int, /) -> Sequence[Cell]:
        """What it says, what it is called, and its family."""
        state = self.states[number]
        tone = _HOLDS[state.severity] if state.answer is RuleAnswer.HOLDS else _OTHERS[state.answer]
        return (
            Cell(answer_words(state), tone),
            Cell(wording.visible(state.id)),
            Cell(wording.visible(state.family), Tone.QUIET),
        )
