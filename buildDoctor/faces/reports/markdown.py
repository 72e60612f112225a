"""A finding as Markdown, to paste into an issue."""

from __future__ import annotations

import re

from buildDoctor.core.findings import Finding, Fix
from buildDoctor.faces import wording


def finding_markdown(finding: Finding) -> str:
    """The whole finding: title, explanation, evidence, fixes with the outcome of their trials."""
    blocks = [
        f"### {wording.severity_words(finding.severity)}: {_escaped(finding.title)}",
        f"Rule `{finding.rule}` ({finding.confidence.value})",
        *map(_escaped, wording.paragraphs(finding.why)),
        "**How we know**",
        "\n".join(_evidence(finding)),
    ]
    if finding.fixes:
        blocks += ["**What to do**", *map(_fix, wording.ordered_fixes(finding))]
    return "\n\n".join(blocks) + "\n"


def _evidence(finding: Finding) -> list[str]:
    return [
        f"- {_code(wording.evidence_line(item))}, {_escaped(wording.source_line(item))}" for item in finding.evidence
    ]


def _fix(fix: Fix) -> str:
    lines = [f"- {wording.outcome_words(fix.trial.outcome)}: **{_escaped(fix.title)}**. {_escaped(fix.trial.why)}"]
    lines += [f"  - {_code(wording.visible(line))}" for line in fix.trial.effect]
    lines += [f"\n  {_escaped(paragraph)}" for paragraph in wording.paragraphs(fix.text or "")]
    lines += _block("diff", wording.visible(fix.patch, lines=True)) if fix.patch else []
    commands = wording.fix_commands(fix)
    return "\n".join([*lines, *(_block("sh", "\n".join(commands)) if commands else [])])


def _block(language: str, text: str) -> list[str]:
    """A fenced block beneath a list item, with a fence longer than any in the text."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return ["", *(f"  {line}".rstrip() for line in (f"{fence}{language}", *text.rstrip().split("\n"), fence))]


def _code(text: str) -> str:
    """Text as inline code, with quotes longer than any in the text."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    quote = "`" * (longest + 1)
    return f"{quote} {text} {quote}" if longest else f"`{text}`"


def _escaped(text: str) -> str:
    """Text in which no character means anything to Markdown or HTML."""
    return re.sub(r"([\\`*_\[\]<>#|])", r"\\\1", wording.visible(text))
