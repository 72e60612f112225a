"""Edits of a list that stands in a build script, made only where the old text is what was expected."""

from __future__ import annotations

import difflib
import re

_LONGEST_COMMAND = 8_000


class EditError(ValueError):
    """The script does not hold the list where it should, or the edit would change nothing."""


def edit_list(text: str, line: int, *, remove: tuple[str, ...] = (), add: tuple[str, ...] = ()) -> str:
    """The script with elements taken out of, or added at the end of, the list that the command of a line sets.

    Args:
        text: the whole script.
        line: where the command begins, from 1.
        remove: elements to take out; each must be there.
        add: elements to add; one that is there already is left alone.

    Raises:
        EditError: the command, the list or an element is not there, or nothing would change.
    """
    start = _start_of(text, line)
    end = _end_of_command(text, start)
    begin, stop = _span_of_list(text, start, end)
    items = [item for item in re.split(r"([;\s]+)", text[begin:stop]) if item]
    edited = "".join(_with(_without(items, remove), add))
    if edited == text[begin:stop]:
        raise EditError("the list holds these elements already")
    return text[:begin] + edited + text[stop:]


def _start_of(text: str, line: int) -> int:
    position = 0
    for _ in range(line - 1):
        position = text.find("\n", position) + 1
        if position == 0:
            raise EditError(f"the script has no line {line}")
    return position


def _end_of_command(text: str, start: int) -> int:
    end = text.find(")", start, start + _LONGEST_COMMAND)
    if end < 0:
        raise EditError("the command that sets the list does not end")
    return end


def _span_of_list(text: str, start: int, end: int) -> tuple[int, int]:
    """Where the elements stand: inside the quotes, or behind the variable's name."""
    command = text[start:end]
    quoted = re.match(r"\s*\w+\s*\(\s*\w+\s+\"([^\"]*)\"", command)
    if quoted:
        return start + quoted.start(1), start + quoted.end(1)
    bare = re.match(r"\s*\w+\s*\(\s*\w+\s+([^\"$)]+?)\s*$", command)
    if bare:
        return start + bare.start(1), start + bare.end(1)
    raise EditError("the command does not spell its list out")


def _without(items: list[str], remove: tuple[str, ...]) -> list[str]:
    """Elements and separators in turn, each removed element with one separator beside it."""
    for element in remove:
        if element not in items:
            raise EditError(f"{element} is not an element of the list")
        at = items.index(element)
        first = max(at - 1, 0)
        del items[first : first + 2]
    return items


def _with(items: list[str], add: tuple[str, ...]) -> list[str]:
    separator = items[1] if len(items) > 1 else ";"
    for element in add:
        if element not in items:
            items += [separator, element] if items else [element]
    return items


def unified_diff(before: str, after: str, path: str) -> str:
    """The change as a patch that `patch -p1` and `git apply` take."""
    lines = difflib.unified_diff(
        before.splitlines(keepends=True), after.splitlines(keepends=True), f"a/{path}", f"b/{path}"
    )
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)
