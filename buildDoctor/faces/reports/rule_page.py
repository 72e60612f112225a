"""A rule's page as text, for someone who wants to learn. Names in braces are filled in when the rule holds."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping

from buildDoctor.core.language import Template
from buildDoctor.core.reporting.notice_pages import NoticePage
from buildDoctor.core.rules.glossary import fields_read, loop_words, loops_of
from buildDoctor.core.rules.rule import FixTemplate, Rule
from buildDoctor.faces.reports.ink import Ink
from buildDoctor.faces.reports.rule_trace import ANSWERS
from buildDoctor.faces.reports.wrapping import wrapped
from buildDoctor.faces.wording import paragraphs, visible

Words = Mapping[str, Mapping[str, str]]
"""What each field of the evidence means, by class and field."""


def page(rule: Rule, words: Words, *, origin: str, state: str, ink: Ink, columns: int) -> str:
    """The whole page.

    Args:
        rule: the rule.
        words: what the fields of the evidence mean.
        origin: where the rule comes from.
        state: whether it runs here.
        ink: paints the headings.
        columns: the width to wrap at.
    """
    sections: list[tuple[str, list[str]]] = [
        ("", _wrapped(rule.summary, columns, "") or _prose(rule.title, columns, "")),
        ("What a finding says", _prose(rule.title, columns, "  ") if rule.summary else []),
        ("How it comes about", _prose(rule.why, columns, "  ")),
        ("When it holds", list(_condition(rule, columns))),
        ("What the names mean", list(_names(rule, words, columns))),
        ("When it may be wrong", _wrapped(rule.limits, columns, "  ")),
        ("Fixes", [line for fix in rule.fixes for line in _fix(fix, columns)]),
        ("Examples", [line for e in rule.examples for line in _item(f"{ANSWERS[e.expect]}: {e.name}", columns)]),
        ("Symptoms in a log", [line for text in rule.symptoms for line in _item(text, columns)]),
        ("Explains", [f"  {visible(name)}" for name in rule.explains]),
        ("References", _wrapped(", ".join(rule.references), columns, "  ")),
        ("File", [f"  {visible(rule.origin)}"]),
    ]
    meta = f"{rule.severity.value} · {rule.confidence.value} · family {rule.family} · {origin} · {state}"
    head = [ink.paint(visible(rule.id), "bold"), *_wrapped(meta, columns, "")]
    blocks = [head, *([*([ink.paint(name, "bold")] if name else []), *lines] for name, lines in sections if lines)]
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"


def notice_page(name: str, about: NoticePage, *, ink: Ink, columns: int) -> str:
    """The page of a notice about the settings or the contract.

    Args:
        name: what stands in place of a rule's id.
        about: what it means.
        ink: paints the headings.
        columns: the width to wrap at.
    """
    sections = (("How it comes about", about.why), ("What to do", about.todo))
    head = [ink.paint(name, "bold"), f"{about.severity.value} · about {about.about}", "", f"{about.title}."]
    blocks = [head, *([ink.paint(title, "bold"), *_wrapped(text, columns, "  ")] for title, text in sections)]
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"


def _prose(template: Template, columns: int, indent: str) -> list[str]:
    return _wrapped(template.text.replace("\\\n", ""), columns, indent)


def _wrapped(text: str, columns: int, indent: str) -> list[str]:
    return [line for paragraph in paragraphs(text) for line in wrapped(paragraph, columns, indent, indent)]


def _item(text: str, columns: int) -> list[str]:
    return wrapped(visible(" ".join(text.split())), columns, "  - ", "    ")


def _condition(rule: Rule, columns: int) -> Iterator[str]:
    for loop in rule.loops:
        word, over = loop_words(loop)
        line = f"for each {loop.name} in {over}:" if word == "in" else f"with {loop.name} = {over}:"
        yield from wrapped(visible(line), columns, "  ", "    ")
    for line in textwrap.dedent(rule.when.text).strip("\n").split("\n"):
        yield from wrapped(visible(line.strip()), columns, "    ", "      ") if line.strip() else ()


def _names(rule: Rule, words: Words, columns: int) -> Iterator[str]:
    for loop in loops_of(rule):
        word, over = loop_words(loop)
        line = f"{loop.name}: each of {over}" if word == "in" else f"{loop.name}: the list {over}"
        yield from wrapped(visible(line), columns, "  ", "    ")
    for one in rule.together:
        yield from wrapped(visible(f"{one.name}: every {one.of} of one finding"), columns, "  ", "    ")
    for use in fields_read(rule):
        about = words.get(use.record, {}).get(use.field) or use.kind
        yield from wrapped(f"{visible(use.text)}: {about}", columns, "  ", "    ")


def _fix(fix: FixTemplate, columns: int) -> Iterator[str]:
    yield from _item(fix.title.text, columns)
    for label, template in (("run", fix.command), ("see", fix.verify)):
        if template is not None:
            yield f"    {label}: {visible(template.text)}"
    if fix.text is not None:
        yield from _prose(fix.text, columns, "    ")
