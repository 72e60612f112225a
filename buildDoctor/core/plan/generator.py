"""CMake's generator expressions, as far as they decide what a CUDA source is compiled with in a release build."""

from __future__ import annotations

import re
from collections.abc import Callable

_LONGEST = 20_000
_DEEPEST = 40
_COMPILER = "NVIDIA"
_EDGES = {stops: re.compile(rf"\$<|[{stops}]" if stops else r"\$<") for stops in ("", ":>", ",>", ">")}


def evaluated(text: str, language: str = "CUDA") -> str | None:
    """A text without its generator expressions; nothing when one of them asks for what only a real configuration knows.

    Args:
        text: an option, a definition or a source as a script states it.
        language: the language of the source that it is asked for.
    """
    if "$<" not in text:
        return text
    if len(text) > _LONGEST:
        return None
    try:
        value, end = _text(text, 0, language, 0, "")
    except _UnknownError:
        return None
    return value if end == len(text) else None


class _UnknownError(Exception):
    """An expression that is not followed, or that does not end."""


def _text(text: str, at: int, language: str, depth: int, stops: str) -> tuple[str, int]:
    """The value of a text up to one of the characters that stop it, and where that stands."""
    if depth > _DEEPEST:
        raise _UnknownError
    found = ""
    while edge := _EDGES[stops].search(text, at):
        found += text[at : edge.start()]
        if edge[0] != "$<":
            return found, edge.start()
        value, at = _expression(text, edge.end(), language, depth + 1)
        found += value
    return found + text[at:], len(text)


def _expression(text: str, at: int, language: str, depth: int) -> tuple[str, int]:
    """The value of an expression behind its `$<`, and where the text goes on."""
    name, at = _text(text, at, language, depth, ":>")
    parameters: list[str] = []
    if at < len(text) and text[at] == ":":
        # `$<1:a,b>` and the interfaces take all that follows as one text, commas included.
        whole = name in _ONE_TEXT
        while at < len(text) and text[at] in ":,":
            value, at = _text(text, at + 1, language, depth, ">" if whole else ",>")
            parameters.append(value)
    if at >= len(text) or text[at] != ">":
        raise _UnknownError
    return _value(name, parameters, language), at + 1


def _value(name: str, parameters: list[str], language: str) -> str:
    if name in {"0", "1"}:
        return parameters[0] if name == "1" and parameters else ""
    if name in {"COMPILE_LANGUAGE", "LINK_LANGUAGE"}:
        return _bit(language in parameters) if parameters else language
    if name == "COMPILE_LANG_AND_ID":
        return _bit(parameters[:1] == [language] and _COMPILER in parameters[1:])
    function = _FUNCTIONS.get(name)
    if function is None:
        raise _UnknownError
    try:
        return function(parameters)
    except (IndexError, ValueError):
        raise _UnknownError from None


def _bit(truth: bool) -> str:  # noqa: FBT001  the one thing that it is about
    return "1" if truth else "0"


def _is_true(text: str) -> bool:
    """What CMake's `$<BOOL:>` says of a text."""
    upper = text.upper()
    return upper not in {"", "0", "FALSE", "OFF", "N", "NO", "IGNORE", "NOTFOUND"} and not upper.endswith("-NOTFOUND")


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split("."))


_ONE_TEXT = frozenset({"0", "1", "BUILD_INTERFACE", "INSTALL_INTERFACE", "BUILD_LOCAL_INTERFACE", "HOST_LINK"})
_FUNCTIONS: dict[str, Callable[[list[str]], str]] = {
    "BOOL": lambda given: _bit(_is_true(given[0])),
    "NOT": lambda given: _bit(given[0] == "0"),
    "AND": lambda given: _bit(all(one == "1" for one in given)),
    "OR": lambda given: _bit("1" in given),
    "IF": lambda given: given[1] if given[0] == "1" else given[2],
    "STREQUAL": lambda given: _bit(given[0] == given[1]),
    "EQUAL": lambda given: _bit(int(given[0]) == int(given[1])),
    "IN_LIST": lambda given: _bit(given[0] in given[1].split(";")),
    "VERSION_LESS": lambda given: _bit(_version(given[0]) < _version(given[1])),
    "VERSION_GREATER": lambda given: _bit(_version(given[0]) > _version(given[1])),
    "VERSION_EQUAL": lambda given: _bit(_version(given[0]) == _version(given[1])),
    "VERSION_LESS_EQUAL": lambda given: _bit(_version(given[0]) <= _version(given[1])),
    "VERSION_GREATER_EQUAL": lambda given: _bit(_version(given[0]) >= _version(given[1])),
    "CONFIG": lambda given: _bit("RELEASE" in [one.upper() for one in given]) if given else "Release",
    "PLATFORM_ID": lambda given: _bit("Linux" in given) if given else "Linux",
    "CUDA_COMPILER_ID": lambda given: _bit(_COMPILER in given) if given else _COMPILER,
    "CXX_COMPILER_ID": lambda given: _bit("GNU" in given) if given else "GNU",
    "C_COMPILER_ID": lambda given: _bit("GNU" in given) if given else "GNU",
    "BUILD_INTERFACE": lambda given: given[0] if given else "",
    "BUILD_LOCAL_INTERFACE": lambda given: given[0] if given else "",
    "INSTALL_INTERFACE": lambda _given: "",
    "SEMICOLON": lambda _given: ";",
    "COMMA": lambda _given: ",",
    "ANGLE-R": lambda _given: ">",
    "TARGET_NAME": lambda given: given[0],
    "JOIN": lambda given: given[1].join(given[0].split(";")),
    "LOWER_CASE": lambda given: given[0].lower(),
    "UPPER_CASE": lambda given: given[0].upper(),
    "REMOVE_DUPLICATES": lambda given: ";".join(dict.fromkeys(given[0].split(";"))),
}
