"""The build scripts of a tree, and the refusal of those that reach for what the replay keeps from them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path

from msgspec import Struct

from buildDoctor.adapters.cmake.lexing import calls

_LARGEST_SCRIPT = 4 * 1024 * 1024
_MOST_SCRIPTS = 5_000
_MOST_FOLDERS = 50_000
_SKIPPED = frozenset({".git", ".deps", "node_modules", "__pycache__", ".venv"})
ROOT_SCRIPT = "CMakeLists.txt"
_ENDS = (".cmake", ROOT_SCRIPT)
_MARK = "\ufeff"
"""CMake skips it at the start of a script."""
# `_file` and `_include` are the names under which CMake keeps the commands that the replay replaces.
_RESERVED = re.compile(r"_+(?:file|include)", re.IGNORECASE)
_LETTERS = ("_file", "_include")
_FINDS_TORCH = re.compile(r"find_package[ \t]*\([ \t\r\n]*(?:Torch|Caffe2)\b", re.IGNORECASE)
_BY_CMAKE = re.compile(r"CUDA_ARCHITECTURES|\b(?:enable_language|project)[ \t]*\([^()]*\bCUDA\b", re.IGNORECASE)
_MAYBE_RESERVED = re.compile(rf"{_RESERVED.pattern}[ \t\r]*\(", re.IGNORECASE)


class Way(StrEnum):
    """How the scripts of a tree take the architectures that a build is asked for."""

    TORCH = "torch"
    """They find torch, which makes flags of TORCH_CUDA_ARCH_LIST."""
    CMAKE = "cmake"
    """By CMAKE_CUDA_ARCHITECTURES."""
    FLAGS = "flags"
    """They name neither: what stands in CMAKE_CUDA_FLAGS is all that they can see."""


class Scripts(Struct, frozen=True):
    """The scripts of a tree that may be run."""

    names: tuple[str, ...]
    """Their paths relative to the tree."""
    refusal: str | None = None
    """Why none of them is run, with file and line."""
    way: Way = Way.FLAGS
    """How they take the request."""


def read_scripts(tree: Path, changed: Mapping[str, str] | None = None) -> Scripts:
    """Every script of a tree, or why they are not run.

    Args:
        tree: the folder that holds CMakeLists.txt.
        changed: texts that take the place of scripts, by path relative to the tree.
    """
    texts = dict(changed or {})
    names = tuple(dict.fromkeys((*scripts_of(tree), *texts)))
    if ROOT_SCRIPT not in names:
        return Scripts((), f"there is no {ROOT_SCRIPT} that is a file")
    way = Way.FLAGS
    for name in names:
        text, refusal = _looked_through(tree, name, texts)
        if refusal is not None:
            return Scripts(names, refusal)
        if way is not Way.TORCH:
            way = Way.TORCH if _FINDS_TORCH.search(text) else Way.CMAKE if _BY_CMAKE.search(text) else way
    return Scripts(names, way=way)


def _looked_through(tree: Path, name: str, texts: Mapping[str, str]) -> tuple[str, str | None]:
    """The text of a script, and why it keeps the tree from being run, if it does."""
    try:
        text = texts[name] if name in texts else _read(tree / name)
    except OSError as error:
        return "", f"{name}: the script cannot be read: {error.strerror}"
    if text is None:
        return "", f"{name}: the file is larger than {_LARGEST_SCRIPT // 1024 // 1024} MiB, which no build script is"
    at = reserved_call(text)
    if at is None:
        return text, None
    call, position = at
    return text, (
        f"{name}:{text.count(chr(10), 0, position) + 1} calls {call}, which could reach outside the replay; "
        "the tree is not run. Remove the call on a copy to examine the rest"
    )


def reserved_call(text: str) -> tuple[str, int] | None:
    """The first call of a command that the replay keeps for itself."""
    # Most scripts do not hold the letters at all, and need no lexer.
    lower = text.lower()
    if not any(letters in lower for letters in _LETTERS) or not _MAYBE_RESERVED.search(text):
        return None
    return next(((name, at) for name, at in calls(text.removeprefix(_MARK)) if _RESERVED.fullmatch(name)), None)


def scripts_of(tree: Path) -> Iterator[str]:
    """The path of every CMake script of a tree, in a fixed order; links to folders are not followed."""
    found, folders, pending = 0, 0, [""]
    while pending and folders < _MOST_FOLDERS:
        prefix = pending.pop()
        folders += 1
        scripts, below = _entries(f"{tree}/{prefix}")
        for name in scripts:
            found += 1
            if found > _MOST_SCRIPTS:
                return
            yield prefix + name
        pending += [f"{prefix}{name}/" for name in below]


def _is_file(entry: os.DirEntry[str]) -> bool:
    """Whether it is a file, or a link to one: a pipe or a device that is named like a script is none."""
    try:
        return entry.is_file()
    except OSError:
        return False


def _entries(folder: str) -> tuple[list[str], list[str]]:
    """The names of the scripts and of the folders in a folder, each in order."""
    scripts, below = [], []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                name = entry.name
                if name.endswith(_ENDS) and (name == ROOT_SCRIPT or not name.endswith(ROOT_SCRIPT)):
                    if _is_file(entry):
                        scripts.append(name)
                elif entry.is_dir(follow_symlinks=False) and name not in _SKIPPED:
                    below.append(name)
    except OSError:
        return [], []
    return sorted(scripts), sorted(below)


def _read(script: Path) -> str | None:
    """The text of a script; `None` when it is too large to be one."""
    with script.open("rb") as stream:
        content = stream.read(_LARGEST_SCRIPT + 1)
    return None if len(content) > _LARGEST_SCRIPT else content.decode(errors="replace")


def text_of(script: Path) -> str:
    """The text of a script; empty when it cannot be read or is too large to be one."""
    try:
        return (_read(script) or "") if script.is_file() else ""
    except OSError:
        return ""
