"""Unknown conditions: each is followed one way and, in another run of the same script, the other way."""

from __future__ import annotations

from collections.abc import Hashable

from msgspec import Struct, field

from buildDoctor.adapters.setup_script.limits import MOST_FORKS


class Decision(Struct, frozen=True):
    """One unknown condition and the way that was taken."""

    condition: str
    """In words, with its place: `torch.cuda.is_available() (setup.py:12)`."""
    answer: bool


class Decisions(Struct):
    """The ways that one run takes."""

    given: tuple[bool, ...] = ()
    """The answers for the first conditions; those after them are answered with yes."""
    most: int = MOST_FORKS
    taken: list[Decision] = field(default_factory=list)
    _known: dict[Hashable, bool] = field(default_factory=dict)

    def decide(self, key: Hashable, condition: str) -> bool | None:
        """The way to take, or nothing when too many conditions were unknown before.

        Args:
            key: what makes two conditions the same.
            condition: what it is, in words.
        """
        if key in self._known:
            return self._known[key]
        place = len(self.taken)
        if place >= self.most:
            return None
        answer = self.given[place] if place < len(self.given) else True
        self.taken.append(Decision(condition, answer))
        self._known[key] = answer
        return answer

    def others(self) -> list[tuple[bool, ...]]:
        """The ways that branch off from this one and that nobody was told to take yet."""
        answers = tuple(decision.answer for decision in self.taken)
        return [(*answers[:place], False) for place in range(len(self.given), len(answers))]
