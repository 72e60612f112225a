"""Edits of a list that stands in a build script, made only where the old text is what was expected."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator

from msgspec import Struct

_CALL = re.compile(r"[ \t]*(?P<name>\w+)[ \t]*\(")
_TOKEN = re.compile(
    r"""
      (?P<space>\s+)
    | (?P<comment>\#\[(?P<hash>=*)\[.*?\](?P=hash)\]|\#[^\n]*)
    | (?P<end>\))
    | (?P<quoted>"(?:[^"\\]|\\.)*")
    | (?P<bare>[^\s()"\#]+)
    """,
    re.VERBOSE | re.DOTALL,
)
# `str.splitlines` would also split at form feeds and the like, which is no line end for `patch`.
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_ENDS_OF_LIST = frozenset({"CACHE", "PARENT_SCOPE"})


class EditError(ValueError):
    """The script does not hold the list where it should, or the edit would change nothing."""


class _Argument(Struct, frozen=True):
    """One argument of the command that spells the list, without its quotes."""

    start: int
    end: int
    quotes: int
    """1 when it stands in quotes, else 0."""
    gap: str
    """What stands before it: spaces, line ends and comments."""

    def elements(self, text: str) -> list[str]:
        return text[self.start : self.end].split(";")


def edit_list(text: str, line: int, *, remove: tuple[str, ...] = (), add: tuple[str, ...] = ()) -> str:
    """The script with elements taken out of, or added at the end of, the list that the command of a line sets.

    Args:
        text: the whole script.
        line: where the command begins, from 1.
        remove: elements to take out wherever they stand in the list; each must be there.
        add: elements to add; one that is there already is left alone.

    Raises:
        EditError: the command, the list or an element is not there, or nothing would change.
    """
    edited = text
    for element in remove:
        edited = _without(edited, line, element)
    for element in add:
        edited = _with(edited, line, element)
    if edited == text:
        raise EditError("the list holds these elements already")
    return edited


def elements_at(text: str, line: int) -> tuple[str, ...]:
    """The elements of the list that the command of a line spells out.

    Raises:
        EditError: the command or the list is not there, or a part of the list stands elsewhere.
    """
    found = _list_of(text, line)
    return tuple(element for argument in found for element in argument.elements(text) if element)


def _without(text: str, line: int, element: str) -> str:
    arguments = _list_of(text, line)
    holding = [argument for argument in arguments if element in argument.elements(text)]
    if not holding:
        raise EditError(f"{element} is not an element of the list")
    left = len(arguments)
    # From the end on, so that the places of the others stay true.
    for argument in reversed(holding):
        kept = [one for one in argument.elements(text) if one != element]
        start, end = argument.start, argument.end
        if not any(kept) and left > 1:
            left -= 1
            start, end = start - argument.quotes, end + argument.quotes
            # The line end behind a comment must stay, or the comment would swallow what follows.
            start -= 0 if "#" in argument.gap else len(argument.gap)
        elif not any(kept) and not argument.quotes:
            kept = ['""']
        text = text[:start] + ";".join(kept) + text[end:]
    return text


def _with(text: str, line: int, element: str) -> str:
    arguments = _list_of(text, line)
    if any(element in argument.elements(text) for argument in arguments):
        return text
    last = arguments[-1]
    if len(arguments) == 1 and (last.quotes or ";" in text[last.start : last.end]):
        separator = ";" if last.end > last.start else ""
        return text[: last.end] + separator + element + text[last.end :]
    end = last.end + last.quotes
    # Behind a comment in the gap, only the indentation of the line is repeated.
    gap = last.gap[last.gap.rfind("\n") :] if "#" in last.gap else last.gap
    quote = '"' * last.quotes
    return text[:end] + (gap or " ") + quote + element + quote + text[end:]


def _list_of(text: str, line: int) -> list[_Argument]:
    """The arguments that spell the list.

    Raises:
        EditError: there are none, or a part of the list stands elsewhere.
    """
    call = _CALL.match(text, _start_of(text, line))
    if call is None:
        raise EditError(f"line {line} begins no command")
    arguments = list(_arguments(text, call.end()))
    words = [text[argument.start : argument.end] for argument in arguments]
    first = 2 if call["name"].lower() == "list" else 1
    last = next((at for at, word in enumerate(words) if word in _ENDS_OF_LIST), len(words))
    # Any other command than these two takes its list as one argument.
    found = arguments[first : last if call["name"].lower() in {"set", "list"} else first + 1]
    if not found or any("$" in text[argument.start : argument.end] for argument in found):
        raise EditError("the command does not spell its list out")
    return found


def _start_of(text: str, line: int) -> int:
    position = 0
    for _ in range(line - 1):
        position = text.find("\n", position) + 1
        if position == 0:
            raise EditError(f"the script has no line {line}")
    return position


def _arguments(text: str, position: int) -> Iterator[_Argument]:
    """The arguments of a command up to its closing parenthesis."""
    gap = position
    while token := _TOKEN.match(text, position):
        position = token.end()
        if token["end"]:
            return
        if token["quoted"] or token["bare"]:
            quotes = 1 if token["quoted"] else 0
            yield _Argument(token.start() + quotes, position - quotes, quotes, text[gap : token.start()])
            gap = position
    raise EditError("the command that sets the list does not end")


def unified_diff(before: str, after: str, path: str) -> str:
    """The change as a patch that `patch -p1` and `git apply` take."""
    lines = difflib.unified_diff(_LINE.findall(before), _LINE.findall(after), f"a/{path}", f"b/{path}")
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)
