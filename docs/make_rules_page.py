"""Writes docs/rules.md from the rule files, so that the page cannot say something else."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

from buildDoctor.adapters.rule_files import load_rules
from buildDoctor.core.rules import Rule

PAGE = Path(__file__).parent / "rules.md"
_HEAD = """# Rules

Made by `docs/make_rules_page.py` from the files in `rules/`. Names in braces are filled in when a rule holds.
"""


def page() -> str:
    """The whole page."""
    rules = sorted(load_rules().rules, key=lambda rule: (rule.family, rule.id))
    parts = [_HEAD]
    for family, members in groupby(rules, key=lambda rule: rule.family):
        parts.append(f"## {family}\n")
        parts += map(_entry, members)
    return "\n".join(parts)


def _entry(rule: Rule) -> str:
    fixes = "".join(f"- {fix.title.text}\n" for fix in rule.fixes) or "- none\n"
    examples = "".join(f"- *{example.expect.value}*: {example.name}\n" for example in rule.examples)
    references = ", ".join(rule.references)
    return (
        f"### {rule.id}\n\n{rule.severity.value}, {rule.confidence.value}. {_line(rule.title.text)}\n\n{_line(rule.why.text)}\n\n"
        f"**When it may be wrong.** {_line(rule.limits)}\n\n**Fixes**\n\n{fixes}\n**Examples**\n\n{examples}\n"
        f"**References** {references}\n"
    )


def _line(text: str) -> str:
    return " ".join(text.split())


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
