"""The rows of the plan: its features, before and after a change."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from buildDoctor.core.evidence import Feature, Plan
from buildDoctor.core.fixes.trials import shown
from buildDoctor.faces import wording
from buildDoctor.faces.tui.widgets.line_table import Cell, Column, Tone
from buildDoctor.faces.wording.plan_words import BUILT, after, gets_words

_TONES = {True: Tone.GOOD, False: Tone.QUIET, None: Tone.WARN}
_STATE = 11
_SHORTEST = 12


def columns(width: int, features: tuple[Feature, ...] = ()) -> tuple[Column, ...]:
    """The columns that fit: names come first, what is wanted only where there is room for it beside them."""
    name = min(max([len(feature.name or "") for feature in features] + [len("feature")]), max(width // 2, _SHORTEST))
    left = width - name - _STATE - 2
    wants = min(max(left // 2, 0), max([len(shown(feature.wants)) for feature in features] + [len("wants")]))
    shows = left - wants - 1 >= _SHORTEST and wants >= _SHORTEST // 2
    return (
        Column("feature", name),
        Column("state", _STATE),
        *((Column("wants", wants),) if shows else ()),
        Column("gets"),
    )


class PlanRows(Struct, frozen=True):
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
