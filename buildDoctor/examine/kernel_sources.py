"""Which sources of a plan define a kernel, read from their text: the plan itself knows files only."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from buildDoctor.core.errors import RequestError
from buildDoctor.core.evidence import Plan
from buildDoctor.core.language.globs import glob_matcher

_LARGEST_SOURCE = 2 * 1024 * 1024
_MOST_SOURCES = 2_000
_MOST_INCLUDES = 64
_KERNEL = re.compile(
    r"__global__\s+(?:(?:void|static|inline|__forceinline__)\s+)*"
    r"(?:__launch_bounds__\s*\((?:[^()]|\([^()]*\)){0,400}\)\s*)?(?:void\s+)?(?P<name>\w+)\s*\("
)
_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*"([^"\n]+)"', re.MULTILINE)


def kernel_sources(plan: Plan, tree: Path, pattern: str) -> dict[str, tuple[str, ...]]:
    """The sources that define a kernel whose name fits, by kernel.

    A kernel counts as defined where `__global__` stands before its name, in the source or in a header of the tree that
    the source includes itself.

    Args:
        plan: the plan with the sources.
        tree: the source tree.
        pattern: the name of the kernel, or a pattern with `*`; upper and lower case are not told apart.

    Raises:
        RequestError: the pattern is too long.
    """
    try:
        fits = glob_matcher(pattern.lower())
    except ValueError as error:
        raise RequestError(str(error)) from error
    paths = dict.fromkeys(source.path for source in plan.sources or ())
    paths.update(dict.fromkeys(path for feature in plan.features or () for path in feature.sources or ()))
    found: dict[str, list[str]] = {}
    for path, _number in zip(filter(None, paths), range(_MOST_SOURCES), strict=False):
        for name in dict.fromkeys(_defined(tree.resolve(), path, fits)):
            found.setdefault(name, []).append(path)
    return {name: tuple(found[name]) for name in sorted(found)}


def _defined(tree: Path, path: str, fits: Callable[[str], bool]) -> Iterator[str]:
    text = _text(tree, tree / path)
    includes = list(dict.fromkeys(_INCLUDE.findall(text)))[:_MOST_INCLUDES]
    folders = ((tree / path).parent, tree, tree / "csrc")
    headers = (next(filter(None, (_text(tree, folder / name) for folder in folders)), "") for name in includes)
    for part in (text, *headers):
        yield from (found["name"] for found in _KERNEL.finditer(part) if fits(found["name"].lower()))


def _text(tree: Path, file: Path) -> str:
    """The text of a file of the tree; empty when it is none, lies elsewhere or is too large."""
    try:
        real = file.resolve()
        if not real.is_relative_to(tree) or not real.is_file() or real.stat().st_size > _LARGEST_SOURCE:
            return ""
        return real.read_text(encoding="utf-8", errors="replace")
    except (OSError, RuntimeError, ValueError):
        return ""
