"""The JSON Schema of the report with a description of every field, from the words that stand beneath it in the source."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from buildDoctor.adapters.evidence_words import evidence_words
from buildDoctor.core.comparing import changes

_TITLE = "build-doctor report, version 1"
_DRAFT = "https://json-schema.org/draft/2020-12/schema"
Words = dict[str, dict[str, str]]


def described(root: type[msgspec.Struct]) -> dict[str, Any]:
    """The JSON Schema of a type and all that is in it."""
    made: dict[str, Any] = msgspec.json.schema(root)
    words = _words()
    for name, shape in made["$defs"].items():
        for field, about in shape.get("properties", {}).items():
            if text := words.get(name, {}).get(field):
                shape["properties"][field] = {"description": text, **_without_default(about)}
    return {"$schema": _DRAFT, "title": _TITLE, **made}


def _without_default(about: dict[str, Any]) -> dict[str, Any]:
    """A field that is absent was not seen: a default of `null` would say that it is written so."""
    plain = {key: value for key, value in about.items() if key != "default"}
    others = [one for one in plain.get("anyOf", ()) if one != {"type": "null"}]
    if len(others) == 1 and len(others) < len(plain["anyOf"]):
        del plain["anyOf"]
        plain |= others[0]
    return plain


def _words() -> Words:
    """For each type the words of its fields: its own, else those of the type of the same name in the core."""
    found: Words = {name: dict(fields) for name, fields in evidence_words().items()}
    sources = [Path(changes.__file__), *sorted(Path(__file__).parent.glob("json_v1*.py"))]
    for source in sources:
        for name, field, text in _fields(source):
            found.setdefault(name, {})[field] = text
    return found


def _fields(source: Path) -> Iterator[tuple[str, str, str]]:
    """The type, name and words of each field of a module."""
    for node in ast.parse(source.read_text(encoding="utf-8")).body:
        if not isinstance(node, ast.ClassDef):
            continue
        for part, following in zip(node.body, node.body[1:], strict=False):
            if isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name) and (text := _text(following)):
                yield node.name, part.target.id, text


def _text(part: ast.stmt) -> str:
    if isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant) and isinstance(part.value.value, str):
        return " ".join(part.value.value.split())
    return ""
