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
    classes: dict[str, dict[str, str]] = {}
    for module in sorted(Path(evidence.__file__).parent.glob("*.py")):
        try:
            body = ast.parse(module.read_text(encoding="utf-8")).body
        except OSError:
            continue
        found = (node for node in body if isinstance(node, ast.ClassDef))
        classes |= {node.name: {"": ast.get_docstring(node) or "", **_fields(node)} for node in found}
    return classes


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
