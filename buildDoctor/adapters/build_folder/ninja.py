"""The commands of a build.ninja, without running ninja.

The form is that of ninja's manual: `name = value` at the top and below `rule` and `build`, `$name` and `${name}` for
values, `$` before a space, a colon, a dollar or the end of a line, `include` and `subninja` for further files. Values
at the top are expanded where they stand, those of a rule when a build statement uses it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from msgspec import Struct, field

from buildDoctor.adapters.build_folder.compile_commands import MOST_COMMANDS
from buildDoctor.adapters.build_folder.files import read_bounded
from buildDoctor.core.plan.commands import Command

_BINDING = re.compile(r"(?P<name>[\w.-]+)[ \t]*=[ \t]*(?P<value>.*)", re.DOTALL)
_REFERENCE = re.compile(r"\$(?:\{(?P<braced>[\w.-]+)\}|(?P<name>[\w-]+)|(?P<plain>[ :$|^]))")
_PATH_END = re.compile(r"(?<!\$)((?:\$\$)*)[ \t]+")
_COLON = re.compile(r"(?<!\$)((?:\$\$)*):")
_SAFE = re.compile(r"[\w+./-]+", re.ASCII)
_INCLUDES = ("include ", "subninja ")
_MOST_FILES = 40
_MOST_TEXT = 200_000_000
_LONGEST_VALUE = 200_000
_DEPTH = 20
_NONE: Mapping[str, str] = {}


class TooMuchError(ValueError):
    """A file whose values are longer than any build's."""


class _State(Struct):
    """What has been read so far."""

    folder: Path
    values: dict[str, str] = field(default_factory=dict)
    rules: dict[str, dict[str, str]] = field(default_factory=dict)
    commands: list[Command] = field(default_factory=list)
    expanded: int = 0
    files: list[str] = field(default_factory=list)


def read_ninja(folder: Path, name: str) -> tuple[tuple[Command, ...], tuple[str, ...], Mapping[str, str]]:
    """The commands with an input and an output, the files that were read, and the values at the top.

    Raises:
        OSError: the file cannot be read.
        TooMuchError: its values grow beyond all measure.
    """
    state = _State(folder)
    _read_file(state, name)
    return tuple(state.commands), tuple(state.files), state.values


def _read_file(state: _State, name: str) -> None:
    if len(state.files) >= _MOST_FILES:
        return
    state.files.append(name)
    statement: list[str] = []
    for line in _lines(read_bounded(state.folder / name)):
        if line[:1] in {" ", "\t"}:
            statement.append(line.strip())
        else:
            _carry_out(state, statement)
            statement = [line]
    _carry_out(state, statement)


def _lines(text: str) -> Iterator[str]:
    """The lines that say something; one that ends with `$` goes on in the next, without its indent."""
    pending = ""
    for line in text.replace("\r\n", "\n").split("\n"):
        whole = pending + (line.lstrip() if pending else line)
        dollars = len(whole) - len(whole.rstrip("$"))
        if dollars % 2 and len(whole) < _LONGEST_VALUE:
            pending = whole[:-1]
            continue
        pending = ""
        if whole.strip() and not whole.lstrip().startswith("#"):
            yield whole


def _carry_out(state: _State, statement: list[str]) -> None:
    """One statement with the bindings below it."""
    if not statement:
        return
    head, *body = statement
    bindings = {found["name"]: found["value"] for line in body if (found := _BINDING.fullmatch(line))}
    if head.startswith("rule "):
        state.rules[head.removeprefix("rule ").strip()] = bindings
    elif head.startswith("build "):
        _build(state, head.removeprefix("build "), bindings)
    elif head.startswith(_INCLUDES):
        _include(state, _expand(state, head.partition(" ")[2].strip()))
    elif not head.startswith(("default ", "pool ")) and (found := _BINDING.fullmatch(head.strip())):
        state.values[found["name"]] = _expand(state, found["value"])


def _include(state: _State, name: str) -> None:
    """Another file of the folder; what lies outside is no part of it."""
    inside = (state.folder / name).resolve()
    if inside.is_relative_to(state.folder.resolve()) and inside.is_file() and name not in state.files:
        _read_file(state, name)


def _build(state: _State, head: str, bindings: dict[str, str]) -> None:
    """A build statement: outputs, a colon, the rule, inputs; what stands behind a bar is not compiled."""
    parts = _COLON.split(head, maxsplit=1)
    if len(parts) < 3 or len(state.commands) >= MOST_COMMANDS:
        return
    outputs = _paths(state, parts[0] + parts[1])
    rule, *inputs = _paths(state, parts[2]) or [""]
    command = state.rules.get(rule, {}).get("command")
    # A compilation has one input; a link has many, and its command grows with them.
    if not outputs or len(inputs) != 1 or command is None:
        return
    known = {name: _expand(state, value) for name, value in bindings.items()}
    known |= {"in": _quoted(inputs), "out": _quoted(outputs)}
    text = _expand(state, command, known, state.rules[rule])
    state.commands.append(Command(source=inputs[0], text=text, output=outputs[0]))


def _quoted(paths: list[str]) -> str:
    """Paths as ninja puts them into a command: one with any other character stands in quotes."""
    return " ".join(path if _SAFE.fullmatch(path) else "'" + path.replace("'", "'\\''") + "'" for path in paths)


def _paths(state: _State, text: str) -> list[str]:
    """The paths before the first bar."""
    found = []
    for word in _PATH_END.sub(r"\1\n", text.strip()).split("\n"):
        if word in {"|", "||", "|@"}:
            break
        found.append(_expand(state, word))
    return found


def _expand(
    state: _State, text: str, known: Mapping[str, str] = _NONE, rule: Mapping[str, str] = _NONE, depth: int = 0
) -> str:
    """A text with its references replaced.

    Args:
        state: what has been read so far.
        text: the text.
        known: values of a build statement, which are used as they are.
        rule: values of its rule, which are expanded where they are used.
        depth: how many values refer to this one.

    Raises:
        TooMuchError: the values grow beyond all measure.
    """
    if "$" not in text:
        return text
    if depth > _DEPTH:
        raise TooMuchError("its values refer to each other without end")

    def value(found: re.Match[str]) -> str:
        if found["plain"] is not None:
            return found["plain"]
        name = found["braced"] or found["name"]
        if name in known:
            return known[name]
        return _expand(state, rule[name], known, rule, depth + 1) if name in rule else state.values.get(name, "")

    result = _REFERENCE.sub(value, text)
    state.expanded += len(result)
    if len(result) > _LONGEST_VALUE or state.expanded > _MOST_TEXT:
        raise TooMuchError("its values are longer than any build's")
    return result
