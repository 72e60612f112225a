"""The words for a report and its parts."""

from __future__ import annotations

import re

from buildDoctor.core.findings import Finding, Fix, Item, Outcome, Severity, Trial
from buildDoctor.core.report import Report, was_examined
from buildDoctor.faces.wording.plain import counted, visible

SEVERITY_GLYPHS = {Severity.ERROR: "✗", Severity.WARNING: "!", Severity.NOTE: "i"}
"""A sign for each severity, so that colour is never the only one."""

OUTCOME_GLYPHS = {
    Outcome.PROVEN: "✓",
    Outcome.NO_EFFECT: "–",  # noqa: RUF001 - a dash of the width of the other signs, not a minus
    Outcome.MAKES_WORSE: "✗",
    Outcome.CANNOT_TRY: "?",
}
"""A sign for each outcome of a trial."""

_OUTCOME_WORDS = {
    Outcome.PROVEN: "proven",
    Outcome.NO_EFFECT: "no effect",
    Outcome.MAKES_WORSE: "makes worse",
    Outcome.CANNOT_TRY: "cannot be tried",
}
_WHEEL_PATH = re.compile(r"\S+\.whl!(?=\S)")
_SITE_PATH = re.compile(r"/\S*?/(?:site|dist)-packages/(?=\S)")


def severity_words(severity: Severity) -> str:
    """A severity with its sign: `✗ error`."""
    return f"{SEVERITY_GLYPHS[severity]} {severity.value}"


def outcome_words(outcome: Outcome) -> str:
    """An outcome with its sign: `✓ proven`."""
    return f"{OUTCOME_GLYPHS[outcome]} {_OUTCOME_WORDS[outcome]}"


def trial_words(trial: Trial) -> str:
    """The outcome of a trial with its sign, and whether only a saved report says so: `✓ proven, as the report says`."""
    if trial.by_hand:
        return f"{OUTCOME_GLYPHS[trial.outcome]} by hand"
    return f"{outcome_words(trial.outcome)}{', as the report says' if trial.claimed else ''}"


def trial_reason(trial: Trial) -> str:
    """Why a trial ended as it did; nothing where a fix is for the user's hands alone."""
    return "" if trial.by_hand else visible(trial.why)


WHEN_DONE = "when it is done, this shows that it worked:"
"""Stands above the command that checks a fix, which may be no rebuild."""


def verdict(report: Report) -> str:
    """The sentence that comes first."""
    return visible(" ".join(report.verdict.split())) or "There is no verdict."


def examined_line(report: Report) -> str:
    """What was looked at: the targets, the environment and the log."""
    python, log = report.evidence.python, report.evidence.log
    found = [visible(target) for target in report.targets]
    if python is not None and python.path and report.evidence.packages is not None:
        found.append(f"the environment {visible(python.path)}")
    if log is not None and log.path:
        found.append(f"the log {visible(log.path)}")
    return f"Examined: {', '.join(found)}"


def summary(report: Report) -> str:
    """The report in one line: `2 errors, 1 warning, 3 notes; 2 rules cannot tell`."""
    tally = [(sum(finding.severity is severity for finding in report.findings), severity) for severity in Severity]
    found = ", ".join(counted(number, severity.value) for number, severity in tally if number)
    undecided = len(report.undecided)
    tail = f"; {counted(undecided, 'rule')} cannot tell" if undecided else ""
    hidden = f"; {len(report.suppressed)} suppressed" if report.suppressed else ""
    return (found or "no findings") + tail + hidden


def finding_line(finding: Finding) -> str:
    """A finding in one line, fit for a message to a colleague."""
    return f"{finding.severity.value}: {visible(finding.title)} [{visible(finding.rule)}]"


def meta_line(finding: Finding) -> str:
    """The rule and how sure it is, and the cause when there is one."""
    cause = explained_line(finding)
    return " · ".join((visible(finding.rule), finding.confidence.value, *([cause] if cause else [])))


def explained_line(finding: Finding) -> str:
    """What a consequence says about its cause, or nothing."""
    return f"explained by {visible(finding.explained_by)}" if finding.explained_by else ""


def evidence_line(item: Item) -> str:
    """What was seen: `plan.supported.architectures: 9.0 12.0 12.0a`."""
    return f"{visible(item.path)}: {visible(' '.join(item.value.split())) or 'empty'}"


def source_line(item: Item) -> str:
    """Where it was seen."""
    return f"from {visible(item.source) or 'an unknown place'}"


def short_source_line(item: Item) -> str:
    """The same, with a file named as it is called within its wheel or its environment."""
    return _SITE_PATH.sub("", _WHEEL_PATH.sub("", source_line(item)))


def fix_commands(fix: Fix) -> tuple[str, ...]:
    """What to type: a line for each variable, then the command."""
    exports = (f"export {visible(name)}={_quoted(visible(value))}" for name, value in fix.environment or ())
    return (*exports, *(visible(fix.command, lines=True).strip().split("\n") if fix.command else ()))


def _quoted(value: str) -> str:
    """A value as a shell takes it."""
    plain = value and all(character.isalnum() or character in "@%+=:,./_-" for character in value)
    return value if plain else "'" + value.replace("'", "'\"'\"'") + "'"


def not_seen_summary(report: Report) -> str:
    """How much could not be examined, in one line; empty when all was seen."""
    parts = []
    if report.evidence.not_seen:
        parts.append(f"{counted(len(report.evidence.not_seen), 'part')} not examined")
    if report.undecided:
        parts.append(f"{counted(len(report.undecided), 'rule')} cannot tell")
    return "; ".join(parts)


def has_gaps(report: Report) -> bool:
    """Whether something that was not seen could change what is said."""
    return bool(report.evidence.not_seen or report.undecided) or not was_examined(report.evidence)


def not_seen_lines(report: Report) -> tuple[tuple[str, str], ...]:
    """What could not be examined, with the reason; what has one reason stands together."""
    together: dict[str, list[str]] = {}
    for gap in report.evidence.not_seen:
        together.setdefault(visible(" ".join(gap.reason.split())), []).append(visible(gap.path))
    return tuple((", ".join(dict.fromkeys(paths)), reason) for reason, paths in together.items())


def undecided_lines(report: Report) -> tuple[tuple[str, str], ...]:
    """Every rule that cannot tell, each with what it needs and why that is missing."""
    return tuple(
        (visible(rule.rule), _needs(rule.needs) + visible(" ".join(rule.why.split()))) for rule in report.undecided
    )


def suppressed_lines(report: Report) -> tuple[str, ...]:
    """What the project's settings leave out, each with the reason and where it stands."""
    return tuple(
        visible(
            f"{one.rule}{f' ({one.subject})' if one.subject else ''}, {one.place}"
            f"{f', until {one.until}' if one.until else ''}: {' '.join(one.reason.split())}"
        )
        for one in report.suppressed
    )


def _needs(paths: tuple[str, ...]) -> str:
    return f"needs {', '.join(map(visible, paths))}: " if paths else ""


def group_line(severity: Severity) -> str:
    """The heading of a group: `Errors`."""
    return f"{severity.value}s".capitalize()
