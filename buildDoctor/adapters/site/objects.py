"""The shared objects of an environment's packages, found fast: a torch alone has ten thousand files."""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from pathlib import Path

_MOST_FOLDERS = 50_000
_MOST_OBJECTS = 4_000
_LEAST_BYTES = 4_096
"""An ELF file with device code has more."""
_HEADERS, _SECTION = struct.Struct("<HHH"), struct.Struct("<QQ")
_LARGEST_NAMES = 1 << 20
_PASSED_OVER = frozenset({"nvidia", "__pycache__", "include", "tests", "node_modules"})
"""NVIDIA's own libraries fit the toolkit that they come with; the others hold no libraries."""
_BUNDLED_CASE = f"{os.sep}buildDoctor{os.sep}demo"
"""Where build-doctor itself is installed: its demonstration has a shared object that nothing ever loads."""


def shared_objects_of(folder: Path) -> Iterator[tuple[str, Path]]:
    """The shared objects below a site-packages folder in a fixed order, each with the name of what it lies in.

    Args:
        folder: the folder; links to other folders are not followed.
    """
    pending, folders, found = [("", str(folder))], 0, 0
    while pending and folders < _MOST_FOLDERS:
        top, current = pending.pop()
        folders += 1
        try:
            entries = sorted(os.scandir(current), key=lambda entry: entry.name)
        except OSError:
            continue
        below = []
        for entry in entries:
            name = entry.name
            if entry.is_dir(follow_symlinks=False):
                if name not in _PASSED_OVER and not name.endswith("-info") and not entry.path.endswith(_BUNDLED_CASE):
                    below.append((top or name, entry.path))
            elif (name.endswith(".so") or ".so." in name) and _is_large(entry):
                found += 1
                yield top or name, Path(entry.path)
                if found >= _MOST_OBJECTS:
                    return
        pending += reversed(below)


def may_hold_device_code(path: Path) -> bool:
    """Whether the names of a file's sections speak of device code: 64 bytes and those names are read, no more.

    An ELF header has the place of the section headers at byte 40, and their size, number and the one of the names at
    byte 58 (ELF-64 Object File Format, 3). What is not such a file may hold it.
    """
    try:
        with path.open("rb", buffering=0) as stream:
            head = stream.read(64)
            if len(head) < 64 or head[:6] != b"\x7fELF\x02\x01":
                return True
            headers = int.from_bytes(head[40:48], "little")
            size, _number, names = _HEADERS.unpack_from(head, 58)
            stream.seek(headers + size * names)
            section = stream.read(64)
            offset, length = _SECTION.unpack_from(section, 24)
            stream.seek(offset)
            return b"fatbin" in stream.read(min(length, _LARGEST_NAMES)).lower()
    except (OSError, ValueError, OverflowError, struct.error):
        return True


def module_of(folder: Path, path: Path) -> str:
    """The name by which Python imports a shared object; empty for one whose name is not that of a module.

    Args:
        folder: the site-packages folder.
        path: the shared object.
    """
    *parents, name = path.relative_to(folder).parts
    stem, *rest = name.split(".")
    words = [*parents, stem]
    is_module = rest in (["so"], ["abi3", "so"]) or (len(rest) == 2 and rest[0].startswith("cpython-"))
    return (
        ".".join(words)
        if is_module and all(word.isidentifier() for word in words) and not stem.startswith("lib")
        else ""
    )


def _is_large(entry: os.DirEntry[str]) -> bool:
    try:
        return not entry.is_symlink() and entry.stat().st_size >= _LEAST_BYTES
    except OSError:
        return False
