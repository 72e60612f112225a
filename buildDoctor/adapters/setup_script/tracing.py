"""The trace of every change to a list of architectures or of flags that name them."""

from __future__ import annotations

import ast
import re
from typing import cast

from buildDoctor.adapters.setup_script.interpreter import Interpreter, words_of
from buildDoctor.adapters.setup_script.scope import ABSENT
from buildDoctor.adapters.setup_script.values import Items, Value
from buildDoctor.core.evidence import Step
from buildDoctor.core.plan.nvcc_flags import architecture_of, named_architectures

_MOST_STEPS = 2_000
_MOST_LOOKED_AT = 400
_ABOUT_ARCHITECTURES = re.compile(r"arch|gencode|capabilit|(?:^|_)(?:sm|cc|compute)s?(?:$|_)", re.IGNORECASE)
_FLAG = re.compile(r"(?:compute|sm)_\d")
_SEPARATORS = re.compile(r"[;, ]+")


def note_lists(run: Interpreter, statement: ast.stmt) -> None:
    """Note what a statement made of the list that it names."""
    for name in _names(statement):
        if len(run.steps) >= _MOST_STEPS:
            return
        after = architectures_in(name, run.scope.get(name))
        before = run.scope.shown.get(name)
        if after is None or after == (before or ()):
            continue
        run.scope.shown[name] = after
        run.steps.append(
            Step(
                variable=name, before=before, after=after, command=words_of(statement),
                file=run.scope.file, line=statement.lineno,
            )
        )  # fmt: skip


def _names(statement: ast.stmt) -> list[str]:
    """The plain names that a statement sets, or whose method it calls."""
    if isinstance(statement, ast.Assign):
        return [target.id for target in statement.targets if isinstance(target, ast.Name)]
    if isinstance(statement, ast.AugAssign | ast.AnnAssign) and isinstance(statement.target, ast.Name):
        return [statement.target.id]
    called = statement.value.func if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call) else None
    if isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name):
        return [called.value.id]
    return []


def architectures_in(name: str, value: Value) -> tuple[str, ...] | None:
    """The architectures that a value holds, when it is a list of them or of flags; nothing else."""
    if value is ABSENT:
        return None
    if isinstance(value, str) and _ABOUT_ARCHITECTURES.search(name):
        value = Items(part for part in _SEPARATORS.split(value) if part)
    if not isinstance(value, Items | tuple) or len(value) > _MOST_LOOKED_AT:
        return None
    texts = [item for item in value if isinstance(item, str)]
    if any(_FLAG.search(text) for text in texts):
        return named_architectures(texts)
    if not _ABOUT_ARCHITECTURES.search(name) or len(texts) != len(value):
        return None
    plain = [architecture_of(text) for text in texts]
    return None if None in plain else cast("tuple[str, ...]", tuple(plain))
