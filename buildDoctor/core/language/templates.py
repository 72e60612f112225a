"""Texts with `{expression}` in them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from buildDoctor.core.evidence import Evidence
from buildDoctor.core.language.errors import LanguageError
from buildDoctor.core.language.expression import Expression, Guard, compile_expression, unguarded
from buildDoctor.core.language.schema import ListOf, Record, Type
from buildDoctor.core.language.tree import Binding

NOT_SEEN = "(not seen)"
NOTHING = "nothing"

_PIECE = re.compile(r"(?P<brace>\{\{|\}\})|(?P<open>\{)|(?P<stray>\})|(?P<words>[^{}]+)")
_NAME = re.compile(r"[A-Za-z_]+")
# Up to the closing brace, passing over quoted text.
_INSIDE = re.compile(r"""(?:[^{}'"]|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")*""")


@dataclass(frozen=True)
class Template:
    """A text with expressions in it: checked at once, or when it is first used."""

    text: str
    """As its author wrote it."""
    check: Callable[[], tuple[str | Expression, ...]] = field(repr=False, compare=False)
    """Finds its parts; asked once."""

    @cached_property
    def parts(self) -> tuple[str | Expression, ...]:
        """Words and expressions in their order."""
        return self.check()

    def render(self, evidence: Evidence, bindings: Mapping[str, Binding] | None = None) -> str:
        """The text with every expression replaced by its value.

        A list is shown with `;` between its elements, an empty one as `nothing`, what was not seen as `(not seen)`.

        Args:
            evidence: What was seen.
            bindings: What each name stands for.

        Raises:
            BudgetError: an expression takes too many steps.
        """
        return self._rendered(evidence, bindings, lambda _missing: NOT_SEEN)

    def render_command(self, evidence: Evidence, bindings: Mapping[str, Binding] | None = None) -> str:
        """The text as a command line: what was not seen is a word in capitals to be filled in, such as CAPABILITIES.

        Args:
            evidence: What was seen.
            bindings: What each name stands for.

        Raises:
            BudgetError: an expression takes too many steps.
        """
        return self._rendered(evidence, bindings, _to_fill_in)

    def _rendered(
        self, evidence: Evidence, bindings: Mapping[str, Binding] | None, unseen: Callable[[tuple[str, ...]], str]
    ) -> str:
        found = ((part, None if isinstance(part, str) else part.evaluate(evidence, bindings)) for part in self.parts)
        return "".join(
            str(part) if value is None else show(value.value) if value.known else unseen(value.missing)
            for part, value in found
        )


def _to_fill_in(missing: tuple[str, ...]) -> str:
    """The last name of the first path that was not seen, in capitals."""
    names = _NAME.findall(missing[0]) if missing else []
    return names[-1].upper() if names else "…"


def show(value: object) -> str:
    """A value of an expression in words."""
    if value is None:
        return NOT_SEEN
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ";".join(map(show, value)) if value else NOTHING
    return str(value)


def compile_template(text: str, names: Mapping[str, Type] | None = None) -> Template:
    """The template that a text says.

    Args:
        text: Words, with expressions in braces; `{{` and `}}` stand for braces.
        names: Names that a rendering will bind, with their types.

    Raises:
        LanguageError: an expression is wrong; its position is that within the template.
    """
    template = template_later(text, names)
    _ = template.parts
    return template


def template_later(text: str, names: Mapping[str, Type] | None = None, guard: Guard = unguarded) -> Template:
    """The template that a text says, checked when it is first used.

    Args:
        text: Words, with expressions in braces; known to be right.
        names: Names that a rendering will bind, with their types.
        guard: Asks for the parts, and says what is wrong where they are not right after all.
    """
    return Template(text, lambda: guard(lambda: tuple(_parts(text, names))))


def _parts(text: str, names: Mapping[str, Type] | None) -> Iterator[str | Expression]:
    at = 0
    while at < len(text):
        piece = _PIECE.match(text, at)
        if piece is None or piece["stray"]:
            raise LanguageError("a '}' without '{'; write '}}' for a brace", *_position(text, at))
        at = piece.end()
        if piece["open"]:
            expression, at = _expression(text, at, names)
            yield expression
        else:
            yield piece["words"] or piece[0][0]


def _expression(text: str, start: int, names: Mapping[str, Type] | None) -> tuple[Expression, int]:
    """The expression after an opening brace, and where the text goes on."""
    inside = _INSIDE.match(text, start)
    end = inside.end() if inside else start
    if text[end : end + 1] != "}":
        raise LanguageError("a '{' that is not closed; write '{{' for a brace", *_position(text, start - 1))
    try:
        expression = compile_expression(text[start:end], names)
    except LanguageError as error:
        raise error.moved(*_position(text, start)) from None
    if _has_records(expression.type):
        message = f"'{text[start:end].strip()}' is {expression.type.words}; show a field of it"
        raise LanguageError(message, *_position(text, start))
    return expression, end + 1


def _has_records(kind: Type) -> bool:
    return _has_records(kind.element) if isinstance(kind, ListOf) else isinstance(kind, Record)


def _position(text: str, at: int) -> tuple[int, int]:
    """Line and column of a character, from 1."""
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
