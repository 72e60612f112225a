"""Writes the tables of docs/rule-language.md from the program: every function, and every field of the evidence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from buildDoctor.adapters.evidence_words import evidence_words
from buildDoctor.core.language import Function, ListOf, Record, Type, evidence_names, fields_of
from buildDoctor.core.language.architecture_functions import ARCHITECTURE_FUNCTIONS
from buildDoctor.core.language.driver_functions import DRIVER_FUNCTIONS
from buildDoctor.core.language.list_functions import LIST_FUNCTIONS
from buildDoctor.core.language.text_functions import TEXT_FUNCTIONS
from buildDoctor.core.language.version_functions import VERSION_FUNCTIONS

PAGE = Path(__file__).parent / "rule-language.md"
_GROUPS = (
    ("lists", "", LIST_FUNCTIONS),
    (
        "architectures",
        (
            "An architecture may be written as `12.0`, `12.0a`, `12.0f`, `9.0+PTX`, `sm_120a` or `compute_90`; a capability as "
            "`12.0`.\n\n"
        ),
        ARCHITECTURE_FUNCTIONS,
    ),
    ("drivers", "", DRIVER_FUNCTIONS),
    ("versions", "", VERSION_FUNCTIONS),
    ("text", "", TEXT_FUNCTIONS),
)


def page() -> str:
    """The whole page, with its tables as they have to be."""
    text = PAGE.read_text(encoding="utf-8")
    text = _between(text, "functions", "\n".join(_functions()))
    return _between(text, "fields", "\n".join(_fields()))


def _between(text: str, name: str, made: str) -> str:
    start, end = f"<!-- {name}, made by docs/make_language_page.py -->\n", f"<!-- end of {name} -->"
    found = re.compile(f"({re.escape(start)}).*?({re.escape(end)})", re.DOTALL)
    return found.sub(lambda match: f"{match[1]}\n{made}\n{match[2]}", text)


def _functions() -> Iterator[str]:
    for name, words, functions in _GROUPS:
        yield f"## Functions over {name}\n"
        yield f"{words}| function | result | example | gives |\n|---|---|---|---|"
        yield from map(_function, functions)
        yield ""


def _function(function: Function) -> str:
    answer = list(function.answer) if isinstance(function.answer, tuple) else function.answer
    return f"| `{function.usage}` | {function.about} | `{function.example}` | `{answer!r}` |"


def _fields() -> Iterator[str]:
    words = evidence_words()
    yield "| name | type | what it is |\n|---|---|---|"
    for name, kind in evidence_names().items():
        yield f"| `{name}` | {_type(kind)} | {words['Evidence'][name]} |"
    for path, record in _records(evidence_names().items(), ""):
        yield f"\n### `{path}`\n\n{words[record.__name__]['']}\n"
        yield "| field | type | what it is |\n|---|---|---|"
        for name, kind in fields_of(record).items():
            yield f"| `{name}` | {_type(kind)} | {words[record.__name__][name]} |"
    yield ""


def _records(fields: Iterable[tuple[str, Type]], prefix: str) -> Iterator[tuple[str, type]]:
    """Every part of the evidence that has fields, where it stands; a list's elements with `[]`."""
    for name, kind in fields:
        element, path = (kind.element, f"{prefix}{name}[]") if isinstance(kind, ListOf) else (kind, f"{prefix}{name}")
        if isinstance(element, Record):
            yield path, element.of
            yield from _records(fields_of(element.of).items(), f"{path}.")


def _type(kind: Type) -> str:
    if isinstance(kind, ListOf):
        return f"list of {kind.element.plural}"
    return "record" if isinstance(kind, Record) else kind.words.removeprefix("a ")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
