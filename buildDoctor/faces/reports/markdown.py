"""A finding as Markdown, to paste into an issue."""

from __future__ import annotations

from buildDoctor.core.findings import Finding, Fix
from buildDoctor.faces import wording
from buildDoctor.faces.reports.markdown_text import block, code, escaped, paragraph


def finding_markdown(finding: Finding, *, most: int | None = None) -> str:
    """The whole finding: title, explanation, evidence, fixes with the outcome of their trials.

    Args:
        finding: what is said.
        most: how many pieces of evidence are listed; all without it.
    """
    blocks = [
        f"### {wording.severity_words(finding.severity)}: {escaped(finding.title)}",
        f"Rule `{finding.rule}` ({finding.confidence.value})",
        *map(paragraph, wording.paragraphs(finding.why)),
        "**How we know**",
        "\n".join(_evidence(finding, most)),
    ]
    if finding.fixes:
        blocks += ["**What to do**", *map(_fix, wording.ordered_fixes(finding))]
    return "\n\n".join(blocks) + "\n"


def _evidence(finding: Finding, most: int | None) -> list[str]:
    shown = finding.evidence if most is None else finding.evidence[:most]
    left = len(finding.evidence) - len(shown)
    lines = [f"- {code(wording.evidence_line(item))}, {escaped(wording.source_line(item))}" for item in shown]
    return [*lines, *([f"- and {left} more"] if left else [])]


def _fix(fix: Fix) -> str:
    lines = [
        f"- {wording.trial_words(fix.trial)}: **{escaped(fix.title)}**. {escaped(wording.trial_reason(fix.trial))}".rstrip()
    ]
    lines += [f"  - {code(wording.visible(line))}" for line in fix.trial.effect]
    lines += [f"\n  {paragraph(words)}" for words in wording.paragraphs(fix.text or "")]
    lines += block("diff", wording.visible(fix.patch, lines=True)) if fix.patch else []
    commands = wording.fix_commands(fix)
    return "\n".join([*lines, *(block("sh", "\n".join(commands)) if commands else [])])
