"""The lines of a script around one that the plan names."""

from __future__ import annotations

from pathlib import Path

from buildDoctor.core.evidence import Plan

_LARGEST_SCRIPT = 4_000_000
_AROUND = 3


def excerpt(plan: Plan, file: str, line: int) -> tuple[tuple[int, str], ...]:
    """The lines around one of a script of the plan's tree, each with its number; none when they cannot be read.

    Args:
        plan: the plan whose tree is meant.
        file: the script, relative to the tree.
        line: the line, from 1.
    """
    tree = Path(plan.source or "")
    path = tree / file
    try:
        inside = path.resolve().is_relative_to(tree.resolve())
        if not inside or not path.is_file() or path.stat().st_size > _LARGEST_SCRIPT:
            return ()
        lines = path.read_text(encoding="utf-8", errors="replace").split("\n")
    except OSError:
        return ()
    first = max(line - _AROUND, 1)
    return tuple(enumerate(lines[first - 1 : line + _AROUND], first))
