"""A rule as SARIF describes it (3.49), with its whole page.

A rule is described once for all of its findings, so its page is that of the rule and not of a finding: what a finding
fills in stands between ⟨ and ⟩.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from urllib.parse import quote

from msgspec import Struct

from buildDoctor.core.findings import Finding
from buildDoctor.core.language import Template
from buildDoctor.core.report import Report
from buildDoctor.core.reporting.notice_pages import NOTICE_PAGES
from buildDoctor.core.rules.address import PLACE
from buildDoctor.core.rules.glossary import loop_words
from buildDoctor.core.rules.rule import FixTemplate, Rule
from buildDoctor.faces.reports.markdown_text import code, escaped, paragraph
from buildDoctor.faces.reports.sarif_words import Part, message, page
from buildDoctor.faces.wording import paragraphs, visible

_THREAD = re.compile(r"([\w.-]+/[\w.-]+)#(\d+)", re.ASCII)
_FILLED_IN = re.compile("⟨([^⟨⟩]*)⟩")
_PRECISION = {"certain": "very-high", "likely": "high", "possible": "medium"}
"""In the words of code scanning."""


class _Section(Struct, frozen=True):
    """A part of a page."""

    title: str
    prose: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    """Of the condition, as they are written."""


def described(finding: Finding, report: Report) -> Part:
    """The rule of a finding; told by the finding itself where the rule is not at hand."""
    rule = next((one for one in report.rules if one.id == finding.rule), None)
    sections = [one for one in _sections(finding, rule) if one.prose or one.items or one.lines]
    links = [(text, link) for text in finding.references if (link := _link(text))]
    whole = f"build-doctor explain {finding.rule}"
    text = "\n\n".join([*map(_as_text, sections), *_references(finding), f"The whole page: {whole}"])
    markdown = [*map(_as_markdown, sections), *_linked(links), f"The whole page: {code(visible(whole))}"]
    return {
        "id": visible(finding.rule),
        "shortDescription": message(finding.rule.replace("-", " ")),
        "fullDescription": message(_said(rule) if rule else _first(sections) or finding.title),
        "help": page(text, "\n\n".join(markdown)),
        **_address(report.rule_pages, finding.rule),
        "defaultConfiguration": {"level": finding.severity.value},
        "properties": {"tags": [visible(finding.family)], "precision": _PRECISION[finding.confidence.value]},
    }


def _said(rule: Rule) -> str:
    return rule.summary or _shown(rule.title)


def _first(sections: list[_Section]) -> str:
    return next((one.prose[0] for one in sections if one.prose), "")


def _address(pages: str, rule: str) -> Part:
    """Where the rule's page is published, if the project says so."""
    return {"helpUri": pages.replace(PLACE, quote(rule, safe=""))} if pages else {}


def _sections(finding: Finding, rule: Rule | None) -> Iterator[_Section]:
    if rule is not None:
        yield from _of_rule(rule)
    elif notice := NOTICE_PAGES.get(finding.rule):
        yield _Section("How it comes about", paragraphs(notice.why))
        yield _Section("What to do", paragraphs(notice.todo))
    else:
        yield _Section("How it comes about", paragraphs(finding.why))
        yield _Section("When it may be wrong", paragraphs(finding.limits))


def _of_rule(rule: Rule) -> Iterator[_Section]:
    yield _Section("How it comes about", paragraphs(_shown(rule.why)))
    yield _Section("When it holds", lines=tuple(map(visible, _condition(rule))))
    yield _Section("When it may be wrong", paragraphs(rule.limits))
    yield _Section("What to do", items=tuple(map(_fix, rule.fixes)))
    yield _Section("What a log says", items=rule.symptoms)


def _condition(rule: Rule) -> Iterator[str]:
    for loop in rule.loops:
        word, over = loop_words(loop)
        yield f"for each {loop.name} in {over}:" if word == "in" else f"with {loop.name} = {over}:"
    yield from (line.strip() for line in textwrap.dedent(rule.when.text).strip("\n").split("\n") if line.strip())


def _fix(fix: FixTemplate) -> str:
    parts = [(fix.title, ""), (fix.command, "run: "), (fix.text, ""), (fix.verify, "see: ")]
    said = [f"{label}{' '.join(_shown(template).split())}" for template, label in parts if template is not None]
    return ". ".join(one.rstrip(".") for one in said)


def _shown(template: Template) -> str:
    """A text of a rule, with what a finding fills in between ⟨ and ⟩: braces have another meaning here."""
    return "".join(part if isinstance(part, str) else f"⟨{part.text.strip()}⟩" for part in template.parts)


def _as_text(section: _Section) -> str:
    items = "\n".join(f"- {item}" for item in section.items)
    return "\n\n".join(part for part in (f"{section.title}:", *section.prose, "\n".join(section.lines), items) if part)


def _as_markdown(section: _Section) -> str:
    items = "\n".join(f"- {_inline(item)}" for item in section.items)
    # Four columns are a block whose text means nothing, whatever stands in it.
    lines = "\n".join(f"    {line}" for line in section.lines)
    return "\n\n".join(part for part in (f"## {section.title}", *map(_inline, section.prose), lines, items) if part)


def _inline(text: str) -> str:
    words = _FILLED_IN.split(text)
    return "".join(
        code(visible(part)) if at % 2 else escaped(part) if at else paragraph(part) for at, part in enumerate(words)
    )


def _references(finding: Finding) -> list[str]:
    return [f"References: {', '.join(finding.references)}"] if finding.references else []


def _linked(links: list[tuple[str, str]]) -> list[str]:
    lines = "\n".join(f"- [{escaped(text)}]({link})" for text, link in links)
    return [f"## References\n\n{lines}"] if lines else []


def _link(reference: str) -> str:
    """The address of a reference; empty when it has none."""
    if reference.startswith("https://") and " " not in reference:
        return quote(reference, safe=":/?#@!$&'*+,;=%~")
    thread = _THREAD.fullmatch(reference)
    return f"https://github.com/{thread[1]}/issues/{thread[2]}" if thread else ""
