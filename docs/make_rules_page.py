"""Writes docs/rules.md and a page for each rule in docs/rules/, from the rule files, so that no page can say something else."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from buildDoctor.adapters.evidence_words import Words, evidence_words
from buildDoctor.adapters.rule_files import load_rules
from buildDoctor.core.reporting.notice_pages import NOTICE_PAGES, NoticePage
from buildDoctor.core.rules.glossary import fields_read, loop_words
from buildDoctor.core.rules.rule import FixTemplate, Rule
from buildDoctor.core.rules.symptoms import symptoms_of

DOCS = Path(__file__).parent
_ABOUT = {
    "the settings": "[Settings](../writing-rules.md#settings)",
    "the contract": "[Contracts](../contracts.md)",
}
"""Where a notice that is no rule has its pages."""
PAGE = DOCS / "rules.md"
FOLDER = DOCS / "rules"
COVERAGE = DOCS / "coverage.toml"
_HEAD = """# Rules

Made by `docs/make_rules_page.py` from the files in `rules/`; each rule has a page. To find one by a line of a log:
`build-doctor explain LOG`, or [by symptom](#by-symptom). [By failure](#by-failure) lists what is known to go wrong.
"""
_SEEN = {True: "harmless lines", False: "lines of a log that show it"}


def page() -> str:
    """The index."""
    rules = sorted(load_rules().rules, key=lambda rule: (rule.family, rule.id))
    return "\n".join([_HEAD, *_by_family(rules), *_by_symptom(rules), *_by_failure()])


def pages() -> dict[str, str]:
    """The page of each rule, by its file name."""
    rules, words = load_rules().rules, evidence_words()
    explained: dict[str, list[str]] = {}
    for rule in rules:
        for name in rule.explains:
            explained.setdefault(name, []).append(rule.id)
    made = {f"{rule.id}.md": _rule(rule, words, explained.get(rule.id, [])) for rule in rules}
    return made | {f"{name}.md": _notice(name, about) for name, about in NOTICE_PAGES.items()}


def _by_family(rules: Iterable[Rule]) -> Iterator[str]:
    yield "## By family\n"
    for family, members in groupby(rules, key=lambda rule: rule.family):
        yield f"### {family}\n"
        yield "| rule | severity | says |\n|---|---|---|"
        for rule in members:
            yield f"| {_link(rule.id)} | {rule.severity.value} | {_cell(rule.summary or rule.title.text)} |"
        yield ""
    yield "### settings and contract\n\n| rule | severity | says |\n|---|---|---|"
    for name, about in NOTICE_PAGES.items():
        yield f"| {_link(name)} | {about.severity.value} | {about.title} |"
    yield ""


def _by_symptom(rules: Iterable[Rule]) -> Iterator[str]:
    yield "## By symptom\n\nWhat a log says; a star is any text.\n\n| text | rules |\n|---|---|"
    for symptom in sorted(symptoms_of(rules), key=lambda one: one.text.casefold()):
        yield f"| `{_cell(symptom.text).replace('`', chr(39))}` | {', '.join(map(_link, sorted(symptom.rules)))} |"
    yield ""


def _by_failure() -> Iterator[str]:
    yield "## By failure\n\n| what fails | rules |\n|---|---|"
    for one in failures():
        said = [", ".join(map(_link, one["rules"])), one.get("reason", "")]
        yield f"| {one['title']} | {'. '.join(filter(None, said))} |"
    yield ""


def failures() -> list[dict[str, Any]]:
    """Every known failure, with its rules or the reason why there is none."""
    found: list[dict[str, Any]] = tomllib.loads(COVERAGE.read_text(encoding="utf-8"))["failure"]
    return found


def _rule(rule: Rule, words: Words, causes: list[str]) -> str:
    links = {"Explains": rule.explains, "Explained by": sorted(causes)}
    sections = [
        ("What a finding says", _line(rule.title.text) if rule.summary else ""),
        ("How it comes about", _prose(rule.why.text)),
        ("When it holds", f"```python\n{_condition(rule)}\n```"),
        ("What the names mean", _names(rule, words)),
        ("When it may be wrong", _prose(rule.limits)),
        (f"Symptoms: {_SEEN[rule.benign]}", "".join(f"- `` {text} ``\n" for text in rule.symptoms).rstrip()),
        ("Fixes", "\n".join(map(_fix, rule.fixes))),
        ("Examples", "\n".join(f"- *{example.expect.value}*: {example.name}" for example in rule.examples)),
        *((title, ", ".join(f"[{name}]({name}.md)" for name in names)) for title, names in links.items()),
        ("References", ", ".join(rule.references)),
    ]
    meta = f"{rule.severity.value}, {rule.confidence.value}, family {rule.family}"
    layer = f", layer {rule.layer.value}" if rule.layer else ""
    head = f"# {rule.id}\n\n{_line(rule.summary or rule.title.text)}\n\n{meta}{layer}. [All rules](../rules.md)\n"
    body = "".join(f"\n## {title}\n\n{text}\n" for title, text in sections if text)
    return f"{head}{body}\n## Leave it out\n\n{_silence(rule.id)}\n"


def _silence(name: str) -> str:
    return f'`build-doctor --ignore {name}`, or in the [settings](../writing-rules.md#settings) `ignore = ["{name}"]`.'


def _notice(name: str, about: NoticePage) -> str:
    return (
        f"# {name}\n\n{about.title}\n\n{about.severity.value}, certain. [All rules](../rules.md)\n\n"
        f"## How it comes about\n\n{about.why}\n\n## What to do\n\n{about.todo}\n\n"
        f"## Read more\n\n{_ABOUT[about.about]}\n"
    )


def _condition(rule: Rule) -> str:
    loops = [
        f"for {loop.name} {'in' if word == 'in' else '='} {over}"
        for loop in rule.loops
        for word, over in [loop_words(loop)]
    ]
    loops += [f"told together: {one.name} = every {one.of}" for one in rule.together]
    return "\n".join([*(f"# {line}" for line in loops), *(line.strip() for line in rule.when.text.strip().split("\n"))])


def _names(rule: Rule, words: Words) -> str:
    rows = [
        f"| `{use.text}` | {_cell(words.get(use.record, {}).get(use.field) or use.kind)} |" for use in fields_read(rule)
    ]
    return "\n".join(["| name | means |\n|---|---|", *rows]) if rows else ""


def _fix(fix: FixTemplate) -> str:
    more = [f"  {_line(part.text)}" for part in (fix.text,) if part is not None]
    more += [f"  `{_line(part.text)}`" for part in (fix.command, fix.verify) if part is not None]
    more += [f"  `{name}={_line(value.text)}`" for name, value in fix.set_environment]
    return "\n".join([f"- {_line(fix.title.text)} ({fix.safety.value})", *(f"\n{line}" for line in more)])


def _prose(text: str) -> str:
    return _line(text.replace("\\\n", ""))


def _link(name: str) -> str:
    return f"[{name}](rules/{name}.md)"


def _cell(text: str) -> str:
    return _line(text).replace("|", "\\|")


def _line(text: str) -> str:
    return " ".join(text.split())


def write() -> None:
    """Write the index and every page, and take away those of rules that are gone."""
    PAGE.write_text(page(), encoding="utf-8")
    FOLDER.mkdir(exist_ok=True)
    made = pages()
    for old in FOLDER.glob("*.md"):
        if old.name not in made:
            old.unlink()
    for name, text in made.items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write()
