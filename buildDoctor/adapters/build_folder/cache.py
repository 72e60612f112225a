"""What CMake keeps of a configuration: its cache, and what it found out about nvcc.

The form of an entry, `NAME:TYPE=VALUE` with comments behind `#` and `//`, is that of CMake's own documentation of
CMakeCache.txt; a name with a colon stands in quotes.
"""

from __future__ import annotations

import re
from itertools import islice
from pathlib import Path

from buildDoctor.adapters.build_folder.files import read_bounded

_ENTRY = re.compile(
    r'^(?:"(?P<quoted>[^"\n]+)"|(?P<name>[^\s:="#/][^:=\n]*)):(?P<type>[A-Z]+)=(?P<value>.*)$', re.MULTILINE
)
_VERSION = re.compile(r'^set\(CMAKE_CUDA_COMPILER_VERSION "(\d{1,3}(?:\.\d{1,4}){1,3})"\)$', re.MULTILINE)
_CMAKE_VERSION = re.compile(r"\d{1,3}\.\d{1,4}[\w.-]{0,40}", re.ASCII)
_LARGEST_CACHE = 8 * 1024 * 1024
_LARGEST_COMPILER_FILE = 1024 * 1024
_MOST_ENTRIES = 10_000


def read_cache(file: Path) -> dict[str, str]:
    """The entries of a CMakeCache.txt by name.

    Raises:
        OSError: the file cannot be read.
    """
    text = read_bounded(file, _LARGEST_CACHE).replace("\r\n", "\n")
    # CMake puts a value that begins or ends with a space between single quotes.
    return {(e["quoted"] or e["name"]): _unquoted(e["value"]) for e in _ENTRY.finditer(text)}


def _unquoted(value: str) -> str:
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] == "'" else value


def compiler_version(folder: Path) -> tuple[str, str] | None:
    """The version of nvcc that a build folder was configured with, and the file that says it."""
    for entry in _entries(folder / "CMakeFiles"):
        file = f"CMakeFiles/{entry}/CMakeCUDACompiler.cmake"
        try:
            found = _VERSION.search(read_bounded(folder / file, _LARGEST_COMPILER_FILE))
        except OSError:
            continue
        if found:
            return found[1], file
    return None


def _entries(folder: Path) -> list[str]:
    """The folders that are named like versions of CMake, the newest first, as a newer CMake leaves the older one's."""
    try:
        names = [
            entry.name for entry in islice(folder.iterdir(), _MOST_ENTRIES) if _CMAKE_VERSION.fullmatch(entry.name)
        ]
    except OSError:
        return []
    return sorted(names, key=lambda name: [int(n) for n in re.findall(r"\d{1,9}", name)], reverse=True)
