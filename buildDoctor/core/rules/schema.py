"""The JSON Schema of rule files, for editors. Draft 4: the editors that know TOML read no newer one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

from buildDoctor.core.evidence import Evidence
from buildDoctor.core.findings import Confidence, Safety, Severity
from buildDoctor.core.language import NUMBER, TRUTH, ListOf, Record, Type, fields_of
from buildDoctor.core.rules.format import ACTIONS, EXAMPLE_KEYS, FIX_KEYS, NEEDED, RULE_KEYS, SCHEMA
from buildDoctor.core.rules.layers import Layer
from buildDoctor.core.rules.rule import Expectation

Words = Mapping[str, Mapping[str, str]]
"""What each field of the evidence means, by class and field; under the empty name the class."""
Schema = dict[str, Any]

_TITLE = "build-doctor rule, version 1"
_CONDITION = "An expression that is true or false; docs/rule-language.md says what may be written."
_TEMPLATE = "{expression} in it is filled in."

_ABOUT_RULE = {
    "schema": "The version of this format.",
    "id": "The fault, in kebab-case; the file has the same name.",
    "title": f"What is wrong, in one line. {_TEMPLATE}",
    "summary": "The title in plain words, for lists of rules: what is wrong, where the title holds expressions.",
    "severity": "error: a kernel is missing or unusable. warning: slow, or works by luck. note: worth knowing.",
    "confidence": "How sure the rule is, whatever the severity.",
    "family": "The layer of the fault: hardware, torch, driver, toolkit, loader, plan, binary, runtime.",
    "when": _CONDITION,
    "why": f"How the fault comes about, for someone who wants to learn. {_TEMPLATE}",
    "limits": "When the alarm may be false.",
    "references": "Where to read more: owner/repo#number, or an https:// address.",
    "layer": "Where it stands in the order of verdicts, when that is not its family.",
    "symptoms": "The texts by which a log shows what the rule is about; a star is any text.",
    "benign": "Whether its symptoms are harmless lines.",
    "for_each": "Names, each with the list whose elements it takes in turn: one finding for each combination.",
    "together": "Names, each with a loop: findings that differ in it alone are one, in whose texts the name is the list.",
    "explains": "The ids of rules whose findings are consequences of this one's.",
    "features": "The features that it is about, such as *NVFP4*: a cause that names another feature does not explain it.",
    "replaces": "Whether it takes the place of a rule of the same id that comes from farther away.",
    "fix": "What to do; in the order in which it is offered.",
    "example": "Evidence on which the answer is known. Each answer needs one.",
}
_ABOUT_FIX = {
    "title": f"What to do, in one line. {_TEMPLATE}",
    "for_each": "Names, each with the list whose elements it takes in turn: one fix for each combination.",
    "when": f"The fix is offered only where this holds. {_CONDITION}",
    "edit": "Adds elements to, or removes them from, a list in a build script. Can be tried.",
    "set_request": "The architectures to ask the build for, as TORCH_CUDA_ARCH_LIST takes them. Can be tried.",
    "set_toolkit": "The CUDA version to build with. Can be tried.",
    "set_environment": "Variables to set for the build.",
    "command": "A command to run. It is shown, never run.",
    "text": "What to do, in words.",
    "safety": "safe: can be undone. unsafe: changes more than the fault. display: shown for knowledge.",
    "verify": "How to see, after the rebuild, that it worked.",
}
_ABOUT_EXAMPLE = {
    "name": "The reason for the answer.",
    "expect": "What the rule answers.",
    "evidence": "A .json file beside the rule, or what differs from a healthy machine; 'not seen' takes a value away.",
    "says": "A text that stands in the title, explanation or fixes of a finding then.",
    "log": "A log that is read with the rule's own symptoms, and put into the evidence.",
}


def rule_schema(words: Words) -> Schema:
    """The schema of a rule file.

    Args:
        words: What the fields of the evidence mean.
    """
    return {
        "$schema": "http://json-schema.org/draft-04/schema#",
        "title": _TITLE,
        **_table(_ABOUT_RULE, RULE_KEYS, NEEDED, _RULE_TYPES),
        "definitions": {record.__name__: _record(record, words) for record in _records(Record(Evidence), [])},
    }


def _table(
    about: Mapping[str, str], keys: tuple[str, ...], needed: tuple[str, ...], types: Mapping[str, Schema]
) -> Schema:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(needed),
        "properties": {key: {"description": about[key], **types.get(key, {"type": "string"})} for key in keys},
    }


def _one_of(kind: type[StrEnum]) -> Schema:
    return {"enum": [str(value) for value in kind]}


_TEXTS: Schema = {"type": "array", "items": {"type": "string"}}
_NAMED_TEXTS: Schema = {"type": "object", "additionalProperties": {"type": "string"}}
_TEXT_OR_TEXTS: Schema = {"anyOf": [{"type": "string"}, _TEXTS]}
_EDIT: Schema = {
    "type": "object",
    "additionalProperties": False,
    "required": ["at"],
    "anyOf": [{"required": ["remove"]}, {"required": ["add"]}],
    "properties": {
        "at": {"type": "string", "description": "Evidence with a file and a line, such as plan.supported."},
        "remove": _TEXT_OR_TEXTS,
        "add": _TEXT_OR_TEXTS,
    },
}
_FIX: Schema = {
    **_table(
        _ABOUT_FIX,
        FIX_KEYS,
        ("title",),
        {"for_each": _NAMED_TEXTS, "edit": _EDIT, "set_environment": _NAMED_TEXTS, "safety": _one_of(Safety)},
    ),
    "oneOf": [{"required": [action]} for action in ACTIONS],
}
_EXAMPLE: Schema = _table(
    _ABOUT_EXAMPLE,
    EXAMPLE_KEYS,
    ("name", "expect"),
    {
        "expect": _one_of(Expectation),
        "evidence": {"anyOf": [{"type": "string", "pattern": "\\.json$"}, {"$ref": "#/definitions/Evidence"}]},
    },
)
_RULE_TYPES: Mapping[str, Schema] = {
    "schema": {"enum": [SCHEMA]},
    "id": {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"},
    "severity": _one_of(Severity),
    "confidence": _one_of(Confidence),
    "references": _TEXTS,
    "layer": _one_of(Layer),
    "symptoms": _TEXTS,
    "benign": {"type": "boolean"},
    "for_each": _NAMED_TEXTS,
    "together": _NAMED_TEXTS,
    "explains": _TEXTS,
    "features": _TEXTS,
    "replaces": {"type": "boolean"},
    "fix": {"type": "array", "items": _FIX},
    "example": {"type": "array", "minItems": len(Expectation), "items": _EXAMPLE},
}


def _records(kind: Type, found: list[type]) -> Iterator[type]:
    """Every class of the evidence, each once."""
    if isinstance(kind, ListOf):
        yield from _records(kind.element, found)
    elif isinstance(kind, Record) and kind.of not in found:
        found.append(kind.of)
        yield kind.of
        for inner in fields_of(kind.of).values():
            yield from _records(inner, found)


def _record(record: type, words: Words) -> Schema:
    about = words.get(record.__name__, {})
    return {
        "type": "object",
        "description": about.get("", ""),
        "additionalProperties": False,
        "properties": {
            name: {"description": about.get(name, ""), "anyOf": [_value(kind), {"enum": ["not seen"]}]}
            for name, kind in fields_of(record).items()
        },
    }


def _value(kind: Type) -> Schema:
    if isinstance(kind, ListOf):
        return {"type": "array", "items": _value(kind.element)}
    if isinstance(kind, Record):
        return {"$ref": f"#/definitions/{kind.of.__name__}"}
    return {"type": {NUMBER: "integer", TRUTH: "boolean"}.get(kind, "string")}
