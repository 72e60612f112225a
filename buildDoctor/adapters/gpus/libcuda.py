"""The libcuda.so.1 that a program started here loads: found as the loader finds it, by names alone, and never loaded.

The order is that of ld.so(8): LD_LIBRARY_PATH, then what ldconfig knows from /etc/ld.so.conf, then the system's folders.
The file behind the link carries the driver's version in its name: `libcuda.so.580.159.04`.
"""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from msgspec import Struct

from buildDoctor.adapters.gpus.files import text_of

NAME = "libcuda.so.1"
_MOST_FOLDERS = 256
_MOST_DEPTH = 4
_MOST_FILES = 1_000
"""Files of a configuration that are read; each may include many, and those many more."""
_FULL_NAME = re.compile(r"libcuda\.so\.(\d{3,4}\.\d+(?:\.\d+)?)")
_LINE = re.compile(r"^\s*(include\s+)?([^\s#:,]+)", re.MULTILINE)
_KINDS = (("/compat", "compat"), ("/stubs", "stub"), ("/wsl/", "wsl"), ("/tegra", "tegra"))
_STUB_BYTES = 1 << 18
"""A stub has no code: 60 to 200 KB, where the driver's own library has tens of megabytes."""


class Library(Struct, frozen=True):
    """A libcuda."""

    path: str
    """Where it was found; empty when nowhere."""
    version: str
    """From the name behind the link; empty when that has none."""
    kind: str
    found_by: str
    """What led to it."""


def find_libcuda(variables: Mapping[str, str], root: Path) -> Library:
    """The libcuda that a program loads which is started with these variables."""
    for folder, why in _folders(variables, root):
        path = _below(root, folder) / NAME
        # Unlike a path's own method, this raises for no name.
        if os.path.isfile(path):  # noqa: PTH113  see above
            target = _target(path, root)
            version = _FULL_NAME.fullmatch(target.name)
            return Library(
                f"{folder.rstrip('/')}/{NAME}", version[1] if version else "", _kind(folder, target, root), why
            )
    return Library("", "", "", "the folders of the loader")


def _target(path: Path, root: Path) -> Path:
    """The file behind a link, with absolute links read as below the root."""
    for _ in range(_MOST_DEPTH):
        try:
            link = path.readlink()
        except OSError:
            return path
        path = _below(root, str(link)) if link.is_absolute() else path.parent / link
    return path


def _kind(folder: str, target: Path, root: Path) -> str:
    place = f"{folder}/ /{os.path.normpath(target.relative_to(root) if target.is_relative_to(root) else target)}"
    named = next((kind for part, kind in _KINDS if part in place), None)
    if named is not None:
        return named
    try:
        return "stub" if target.stat().st_size < _STUB_BYTES and not _FULL_NAME.fullmatch(target.name) else "driver"
    except OSError:
        return "driver"


def _folders(variables: Mapping[str, str], root: Path) -> Iterator[tuple[str, str]]:
    """The folders of the loader in their order, each with what names it."""
    listed = re.split(r"[:;]", variables.get("LD_LIBRARY_PATH", "")) if variables.get("LD_LIBRARY_PATH") else []
    for folder in listed[:_MOST_FOLDERS]:
        if folder.startswith("/"):
            yield folder, "LD_LIBRARY_PATH"
    for count, (folder, file) in enumerate(_configured(root, "/etc/ld.so.conf", 0, set())):
        if count >= _MOST_FOLDERS:
            return
        yield folder, file
    machine = platform.machine()
    for folder in (
        f"/lib/{machine}-linux-gnu",
        f"/usr/lib/{machine}-linux-gnu",
        "/lib64",
        "/usr/lib64",
        "/lib",
        "/usr/lib",
    ):
        yield folder, "the system's folders"


def _configured(root: Path, file: str, depth: int, read: set[str]) -> Iterator[tuple[str, str]]:
    """The folders that a configuration of ldconfig names, and the file that does; what it includes stands in its place.

    A file is read once: what it names a second time has no weight in a search.
    """
    if depth > _MOST_DEPTH or file in read or len(read) >= _MOST_FILES:
        return
    read.add(file)
    for include, word in _LINE.findall(text_of(_below(root, file))):
        if not include:
            if word.startswith("/"):
                yield word, file
            continue
        pattern = word if word.startswith("/") else f"{Path(file).parent}/{word}"
        folder, _, name = pattern.rpartition("/")
        try:
            names = sorted(path.name for path in _below(root, folder).glob(name) if path.is_file())[:_MOST_FOLDERS]
        except (OSError, ValueError, NotImplementedError):
            names = []
        for one in names:
            yield from _configured(root, f"{folder}/{one}", depth + 1, read)


def _below(root: Path, path: str) -> Path:
    return root / path.lstrip("/")
