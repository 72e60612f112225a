"""The version of a copy of CUTLASS, from its own header."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from buildDoctor.adapters.small_files import read_small
from buildDoctor.core.evidence import CutlassCopy

HEADER = "include/cutlass/version.h"
"""Where a copy of CUTLASS says its version, from the folder of the copy (NVIDIA/cutlass, include/cutlass/version.h)."""
_LARGEST = 1 << 16
_NUMBERS = tuple(re.compile(rf"^#define\s+CUTLASS_{part}\s+(\d{{1,4}})\b", re.MULTILINE | re.ASCII)
    for part in ("MAJOR", "MINOR", "PATCH"))  # fmt: skip
_IN_TREE = (
    "third_party/cutlass", "3rdparty/cutlass", "csrc/cutlass", "csrc/third_party/cutlass",
)  # fmt: skip


def copies_in(root: Path, folders: Iterable[str]) -> tuple[CutlassCopy, ...]:
    """The copies of CUTLASS below a folder.

    Args:
        root: the folder that places are named from.
        folders: where a copy may lie below it.
    """
    found = ((f"{folder}/{HEADER}", _version(root / folder / HEADER)) for folder in dict.fromkeys(folders))
    return tuple(CutlassCopy(version=version, place=place) for place, version in found if version)


def copies_of_tree(tree: Path) -> tuple[CutlassCopy, ...]:
    """The copies that a source tree brings, where projects keep them.

    Args:
        tree: the folder of the source tree.
    """
    return copies_in(tree, _IN_TREE)


def _version(header: Path) -> str:
    """The version that a header states; empty for none."""
    text = read_small(header, _LARGEST) or ""
    numbers = [found[1] for number in _NUMBERS if (found := number.search(text))]
    return ".".join(numbers) if len(numbers) == len(_NUMBERS) else ""
