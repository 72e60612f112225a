"""What is known while an expression is checked."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping

from msgspec import Struct, field

from buildDoctor.core.language.errors import LanguageError
from buildDoctor.core.language.schema import Type
from buildDoctor.core.language.syntax import Source, shown
from buildDoctor.core.language.tree import Node

Check = Callable[[ast.expr, "Scope"], Node]


class Scope(Struct, frozen=True, kw_only=True):
    """The names that may be used at one place of an expression."""

    source: Source
    """The text, for positions."""
    check: Check
    """Checks any part of an expression."""
    names: Mapping[str, tuple[int, Type]]
    """Names given by loops: place in the frame, and type."""
    given: list[str] = field(default_factory=list)
    """Every name given so far, in the order of places; shared by all scopes of an expression."""

    def node(self, part: ast.expr) -> Node:
        """A part, checked."""
        node = self.check(part, self)
        node.part, node.source = part, self.source
        return node

    def node_of(self, part: ast.expr, wanted: Type, role: str) -> Node:
        """A part, checked to have a type.

        Raises:
            LanguageError: it has another.
        """
        node = self.node(part)
        if node.type != wanted:
            raise self.error(part, f"{role} must be {wanted.words}; {shown(part)} is {node.type.words}")
        return node

    def with_name(self, name: str, kind: Type) -> tuple[int, Scope]:
        """The place of a new name, and the scope that has it."""
        self.given.append(name)
        slot = len(self.given) - 1
        names = {**self.names, name: (slot, kind)}
        return slot, Scope(source=self.source, check=self.check, names=names, given=self.given)

    def error(self, part: ast.AST, message: str) -> LanguageError:
        """A mistake at a part."""
        return self.source.error(part, message)
