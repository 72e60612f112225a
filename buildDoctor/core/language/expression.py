"""Expressions: checked once, evaluated often."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import NamedTuple, Protocol, TypeVar

from buildDoctor.core.evidence import Evidence
from buildDoctor.core.language.checker import check
from buildDoctor.core.language.evaluator import compile_tree
from buildDoctor.core.language.parts import Part, parts_of
from buildDoctor.core.language.places import known_elements
from buildDoctor.core.language.schema import ListOf, Type
from buildDoctor.core.language.syntax import Source
from buildDoctor.core.language.tree import Binding, Frame, Node, Touched
from buildDoctor.core.language.witnesses import Reasons, explain
from buildDoctor.core.later import Later

DEFAULT_BUDGET = 2_000_000
"""Steps of one evaluation. One step is an element that is looked at, by up to ten parts of a loop's body."""

_NAMELESS = "evidence that has no path"


_Made = TypeVar("_Made")


class Guard(Protocol):
    """Asks for something that is made later."""

    def __call__(self, make: Callable[[], _Made], /) -> _Made:
        """What is made."""


def unguarded(make: Callable[[], _Made]) -> _Made:
    """What is made, with whatever it raises."""
    return make()


@dataclass(frozen=True)
class Evaluation:
    """The answer of an expression and what it rests on."""

    value: object
    """The value; `None` when it is unknown."""
    reasons: Callable[[], Reasons] = field(repr=False)
    """Finds out what the answer rests on; asked for at most once."""

    @property
    def known(self) -> bool:
        """Whether the evidence decides the value."""
        return self.value is not None

    @cached_property
    def _found(self) -> Reasons:
        return self.reasons()

    @property
    def touched(self) -> tuple[Touched, ...]:
        """The evidence that the answer rests on, in the order of the first touch."""
        return tuple(Touched(path, value) for path, value in self._found.touched.items())

    @property
    def missing(self) -> tuple[str, ...]:
        """The paths that were not seen and make the value unknown; none when it is known, else at least one."""
        if self.known:
            return ()
        return tuple(self._found.missing) or (_NAMELESS,)


class Checked(NamedTuple):
    """What checking an expression gives."""

    node: Node
    """The checked tree."""
    places: int
    """How many names it gives and takes."""


@dataclass(frozen=True)
class Expression:
    """An expression: checked at once, or when it is first used."""

    text: str
    """As its author wrote it."""
    names: tuple[str, ...] = ()
    """The names that an evaluation has to bind."""
    check: Callable[[], Checked] = field(kw_only=True, repr=False, compare=False)
    """Checks it; asked once."""

    @cached_property
    def checked(self) -> Checked:
        """The checked tree."""
        return self.check()

    @property
    def node(self) -> Node:
        """The checked tree's root."""
        return self.checked.node

    @property
    def type(self) -> Type:
        """The type of its value."""
        return self.checked.node.type

    @property
    def element_type(self) -> Type | None:
        """The type of its value's elements; `None` when it gives no list."""
        return self.type.element if isinstance(self.type, ListOf) else None

    def evaluate(
        self, evidence: Evidence, bindings: Mapping[str, Binding] | None = None, *, budget: int = DEFAULT_BUDGET
    ) -> Evaluation:
        """The value on evidence, with what it rests on.

        Args:
            evidence: What was seen.
            bindings: What each of `names` stands for; further names are passed over.
            budget: How many steps it may take.

        Raises:
            BudgetError: it takes more.
        """
        value = self.node.run(self._frame(evidence, bindings, budget))
        return Evaluation(value, lambda: explain(self.node, self._frame(evidence, bindings, budget)))

    def elements(
        self, evidence: Evidence, bindings: Mapping[str, Binding] | None = None, *, budget: int = DEFAULT_BUDGET
    ) -> tuple[Binding, ...] | None:
        """The elements of the list that it gives, each as a name can be bound to it; `None` when it is unknown.

        Args:
            evidence: What was seen.
            bindings: What each of `names` stands for.
            budget: How many steps it may take.

        Raises:
            BudgetError: it takes more.
        """
        evaluation = self.evaluate(evidence, bindings, budget=budget)
        if not evaluation.known:
            return None
        found = known_elements(self.node, evaluation.value, self._frame(evidence, bindings, budget))
        # The reasons are wanted only where the rule holds.
        touched = Later(lambda: evaluation.touched)
        return tuple(
            element if element.path or element.touched else Binding(element.value, touched=touched) for element in found
        )

    def parts(
        self, evidence: Evidence, bindings: Mapping[str, Binding] | None = None, *, budget: int = DEFAULT_BUDGET
    ) -> Part:
        """The value of each part on evidence, for someone who asks why.

        Args:
            evidence: What was seen.
            bindings: What each of `names` stands for.
            budget: How many steps it may take.

        Raises:
            BudgetError: the whole takes more.
        """
        return parts_of(self.node, self._frame(evidence, bindings, budget))

    def _frame(self, evidence: Evidence, bindings: Mapping[str, Binding] | None, budget: int) -> Frame:
        frame = Frame(evidence, self.checked.places, budget)
        for slot, name in enumerate(self.names):
            frame.bindings[slot] = (bindings or {})[name]
            frame.names[slot] = frame.bindings[slot].value
        return frame


def compile_expression(text: str, names: Mapping[str, Type] | None = None) -> Expression:
    """The checked expression that a text says.

    Args:
        text: The expression, on one or more lines.
        names: Names that an evaluation will bind, with their types.

    Raises:
        LanguageError: it is not part of the language or does not fit the evidence.
    """
    expression = expression_later(text, names)
    _ = expression.checked
    return expression


def expression_later(text: str, names: Mapping[str, Type] | None = None, guard: Guard = unguarded) -> Expression:
    """The expression that a text says, checked when it is first used.

    Args:
        text: The expression, on one or more lines; known to be right.
        names: Names that an evaluation will bind, with their types.
        guard: Asks for the check, and says what is wrong where it is not right after all.
    """
    given = names or {}
    return Expression(text, tuple(given), check=lambda: guard(lambda: _checked(text, tuple(given.items()))))


@lru_cache(maxsize=512)
def _checked(text: str, names: tuple[tuple[str, Type], ...]) -> Checked:
    """The checked tree. Many rules loop over the same lists, and a tree does not change once it is checked."""
    node, places = check(Source(text), dict(names))
    compile_tree(node)
    return Checked(node, places)
