"""Reads the values of a parsed TOML table and notes what is wrong with them.

A reader that finds a mistake notes it and gives a stand-in, so that every mistake is found in one reading; whoever
reads looks at the mistakes before using anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import TypeVar

from msgspec import Struct, field

from buildDoctor.core.errors import RequestError
from buildDoctor.core.language import (
    TRUTH,
    Expression,
    LanguageError,
    Template,
    Type,
    compile_expression,
    compile_template,
    expression_later,
    nearest,
    template_later,
)

Names = Mapping[str, Type] | None
"""Loop names with their types; `None` when a loop is wrong, so that nothing that may use its name can be checked."""
Choice = TypeVar("Choice", bound=StrEnum)
_Checked = TypeVar("_Checked")


class Mistake(Struct, frozen=True):
    """One thing that is wrong with a rule."""

    path: tuple[str | int, ...]
    """The key that it is about; of a missing key, the table that lacks it."""
    message: str
    line: int | None = None
    """Within the text that the key has, from 1; `None` when it is about the key or its whole value."""
    column: int | None = None
    """Within that line, in characters, from 1."""


class Table(Struct):
    """A table of a rule file.

    Args:
        what: What messages call it, such as `a fix`.
        data: The parsed table.
        known: Every key that it may have.
        path: Where it stands.
        mistakes: Where mistakes are noted.
        proven: Whether the file is known to have none, so that its expressions are checked when they are first used.
    """

    what: str
    data: Mapping[str, object]
    known: Sequence[str]
    path: tuple[str | int, ...] = ()
    mistakes: list[Mistake] = field(default_factory=list)
    proven: bool = False

    def __post_init__(self) -> None:
        """Note the keys that have no place here."""
        for key in self.data:
            if key not in self.known:
                self.wrong(key, f"{key!r} is not a key of {self.what}{nearest(key, self.known)}")

    def wrong(self, key: str | None, message: str) -> None:
        """Note a mistake at a key, or at the table itself."""
        self.mistakes.append(Mistake(self.path if key is None else (*self.path, key), message))

    def has(self, key: str) -> bool:
        """Whether the key is there."""
        return key in self.data

    def require(self, *keys: str) -> None:
        """Note the keys that are missing."""
        for key in keys:
            if key not in self.data:
                self.wrong(None, f"{self.what} needs the key {key!r}")

    def text(self, key: str) -> str:
        """The text of a key; empty when it has none."""
        value = self.data.get(key, "")
        if isinstance(value, str):
            return value
        self.wrong(key, f"expected text, found {in_words(value)}")
        return ""

    def truth(self, key: str) -> bool:
        """The `true` or `false` of a key; false when it is missing."""
        value = self.data.get(key, False)
        if not isinstance(value, bool):
            self.wrong(key, f"expected true or false, found {in_words(value)}")
        return value is True

    def texts(self, key: str) -> tuple[str, ...]:
        """The texts of a key; none when it is missing."""
        return tuple(text for _, text in self._listed(key, self.data.get(key, [])))

    def choice(self, key: str, options: type[Choice]) -> Choice:
        """The value of a key that names one of several; the first one when it does not."""
        value = self.text(key)
        try:
            return options(value)
        except ValueError:
            known = [str(option) for option in options]
        if isinstance(self.data.get(key), str):
            self.wrong(key, f"{value!r} is not one of {', '.join(known)}{nearest(value, known)}")
        return next(iter(options))

    def template(self, key: str, names: Names) -> Template:
        """The template of a key."""
        return self._template((key,), self.text(key), names)

    def templates(self, key: str, names: Names) -> tuple[Template, ...]:
        """The templates of a key that has one text or a list of them."""
        value = self.data.get(key, [])
        if isinstance(value, str):
            return (self._template((key,), value, names),)
        return tuple(self._template((key, at), text, names) for at, text in self._listed(key, value, " or text"))

    def expression(self, key: str, names: Names) -> Expression:
        """The expression of a key."""
        text = self.text(key)
        if self.proven:
            return expression_later(text, names, _trusted)
        if names is None or not isinstance(self.data.get(key), str):
            return compile_expression("True")
        try:
            return compile_expression(text, names)
        except LanguageError as error:
            self.mistakes.append(Mistake((*self.path, key), error.message, error.line, error.column))
            return compile_expression("True")

    def condition(self, key: str, names: Names) -> Expression:
        """The condition of a key."""
        found = self.expression(key, names)
        if self.proven:
            return found
        if found.type != TRUTH:
            self.wrong(key, f"expected a condition, which is true or false; this is {found.type.words}")
        return found

    def table(self, key: str, what: str, known: Sequence[str]) -> Table:
        """The table of a key; an empty one when it is none."""
        value = self.data.get(key, {})
        if not isinstance(value, dict):
            self.wrong(key, f"expected a table, found {in_words(value)}")
            value = {}
        return Table(what, value, known, (*self.path, key), self.mistakes, self.proven)

    def tables(self, key: str, what: str, known: Sequence[str]) -> Iterator[Table]:
        """The tables of a key that has a list of them."""
        value = self.data.get(key, [])
        if not isinstance(value, list):
            self.wrong(key, f"expected tables, written [[{key}]]; found {in_words(value)}")
            return
        for at, element in enumerate(value):
            path = (*self.path, key, at)
            if isinstance(element, dict):
                yield Table(what, element, known, path, self.mistakes, self.proven)
            else:
                self.mistakes.append(Mistake(path, f"expected a table, found {in_words(element)}"))

    def _listed(self, key: str, value: object, otherwise: str = "") -> Iterator[tuple[int, str]]:
        if not isinstance(value, list):
            self.wrong(key, f"expected a list of text{otherwise}, found {in_words(value)}")
            return
        for at, element in enumerate(value):
            if isinstance(element, str):
                yield at, element
            else:
                message = f"expected text, found {in_words(element)}"
                self.mistakes.append(Mistake((*self.path, key, at), message))

    def _template(self, keys: tuple[str | int, ...], text: str, names: Names) -> Template:
        if self.proven:
            return template_later(text, names, _trusted)
        if names is None:
            return compile_template("")
        try:
            return compile_template(text, names)
        except LanguageError as error:
            self.mistakes.append(Mistake((*self.path, *keys), error.message, error.line, error.column))
            return compile_template("")


def _trusted(check: Callable[[], _Checked]) -> _Checked:
    """What the check of a text gives that is known to be right; someone who edits built-in rules may have broken one."""
    try:
        return check()
    except LanguageError as error:
        raise RequestError(f"a built-in rule is broken: {error.message}; build-doctor rules check says where") from None


def in_words(value: object) -> str:
    """What kind of TOML value it is."""
    kinds: tuple[tuple[type, str], ...] = (
        (str, "text"),
        (bool, "true or false"),
        (int, "a whole number"),
        (float, "a number with a fraction"),
        (list, "a list"),
        (dict, "a table"),
    )
    return next((words for kind, words in kinds if isinstance(value, kind)), "a date or time")
