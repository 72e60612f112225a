"""Mistakes in files, each with the line it is about."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from buildDoctor.adapters.toml_files import BadFileError, FileProblem, read_text
from buildDoctor.faces.wording import visible

_WIDEST = 100


def problem_text(problem: FileProblem) -> str:
    """A problem with the line of the file beneath it and a mark at the column."""
    line = _line(problem)
    if not line.strip():
        return f"{visible(str(problem))}\n"
    column = problem.column - 1
    # A long line is shown around the column.
    start = max(0, column - _WIDEST // 2) if len(line) > _WIDEST else 0
    shown = visible(line[start : start + _WIDEST].expandtabs(1))
    return f"{visible(str(problem))}\n    {shown}\n    {' ' * (column - start)}^\n"


def problem_texts(problems: Iterable[FileProblem]) -> str:
    """All problems, by file and line, each once."""
    return "".join(map(problem_text, sorted(dict.fromkeys(problems))))


def _line(problem: FileProblem) -> str:
    if not problem.line:
        return ""
    try:
        lines = read_text(Path(problem.file)).split("\n")
    except (BadFileError, IsADirectoryError):
        return ""
    return lines[problem.line - 1].rstrip("\r") if problem.line <= len(lines) else ""
