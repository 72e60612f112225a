"""The schema for editors says what the program reads."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import tomli

from buildDoctor.adapters.evidence_words import evidence_words
from buildDoctor.core.rules.format import EXAMPLE_KEYS, FIX_KEYS, RULE_KEYS

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "rules").rglob("*.toml"))
SCHEMA = json.loads((ROOT / "rules" / "rule-v1.schema.json").read_text(encoding="utf-8"))
RULE = tomli.loads(FILES[0].read_text(encoding="utf-8"))


def page_maker(name: str) -> Any:
    spec = importlib.util.spec_from_file_location(name, ROOT / "docs" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def mistakes(rule: dict[str, Any]) -> list[str]:
    return [error.message for error in jsonschema.Draft4Validator(SCHEMA).iter_errors(rule)]


def test_the_shipped_schema_is_current() -> None:
    """`python docs/make_rule_schema.py` would change nothing."""
    assert page_maker("make_rule_schema").text() == (ROOT / "rules" / "rule-v1.schema.json").read_text(encoding="utf-8")


def test_the_schema_is_one() -> None:
    """Of draft 4, which is what editors for TOML read."""
    jsonschema.Draft4Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("file", [pytest.param(file, id=file.stem) for file in FILES])
def test_every_rule_is_valid_and_points_to_the_schema(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    first = text.split("\n")[0]

    assert mistakes(tomli.loads(text)) == []
    assert first == "#:schema ../rule-v1.schema.json"
    assert (file.parent / first.removeprefix("#:schema ")).resolve() == ROOT / "rules" / "rule-v1.schema.json"


def test_the_schema_has_every_key_with_words() -> None:
    fix, example = (SCHEMA["properties"][key]["items"]["properties"] for key in ("fix", "example"))

    for properties, keys in ((SCHEMA["properties"], RULE_KEYS), (fix, FIX_KEYS), (example, EXAMPLE_KEYS)):
        assert tuple(properties) == keys
        assert all(entry["description"] for entry in properties.values())


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"sevrity": "error"}, id="an unknown key"),
        pytest.param({"severity": "fatal"}, id="an unknown word"),
        pytest.param({"id": "Not_Kebab"}, id="an id in capitals"),
        pytest.param({"example": RULE["example"][:1]}, id="too few examples"),
        pytest.param({"fix": [{"title": "a", "text": "b", "command": "c"}]}, id="two actions"),
        pytest.param({"fix": [{"title": "a"}]}, id="no action"),
        pytest.param(
            {"example": [{"name": "a", "expect": "holds", "evidence": {"plan": {"featurs": []}}}] * 3},
            id="no such field",
        ),
        pytest.param(
            {"example": [{"name": "a", "expect": "holds", "evidence": {"plan": {"request": 3}}}] * 3}, id="a wrong type"
        ),
    ],
)
def test_an_editor_marks_what_the_program_refuses(change: dict[str, Any]) -> None:
    assert mistakes(RULE | change) != []


def test_what_was_not_seen_is_valid_anywhere() -> None:
    evidence = {"plan": "not seen", "torch": {"cuda": "not seen"}, "binaries": [{"host": {"stubs": "not seen"}}]}

    assert mistakes(RULE | {"example": [{"name": "a", "expect": "holds", "evidence": evidence}] * 3}) == []


def test_every_field_of_the_evidence_has_words() -> None:
    """They stand in the schema, on the page of the language and on the pages of rules."""
    absent = [
        f"{name}.{field}" for name, fields in evidence_words().items() for field, text in fields.items() if not text
    ]

    assert absent == []


def test_the_page_of_the_language_is_current() -> None:
    """`python docs/make_language_page.py` would change nothing."""
    module = page_maker("make_language_page")

    assert module.PAGE.read_text(encoding="utf-8") == module.page()
