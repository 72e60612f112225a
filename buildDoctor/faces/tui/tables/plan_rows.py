"""The rows of the plan: its features, before and after a change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from buildDoctor.core.evidence import Feature, Plan
from buildDoctor.core.trials import shown
from buildDoctor.faces import wording
from buildDoctor.faces.tui.widgets.line_table import Cell, Column, Tone
from buildDoctor.faces.wording.plan_words import BUILT, after, gets_words

_TONES = {True: Tone.GOOD, False: Tone.QUIET, None: Tone.WARN}
_ROOM_FOR_WANTS = 70


def columns(width: int) -> tuple[Column, ...]:
    """The columns that fit."""
    wants = (Column("wants", min(max(width // 5, 12), 28)),) if width >= _ROOM_FOR_WANTS else ()
    return (Column("feature"), Column("state", 11), *wants, Column("gets", min(max(width // 3, 20), 44)))


@dataclass(frozen=True, slots=True)
class PlanRows:
    """A row for each feature."""

    features: tuple[Feature, ...]
    changed: Plan | None
    """The plan after a change."""
    with_wants: bool

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self.features)

    def __getitem__(self, number: int, /) -> Sequence[Cell]:
        """Its name, whether it is built, and its lists."""
        feature = self.features[number]
        then = after(feature, self.changed)
        name, state = Cell(wording.visible(feature.name or ""), Tone.STRONG), self._state(feature, then)
        gets = Cell(gets_words(feature, then), state.tone if then and then.gets != feature.gets else Tone.PLAIN)
        wants = (Cell(wording.visible(shown(feature.wants)), Tone.QUIET),) if self.with_wants else ()
        return (name, state, *wants, gets)

    def _state(self, feature: Feature, then: Feature | None) -> Cell:
        """Whether it is built; what a change gains or loses comes first."""
        if then is None or then.built == feature.built:
            return Cell(BUILT[feature.built], _TONES[feature.built])
        return Cell("+ gained", Tone.GOOD) if then.built else Cell("- lost", Tone.LOSS)
