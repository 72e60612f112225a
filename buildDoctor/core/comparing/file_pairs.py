"""Which file of one build is which file of another: by its place, else by what is in it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct

from buildDoctor.core.evidence import Binary
from buildDoctor.core.models.operations import plain_name

_SUFFIX = re.compile(
    r"(\.abi3|\.cpython-[\w-]+|\.cp\d+[\w-]*)?(\.so(\.\d+)*|\.pyd|\.dll|\.o|\.a|\.cubin|\.fatbin|\.ptx)$"
)
_ENOUGH_IN_COMMON = 0.3
"""Files with a smaller part of their kernels in common are different ones."""


class Pair(Struct, frozen=True):
    """A file of the first build and the same one of the second; one of them is absent when it came or went."""

    before: Binary | None
    after: Binary | None
    path_before: str
    path_after: str


def pairs(before: Mapping[str, Binary], after: Mapping[str, Binary]) -> tuple[Pair, ...]:
    """The files of two builds, each with its counterpart.

    Args:
        before: the files of the first build, by their paths within it.
        after: those of the second.
    """
    if len(before) == len(after) == 1:
        return tuple(Pair(b, a, x, y) for (x, b), (y, a) in zip(before.items(), after.items(), strict=True))
    found = {path: path for path in before if path in after}
    _add(found, before, after, {stem(path): path for path in after})
    left = [(x, y) for x in before if x not in found for y in after if y not in found.values()]
    likely = ((likeness(Pair(before[x], after[y], x, y)), x, y) for x, y in left)
    for alike, path_before, path_after in sorted(likely, reverse=True):
        taken = path_before in found or path_after in found.values()
        if not taken and alike >= _ENOUGH_IN_COMMON:
            found[path_before] = path_after
    matched = [Pair(b, after.get(found.get(x, "")), x, found.get(x, "")) for x, b in before.items()]
    new = [Pair(None, a, "", y) for y, a in after.items() if y not in found.values()]
    return tuple(sorted([*matched, *new], key=lambda pair: pair.path_before or pair.path_after))


def _add(
    found: dict[str, str], before: Mapping[str, Binary], after: Mapping[str, Binary], by_stem: Mapping[str, str]
) -> None:
    """Match what differs in the suffix alone, such as `_C.cpython-312-x86_64-linux-gnu.so` and `_C.abi3.so`."""
    for path in before:
        other = by_stem.get(stem(path))
        if path not in found and other is not None and other in after and other not in found.values():
            found[path] = other


def stem(path: str) -> str:
    """A path without what says for which Python and system the file is."""
    return _SUFFIX.sub("", path)


def likeness(pair: Pair) -> float:
    """How much two files are alike, from 0 to 1: by the functions that their kernels are made of, and by their names."""
    one, other = (_functions(binary or Binary()) for binary in (pair.before, pair.after))
    common = len(one & other) / min(len(one), len(other)) if one and other else 0.0
    return (common + _alike_in_name(stem(pair.path_before), stem(pair.path_after))) / 2


def _alike_in_name(one: str, other: str) -> float:
    """1 for one name in two folders, or when one continues the other, as `_C_stable_libtorch` does `_C`; else 0."""
    if one.rpartition("/")[2] == other.rpartition("/")[2]:
        return 1.0
    shorter, longer = sorted((one, other), key=len)
    return 1.0 if longer.startswith((f"{shorter}_", f"{shorter}-")) else 0.0


def _functions(binary: Binary) -> set[str]:
    """The plain names of a file's kernels: template arguments change from build to build."""
    return {plain_name(kernel.name) or kernel.name for kernel in binary.kernels or () if kernel.name}
