"""What stands around a command in the text of a build script: its block, its raw arguments, its own name."""

from __future__ import annotations

import re
from functools import lru_cache

_NOISE = re.compile(
    r"#\[(?P<hash>=*)\[.*?\](?P=hash)\]|#[^\n]*|\[(?P<bracket>=*)\[.*?\](?P=bracket)\]|\"(?:[^\"\\]|\\.)*\"", re.DOTALL
)
_BLOCK = re.compile(r"^[ \t]*(if|endif)[ \t]*\(", re.IGNORECASE | re.MULTILINE)
_NAMED = re.compile(
    r"message\s*\(\s*STATUS\s+\"(?:Not )?[Bb]uilding\s+(?P<name>[^\"$]+?)(?:\s+kernels?)?\s*(?:\s(?:for|as|kernels)\b|\"|:)"
)
_ELSE = re.compile(r"^[ \t]*(?:else|elseif)[ \t]*\(", re.IGNORECASE | re.MULTILINE)
_SPELT_SOURCE = re.compile(r"[\w./-]+\.(?:cu|cpp|cc|cxx)\b")
_SPELT_MACRO = re.compile(r"-D(\w+(?:=\w+)?)")
_REFERENCE = re.compile(r"\$\{(\w+)\}")
_COMMAND_END = 4_000


def _blanked(found: re.Match[str]) -> str:
    """The same number of lines without the text, so that positions keep their meaning."""
    return re.sub(r"[^\n]", " ", found[0])


@lru_cache(maxsize=64)
def _bare(text: str) -> str:
    """A script without comments and quoted text."""
    return _NOISE.sub(_blanked, text)


@lru_cache(maxsize=64)
def _line_starts(text: str) -> tuple[int, ...]:
    """Where each line begins."""
    return (0, *(found.end() for found in re.finditer("\n", text)))


def _offset(text: str, line: int) -> int:
    """Where a line begins; the end of the text behind the last one."""
    starts = _line_starts(text)
    return starts[line - 1] if line <= len(starts) else len(text)


def end_of_block(text: str, line: int) -> int:
    """The line of the `endif` that closes the `if` of a line; the last line when there is none."""
    bare = _bare(text)
    start, depth = _offset(bare, line), 0
    for found in _BLOCK.finditer(bare, start):
        depth += 1 if found[1].lower() == "if" else -1
        if depth <= 0:
            return bare.count("\n", 0, found.start(1)) + 1
    return bare.count("\n") + 1


def name_of_block(text: str, first_line: int, last_line: int) -> str | None:
    """What the messages of a block call the thing that it builds, such as `NVFP4`."""
    block = text[_offset(text, first_line) : _offset(text, last_line + 1)]
    found = _NAMED.search(block)
    return found["name"].strip() if found else None


def referenced_variables(text: str, line: int) -> tuple[str, ...]:
    """The variables that the command of a line names in its arguments, in their order."""
    start = _offset(text, line)
    command = text[start : start + _COMMAND_END]
    return tuple(_REFERENCE.findall(command[: command.find(")") + 1]))


def spelt_in_block(text: str, first_line: int, last_line: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The source files and the macros that the first branch of a block spells out, whether or not it is taken."""
    start = _offset(text, first_line)
    block = text[start : _offset(text, last_line + 1)]
    # A branch of an `if` inside the block is cut as well: what is built only sometimes is not claimed.
    otherwise = _ELSE.search(_bare(text)[start : start + len(block)])
    branch = block[: otherwise.start()] if otherwise else block
    return tuple(dict.fromkeys(_SPELT_SOURCE.findall(branch))), tuple(dict.fromkeys(_SPELT_MACRO.findall(branch)))
