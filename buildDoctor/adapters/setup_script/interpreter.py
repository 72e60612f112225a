"""One run along a script: what all parts of it share."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache

from msgspec import Struct, field

from buildDoctor.adapters.setup_script.decisions import Decisions
from buildDoctor.adapters.setup_script.doubts import reach
from buildDoctor.adapters.setup_script.files import TreeFiles
from buildDoctor.adapters.setup_script.limits import Budget
from buildDoctor.adapters.setup_script.question import SetupQuestion
from buildDoctor.adapters.setup_script.scope import Scope
from buildDoctor.adapters.setup_script.values import EnvironmentTable, ExtensionValue, Raised, Unknown, Value
from buildDoctor.core.evidence import Step

SCRIPT = "setup.py"
_LONGEST_WORDS = 120


class SetupCall(Struct):
    """A call of `setup`."""

    extensions: Value
    """What it is given as `ext_modules`."""
    build_class: Value
    """What its `cmdclass` has for `build_ext`."""
    place: str


class Interpreter(Struct):
    """The state of one run."""

    files: TreeFiles
    question: SetupQuestion
    decisions: Decisions
    budget: Budget
    environment: EnvironmentTable
    evaluate: Callable[[Interpreter, ast.expr], Value]
    """Gives the value of an expression."""
    execute: Callable[[Interpreter, Sequence[ast.stmt]], None]
    """Follows statements."""
    call: Callable[[Interpreter, ast.Call, Value, list[Value]], Value]
    """Calls a value that was given as an argument."""
    scope: Scope = field(default_factory=lambda: Scope(SCRIPT))
    modules: dict[str, Value] = field(default_factory=dict)
    calls: list[SetupCall] = field(default_factory=list)
    made: list[ExtensionValue] = field(default_factory=list)
    """Extensions that are made where it is not known whether that place is reached."""
    steps: list[Step] = field(default_factory=list)
    spelt: dict[str, None] = field(default_factory=dict)
    """All texts in the scripts that were read, for the architectures that they spell out."""
    notes: dict[str, None] = field(default_factory=dict)
    """What the script does and nobody followed, such as running a text."""
    patched: str = ""
    """Where the script replaces a part of torch's build helper; what it then does is not followed."""
    vague: int = 0
    """Above zero where it is not known whether the script comes here at all."""
    tries: int = 0
    """How many `try` blocks with handlers stand around."""
    perhaps_failed: bool = False
    """Whether something in the innermost `try` perhaps failed, so that what follows in it is in doubt."""
    statement: int = 0
    """Counts the statements that were followed."""
    risked: int = -1
    """The statement of which it was decided that it does not fail."""
    depth: int = 0
    """How many functions of the script stand around."""
    nesting: int = 0
    """How many expressions stand around."""

    def place(self, node: ast.AST) -> str:
        """File and line of a part of the script."""
        return f"{self.scope.file}:{getattr(node, 'lineno', 0)}"

    def unknown(
        self, node: ast.AST, what: str = "", *, key: str = "", shape: str | None = None, behind: tuple[Value, ...] = ()
    ) -> Unknown:
        """A value that cannot be followed, at a place.

        Args:
            node: the part of the script that it is the value of.
            what: in words; without it the part's own text.
            key: what makes two of them the same fact.
            shape: for a text the parts of it that are known.
            behind: the values that it may be, or that may stand in it.
        """
        words = what or words_of(node)
        return Unknown(f"{words} at {self.place(node)}", key, shape, maybe=reach(*behind))

    def decide(self, condition: Unknown) -> bool | None:
        """The way to take at an unknown condition; nothing where both are to be followed at once."""
        if condition.opposite is not None:
            answer = self.decide(condition.opposite)
            return None if answer is None else not answer
        if self.vague:
            return None
        return self.decisions.decide(condition.key or condition, condition.reason)

    @property
    def in_doubt(self) -> bool:
        """Whether it is not known, seen from the beginning of this call, that the script comes here."""
        return self.vague > self.scope.vague_at

    def may_fail(self, node: ast.AST, fact: str = "", kind: str = "") -> None:
        """Inside of a `try`, follow also the way where something that is not known fails, once for each statement.

        Args:
            node: what may fail.
            fact: what makes two failures the same; without it this one is of its own.
            kind: the exception, if it is known.

        Raises:
            Raised: on that way.
        """
        if not self.tries or self.risked == self.statement:
            return
        words = f"that {words_of(node)} does not fail at {self.place(node)}"
        answer = self.decide(Unknown(words, f"{fact} fails" if fact else ""))
        if answer is None:
            self.perhaps_failed = True
        elif answer:
            self.risked = self.statement
        else:
            raise Raised(kind, f"{words_of(node)} fails", self.place(node))

    @contextmanager
    def vaguely(self) -> Iterator[None]:
        """Follow a part of the script of which it is not known whether it is reached."""
        self.vague += 1
        try:
            yield
        finally:
            self.vague -= 1


@lru_cache(maxsize=4096)
def words_of(node: ast.AST) -> str:
    """A part of a script in its own words, on one line."""
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= _LONGEST_WORDS else f"{text[:_LONGEST_WORDS]}…"
