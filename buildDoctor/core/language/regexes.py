"""Regular expressions that take time in proportion to the text, whatever the pattern.

Python's `re` tries one way after the other and can take hours over a short pattern, so a rule of a stranger could stop
the doctor. Here all ways are followed at once, in the manner of Thompson; the sets of states that were met are kept,
so that a character of the text usually costs one look-up. The syntax is the part of Python's that needs no memory of
what was matched: no back references, no look-around, no word boundaries.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from buildDoctor.core.language.regex_syntax import read_regex

MAX_PATTERN = 200
MAX_SUBJECT = 2_000
_KEPT_MOVES = 20_000
_FEW = 12
_START, _END = "^", "$"


class _Met:
    """A set of states that was met, and where each character leads from it."""

    __slots__ = ("done", "done_at_end", "moves", "waiting")

    def __init__(self, waiting: frozenset[int], *, done: bool, done_at_end: bool) -> None:
        self.waiting = waiting
        self.done = done
        self.done_at_end = done_at_end
        self.moves: dict[str, _Met] = {}


class Regex:
    """A regular expression.

    Args:
        pattern: In the part of Python's syntax that this module knows.

    Raises:
        ValueError: the pattern is too long or not part of that syntax.
    """

    def __init__(self, pattern: str) -> None:
        if len(pattern) > MAX_PATTERN:
            raise ValueError(f"the regular expression has {len(pattern)} characters; {MAX_PATTERN} are allowed")
        read = read_regex(pattern)
        self._states, self._entry, self._required = read.states, read.entry, read.required
        # A few single characters one after the other: nothing to go back to, so Python's own is safe, and quicker.
        few = read.singles is not None and read.singles <= _FEW
        self._search = re.compile(pattern).search if few else None
        self._forget()

    def finder(self) -> Callable[[str], bool]:
        """The function that says whether the expression is found, as quick as the pattern allows."""
        search, required = self._search, self._required
        if search is None:
            return self.found_in
        return lambda text: required in text and search(text, 0, MAX_SUBJECT) is not None

    def found_in(self, text: str) -> bool:
        """Whether the expression is found anywhere in the first characters of the text."""
        # Most texts fail this, and it is far quicker.
        text = text[:MAX_SUBJECT]
        if self._required not in text:
            return False
        if self._kept > _KEPT_MOVES:
            self._forget()
        met = self._start
        if met.done:
            return True
        for character in text:
            following = met.moves.get(character)
            met = self._move(met, character) if following is None else following
            if met.done:
                return True
        return met.done_at_end

    def _forget(self) -> None:
        self._met: dict[frozenset[int], _Met] = {}
        self._kept = 0
        self._start = self._meet([self._entry], {_START})

    def _move(self, met: _Met, character: str) -> _Met:
        reached = [self._entry]
        for state in met.waiting:
            _, accepts, following = self._states[state]
            if accepts is not None and accepts(character):
                reached += following
        met.moves[character] = self._meet(reached, frozenset())
        self._kept += 1
        return met.moves[character]

    def _meet(self, states: Iterable[int], passing: Iterable[str]) -> _Met:
        reached = self._reach(states, frozenset(passing))
        met = self._met.get(reached)
        if met is None or passing:
            at_end = self._reach(states, frozenset({*passing, _END}))
            waiting = frozenset(state for state in reached if self._states[state][0] == "char")
            met = _Met(waiting, done=0 in reached, done_at_end=0 in at_end)
            if not passing:
                self._met[reached] = met
        return met

    def _reach(self, states: Iterable[int], passing: frozenset[str]) -> frozenset[int]:
        """Every state that is reached without a further character."""
        reached: set[int] = set()
        waiting = list(states)
        while waiting:
            state = waiting.pop()
            if state in reached:
                continue
            reached.add(state)
            kind, _, following = self._states[state]
            if kind == "free" or kind in passing:
                waiting += following
        return frozenset(reached)
