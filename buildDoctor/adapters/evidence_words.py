"""What each field of the evidence means, in the words that stand beneath it in the source."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from buildDoctor.core import evidence

Words = Mapping[str, Mapping[str, str]]
"""For each class of the evidence its fields, in their order, with what each means; under the empty name the class."""


@cache
def evidence_words() -> Words:
    """The words for every field; none where the source is not at hand."""
    try:
        source = Path(evidence.__file__).read_text(encoding="utf-8")
    except OSError:
        return {}
    classes = (node for node in ast.parse(source).body if isinstance(node, ast.ClassDef))
    return {node.name: {"": ast.get_docstring(node) or "", **_fields(node)} for node in classes}


def _fields(node: ast.ClassDef) -> dict[str, str]:
    found: dict[str, str] = {}
    for part, following in zip(node.body, [*node.body[1:], None], strict=True):
        if isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name):
            found[part.target.id] = _text(following)
    return found


def _text(part: ast.stmt | None) -> str:
    if isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant) and isinstance(part.value.value, str):
        return " ".join(part.value.value.split())
    return ""
