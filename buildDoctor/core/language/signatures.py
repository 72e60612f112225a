"""What a function of the language is."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from buildDoctor.core.language.schema import ListOf, Scalar, Type

ELEMENT = Scalar("an element", "elements")
"""In a signature: whatever the list holds."""
SIZED = Scalar("a list or text", "lists or text")
"""In a signature: what has a length."""
ELEMENTS = ListOf(ELEMENT)


class Function(Struct, frozen=True, kw_only=True):
    """One function that expressions may call."""

    name: str
    takes: tuple[tuple[str, Type], ...]
    """Its arguments: name and type."""
    gives: Type
    about: str
    """One line that says what the result is."""
    example: str
    """An expression that shows it, without evidence."""
    answer: object
    """What the example gives."""
    run: Callable[..., object]
    """Computes the result; raises `Unsure` when it cannot say."""
    of: tuple[Type, ...] = ()
    """What the elements of its lists may be; empty when they may be anything."""
    prepare: Callable[[str], Callable[[str], object]] | None = None
    """Makes the function for a last argument that stands in the text; raises `ValueError` for a bad one."""
    literal: bool = False
    """Whether the last argument has to stand in the text."""
    per_character: bool = False
    """Whether its time grows with the text so much that characters are counted as steps."""

    @property
    def usage(self) -> str:
        """How it is called, such as `matches(text, glob)`."""
        return f"{self.name}({', '.join(name for name, _ in self.takes)})"
