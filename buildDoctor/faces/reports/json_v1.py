"""The JSON report, version 1: a promise with its own types, apart from the core's.

Same evidence, same bytes: nothing of the clock, of the machine's paths or of the order of a dictionary goes in.
"""

from __future__ import annotations

from typing import Any

import msgspec

from buildDoctor import __version__
from buildDoctor.core.errors import RequestError
from buildDoctor.core.findings import Finding, Fix, Report, Severity
from buildDoctor.faces.reports.json_v1_changes import Changes
from buildDoctor.faces.reports.json_v1_evidence import Evidence

SCHEMA_VERSION = 1


class Shape(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A part of the report."""


class Tool(Shape, frozen=True, kw_only=True):
    """What made the report."""

    name: str
    version: str


class Summary(Shape, frozen=True, kw_only=True):
    """How many findings of each severity there are, and how many rules cannot tell."""

    error: int
    warning: int
    note: int
    cannot_tell: int


class ItemV1(Shape, frozen=True, kw_only=True):
    """One piece of evidence that a finding rests on."""

    path: str
    value: str
    source: str


class TrialV1(Shape, frozen=True, kw_only=True):
    """What happened when a fix was tried on a copy."""

    outcome: str
    why: str
    effect: tuple[str, ...]


class FixV1(Shape, frozen=True, kw_only=True):
    """One change that is offered, or shown not to help."""

    title: str
    safety: str
    patch: str | None = None
    command: str | None = None
    environment: dict[str, str] | None = None
    text: str | None = None
    verify: str | None = None
    trial: TrialV1


class FindingV1(Shape, frozen=True, kw_only=True):
    """A rule that holds, with the evidence that it rests on."""

    rule: str
    title: str
    severity: str
    confidence: str
    family: str
    subject: str
    why: str
    limits: str
    explained_by: str | None = None
    evidence: tuple[ItemV1, ...]
    fixes: tuple[FixV1, ...]
    references: tuple[str, ...]


class UndecidedV1(Shape, frozen=True, kw_only=True):
    """A rule that cannot tell."""

    rule: str
    needs: tuple[str, ...]
    why: str


class SuppressedV1(Shape, frozen=True, kw_only=True):
    """A finding that the project's settings leave out."""

    rule: str
    subject: str
    reason: str
    until: str
    place: str


class NotSeenV1(Shape, frozen=True, kw_only=True):
    """What could not be examined, and why."""

    path: str
    reason: str


class ReportV1(Shape, frozen=True, kw_only=True):
    """The whole document."""

    schema_version: int
    tool: Tool
    targets: tuple[str, ...]
    verdict: str
    summary: Summary
    findings: tuple[FindingV1, ...]
    cannot_tell: tuple[UndecidedV1, ...]
    not_seen: tuple[NotSeenV1, ...]
    evidence: Evidence
    suppressed: tuple[SuppressedV1, ...] = ()
    changes: Changes | None = None


class _Versioned(msgspec.Struct):
    """What every version of the report begins with."""

    schema_version: int


def document(report: Report) -> ReportV1:
    """The report in the shape that is promised."""
    return ReportV1(
        schema_version=SCHEMA_VERSION,
        tool=Tool(name="build-doctor", version=__version__),
        targets=report.targets,
        verdict=report.verdict,
        summary=_summary(report),
        findings=tuple(map(_finding, report.findings)),
        cannot_tell=_converted(report.undecided, tuple[UndecidedV1, ...]),
        not_seen=_converted(report.evidence.not_seen, tuple[NotSeenV1, ...]),
        evidence=_converted(report.evidence, Evidence),
        suppressed=_converted(report.suppressed, tuple[SuppressedV1, ...]),
        changes=_converted(report.changes, Changes | None),
    )


def _converted(value: object, shape: Any) -> Any:  # noqa: ANN401  msgspec gives what the shape says
    return msgspec.convert(value, shape, from_attributes=True)


def _summary(report: Report) -> Summary:
    counts = {severity: sum(f.severity is severity for f in report.findings) for severity in Severity}
    return Summary(
        error=counts[Severity.ERROR],
        warning=counts[Severity.WARNING],
        note=counts[Severity.NOTE],
        cannot_tell=len(report.undecided),
    )


def _finding(finding: Finding) -> FindingV1:
    return FindingV1(
        rule=finding.rule,
        title=finding.title,
        severity=finding.severity.value,
        confidence=finding.confidence.value,
        family=finding.family,
        subject=finding.subject,
        why=finding.why,
        limits=finding.limits,
        explained_by=finding.explained_by,
        evidence=_converted(finding.evidence, tuple[ItemV1, ...]),
        fixes=tuple(map(_fix, finding.fixes)),
        references=finding.references,
    )


def _fix(fix: Fix) -> FixV1:
    return FixV1(
        title=fix.title,
        safety=fix.safety.value,
        patch=fix.patch,
        command=fix.command,
        environment=dict(fix.environment) if fix.environment else None,
        text=fix.text,
        verify=fix.verify,
        trial=TrialV1(outcome=fix.trial.outcome.value, why=fix.trial.why, effect=fix.trial.effect),
    )


def render(report: Report) -> str:
    """The document as text, two spaces deep, with a newline at its end."""
    made = document(report)
    try:
        encoded = msgspec.json.encode(made)
    except UnicodeEncodeError:
        # The name of a file may be bytes that are no text; Python keeps them as halves of characters.
        encoded = msgspec.json.encode(_as_text(msgspec.to_builtins(made)))
    return f"{msgspec.json.format(encoded, indent=2).decode()}\n"


def _as_text(value: Any) -> Any:  # noqa: ANN401  any part of a JSON document
    """A part of the document with every half of a character replaced."""
    if isinstance(value, str):
        return value.encode(errors="surrogateescape").decode(errors="replace")
    if isinstance(value, dict):
        return {key: _as_text(element) for key, element in value.items()}
    return [_as_text(element) for element in value] if isinstance(value, list | tuple) else value


def read_saved(data: bytes, name: str) -> tuple[dict[str, Any], tuple[Finding, ...]]:
    """The evidence of a saved report, as plain data, and the findings that it holds.

    Raises:
        RequestError: it is no report of this version.
    """
    try:
        version = msgspec.json.decode(data, type=_Versioned).schema_version
        if version != SCHEMA_VERSION:
            raise RequestError(
                f"{name}: the report has schema version {version}; this build-doctor reads version {SCHEMA_VERSION}"
            )
        saved = msgspec.json.decode(data, type=ReportV1)
        findings = tuple(map(_read_finding, saved.findings))
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise RequestError(f"{name}: this is not a report of build-doctor: {error}") from error
    evidence: dict[str, Any] = msgspec.to_builtins(saved.evidence)
    return {**evidence, "not_seen": msgspec.to_builtins(saved.not_seen)}, findings


def _read_finding(saved: FindingV1) -> Finding:
    values = msgspec.to_builtins(saved)
    for fix in values["fixes"]:
        fix["environment"] = tuple(fix.get("environment", {}).items()) or None
    found: Finding = msgspec.convert(values, Finding)
    return found


def schema() -> dict[str, Any]:
    """The JSON Schema of the document, as it is shipped in `report-v1.schema.json`."""
    made: dict[str, Any] = msgspec.json.schema(ReportV1)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "build-doctor report, version 1",
        **made,
    }


def schema_text() -> str:
    """The text of `report-v1.schema.json`."""
    return f"{msgspec.json.format(msgspec.json.encode(schema()), indent=2).decode()}\n"
