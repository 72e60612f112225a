"""Reads a regular expression into states that lead to one another."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable

from msgspec import Struct

MAX_STATES = 2_000
_MAX_REPEAT = 100

Accepts = Callable[[str], bool]
State = tuple[str, Accepts | None, tuple[int, ...]]
"""What a state waits for (`char`, `free`, `^`, `$`, `done`), which characters it takes, and the states that follow."""

_REPEAT = re.compile(r"\{(\d{1,3})(,)?(\d{1,3})?\}", re.ASCII)
_SET = re.compile(r"\[\^?\]?(?:[^\]\\]|\\.)*\]", re.DOTALL)
_ESCAPES = frozenset("dDwWsSnrtfv0") | frozenset("\\.^$*+?{}[]()|-/:;,<>=!#%&~@'\"_ ")
_SPECIAL = frozenset("\\.^$*+?{}[]()|")


class ReadRegex(Struct, frozen=True):
    """A pattern that was read."""

    states: list[State]
    """Its states, of which number 0 is the end."""
    entry: int
    """The state to start from."""
    required: str
    """A text that every match has."""
    singles: int | None
    """How many characters it looks at from each place, when it has nothing but these; else `None`."""


def read_regex(pattern: str) -> ReadRegex:
    """What a pattern says.

    Raises:
        ValueError: it is not a regular expression of the known kind.
    """
    states: list[State] = [("done", None, ())]
    tree = _Reader(pattern).read()
    entry = tree.build(states, 0)
    return ReadRegex(states, entry, max(tree.literals(), key=len, default=""), tree.singles())


class _Tree:
    """Base of the parts of a pattern: each knows how to become states that lead to a following state."""

    def build(self, states: list[State], follow: int) -> int:
        raise NotImplementedError

    def singles(self) -> int | None:
        """How many single characters the part is made of; `None` when it can be met in more than one way."""
        return None

    def literals(self) -> list[str]:
        """Texts that every match has, as far as this is easy to see."""
        return []


class _Single(_Tree):
    """One state of its own: a character, `^` or `$`."""

    def __init__(self, kind: str, accepts: Accepts | None = None, text: str = "") -> None:
        self.kind = kind
        self.accepts = accepts
        self.text = text

    def build(self, states: list[State], follow: int) -> int:
        return _add(states, (self.kind, self.accepts, (follow,)))

    def singles(self) -> int | None:
        # Python's `$` is also met before a last line end.
        return None if self.kind == "$" else 1


class _Sequence(_Tree):
    """Parts one after the other."""

    def __init__(self, parts: list[_Tree]) -> None:
        self.parts = parts

    def build(self, states: list[State], follow: int) -> int:
        for part in reversed(self.parts):
            follow = part.build(states, follow)
        return follow

    def singles(self) -> int | None:
        counts = [part.singles() for part in self.parts]
        return None if None in counts else sum(filter(None, counts))

    def literals(self) -> list[str]:
        found = [""]
        for part in self.parts:
            if isinstance(part, _Single) and part.text:
                found[-1] += part.text
            else:
                found += [*part.literals(), ""]
        return found


class _Choice(_Tree):
    """One of several parts."""

    def __init__(self, branches: list[_Tree]) -> None:
        self.branches = branches

    def build(self, states: list[State], follow: int) -> int:
        return _add(states, ("free", None, tuple(branch.build(states, follow) for branch in self.branches)))


class _Repeat(_Tree):
    """A part at least and at most so often; `most` is None for any number."""

    def __init__(self, part: _Tree, least: int, most: int | None) -> None:
        self.part = part
        self.least = least
        self.most = most

    def build(self, states: list[State], follow: int) -> int:
        if self.most is None:
            loop = _add(states, ("free", None, ()))
            states[loop] = ("free", None, (self.part.build(states, loop), follow))
            start = loop
        else:
            start = follow
            for _ in range(self.most - self.least):
                start = _add(states, ("free", None, (self.part.build(states, start), follow)))
        for _ in range(self.least):
            start = self.part.build(states, start)
        return start


def _add(states: list[State], part: State) -> int:
    if len(states) >= MAX_STATES:
        raise ValueError("the regular expression is too large")
    states.append(part)
    return len(states) - 1


class _Reader:
    """Reads a pattern from left to right."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.at = 0

    def read(self) -> _Tree:
        tree = self._choice()
        if self.at < len(self.pattern):
            raise ValueError("the regular expression has a ')' too many")
        return tree

    def _peek(self) -> str:
        return self.pattern[self.at : self.at + 1]

    def _choice(self) -> _Tree:
        branches = [self._sequence()]
        while self._peek() == "|":
            self.at += 1
            branches.append(self._sequence())
        return branches[0] if len(branches) == 1 else _Choice(branches)

    def _sequence(self) -> _Tree:
        parts: list[_Tree] = []
        while self._peek() not in {"", "|", ")"}:
            parts.append(self._repeated(self._atom()))
        return _Sequence(parts)

    def _repeated(self, part: _Tree) -> _Tree:
        sign = self._peek()
        if sign not in {"*", "+", "?", "{"}:
            return part
        least, most = self._bounds(sign)
        if self._peek() in {"*", "+", "?", "{"}:
            raise ValueError(f"the regular expression has {self._peek()!r} after {sign!r}; use a group")
        return _Repeat(part, least, most)

    def _bounds(self, sign: str) -> tuple[int, int | None]:
        if sign != "{":
            self.at += 1
            return {"*": (0, None), "+": (1, None), "?": (0, 1)}[sign]
        found = _REPEAT.match(self.pattern, self.at)
        if found is None:
            raise ValueError("the regular expression has a '{' that is no repetition; write \\{")
        self.at = found.end()
        least = int(found[1])
        most = int(found[3]) if found[3] else (None if found[2] else least)
        if max(least, most or 0) > _MAX_REPEAT or (most is not None and most < least):
            raise ValueError(f"the regular expression repeats {found[0]}; at most {_MAX_REPEAT} is allowed")
        return least, most

    def _atom(self) -> _Tree:
        sign = self._peek()
        if sign == "(":
            return self._group()
        if sign in {"^", "$"}:
            self.at += 1
            return _Single(sign)
        start = self.at
        accepts = self._character(sign)
        return _Single("char", accepts, "" if sign in _SPECIAL else self.pattern[start : self.at])

    def _group(self) -> _Tree:
        self.at += 1
        if self.pattern.startswith("?:", self.at):
            self.at += 2
        elif self._peek() == "?":
            raise ValueError("the regular expression has a '(?' group; only (…) and (?:…) are allowed")
        inside = self._choice()
        if self._peek() != ")":
            raise ValueError("the regular expression has a '(' that is not closed")
        self.at += 1
        return inside

    def _character(self, sign: str) -> Accepts:
        start = self.at
        if sign in {"*", "+", "?", "{"}:
            raise ValueError(f"the regular expression repeats nothing with {sign!r}")
        if sign == "[":
            found = _SET.match(self.pattern, start)
            if found is None:
                raise ValueError("the regular expression has a '[' that is not closed")
            self.at = found.end()
        elif sign == "\\":
            self.at += 2
            if self.pattern[start + 1 : self.at] not in _ESCAPES:
                raise ValueError(f"the regular expression has {self.pattern[start : self.at]!r}, which is not allowed")
        else:
            self.at += 1
        return _one_character(self.pattern[start : self.at])


def _one_character(fragment: str) -> Accepts:
    """Whether a character is what a fragment such as `[a-f]` stands for, as Python's `re` has it."""
    try:
        with warnings.catch_warnings():
            # A doubtful set is a mistake of the author, not a message on a terminal.
            warnings.simplefilter("error")
            fits = re.compile(fragment).fullmatch
    except (re.error, Warning):
        raise ValueError(f"the regular expression has {fragment!r}, which cannot be read") from None
    return lambda character: fits(character) is not None
