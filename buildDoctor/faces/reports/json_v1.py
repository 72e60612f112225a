"""The JSON report, version 1: a promise with its own types, apart from the core's.

Same evidence, same bytes: nothing of the clock, of the machine's paths or of the order of a dictionary goes in.
What may change within version 1 stands in `docs/json.md`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Literal

import msgspec

from buildDoctor import __version__
from buildDoctor.core.errors import RequestError
from buildDoctor.core.findings import Finding, Fix, Severity
from buildDoctor.core.fingerprints import fingerprints
from buildDoctor.core.report import Report, says_something
from buildDoctor.faces.reports.json_v1_changes import Changes
from buildDoctor.faces.reports.json_v1_contract import BaselineV1, ContractV1
from buildDoctor.faces.reports.json_v1_evidence import Evidence
from buildDoctor.faces.reports.json_v1_plan import PlanAnswerV1, plan_answer
from buildDoctor.faces.reports.json_v1_shape import Shape

SCHEMA_VERSION = 1
_HALF = "[\ud800-\udfff]"


class Tool(Shape, frozen=True, kw_only=True):
    """What made the report."""

    name: str
    """Always `build-doctor`."""
    version: str
    """Its version. The schema that the same version ships describes the document."""


class Summary(Shape, frozen=True, kw_only=True):
    """How many findings of each severity there are, and how many rules cannot tell."""

    error: int
    """Findings of a kernel that is missing or unusable."""
    warning: int
    """Findings of something that works, but slowly or by luck."""
    note: int
    """Findings that are worth knowing and break nothing alone."""
    cannot_tell: int
    """Rules that cannot tell."""


class ItemV1(Shape, frozen=True, kw_only=True):
    """One piece of evidence that a finding rests on."""

    path: str
    """The path in `evidence`, such as `plan.features[7].gets`."""
    value: str
    """The value, as short text."""
    source: str
    """Where it was seen: file and line, ELF section, command, or the user's option."""


class TrialV1(Shape, frozen=True, kw_only=True):
    """What happened when a fix was tried on a copy."""

    outcome: Literal["proven", "no-effect", "makes-worse", "cannot-try"]
    """What the trial showed."""
    why: str
    """The reason for the outcome, in one sentence."""
    effect: tuple[str, ...]
    """What the change does, one line each."""
    claimed: bool = False
    """Whether the outcome is only what a saved report says. Nothing was tried by the build-doctor that wrote this."""
    by_hand: bool = False
    """Whether the fix is for the user's hands alone: no trial has failed, there is nothing to try."""


class FixV1(Shape, frozen=True, kw_only=True):
    """One change that is offered, or shown not to help."""

    title: str
    """What to do, in one line."""
    safety: Literal["safe", "unsafe", "display"]
    """Whether it can be undone, changes more than the fault, or is shown for knowledge only."""
    patch: str | None = None
    """A unified diff against the source tree."""
    command: str | None = None
    """A command to run; build-doctor never runs it."""
    environment: dict[str, str] | None = None
    """Variables to set for the build, by name."""
    text: str | None = None
    """What to do, in words."""
    verify: str | None = None
    """How to see, after the rebuild, that it worked."""
    trial: TrialV1
    """What a trial of it showed."""


class FindingV1(Shape, frozen=True, kw_only=True):
    """A rule that holds, with the evidence that it rests on."""

    rule: str
    """The rule's id."""
    fingerprint: str = ""
    """The same in another report for the same rule and subject: lines, values and folders do not count."""
    title: str
    """What is wrong, in one line."""
    severity: Literal["error", "warning", "note"]
    """How bad it is."""
    confidence: Literal["certain", "likely", "possible"]
    """How sure the rule is, whatever the severity."""
    family: str
    """The layer that an architecture passes through: `torch`, `driver`, `toolkit`, `loader`, `plan`, `binary`, …"""
    subject: str
    """What it is about, such as `feature=NVFP4`; empty for the whole evidence."""
    why: str
    """The mechanism, for someone who wants to learn."""
    limits: str
    """When this alarm may be false."""
    explained_by: str | None = None
    """The id of the rule whose finding is the cause of this one."""
    evidence: tuple[ItemV1, ...]
    """What it rests on; never empty."""
    fixes: tuple[FixV1, ...]
    """What to do; proven fixes first."""
    references: tuple[str, ...]
    """Where to read more: `owner/repo#number`, or an address."""


class UndecidedV1(Shape, frozen=True, kw_only=True):
    """A rule that cannot tell."""

    rule: str
    """The rule's id."""
    needs: tuple[str, ...]
    """The paths of the evidence that is missing."""
    why: str
    """Why it is missing."""


class CheckV1(Shape, frozen=True, kw_only=True):
    """A part of the build, and whether it is in order."""

    name: str
    """Such as `driver` or `C++ ABI and libraries`."""
    state: Literal["fine", "wrong", "unknown"]
    """`fine` only where it was seen, every rule about it could answer, and none has found an error or a warning."""
    why: str
    """The rules that have found something, or why it cannot be told."""


class SuppressedV1(Shape, frozen=True, kw_only=True):
    """A finding that the project's settings leave out."""

    rule: str
    """The rule's id."""
    subject: str
    """What it is about."""
    reason: str
    """Why it is passed over, as the settings say."""
    until: str
    """The last day on which it is, as `2026-12-31`; empty for always."""
    place: str
    """File and line of the setting."""


class NotSeenV1(Shape, frozen=True, kw_only=True):
    """What could not be examined, and why."""

    path: str
    """The path in `evidence` of the value that is missing."""
    reason: str
    """One sentence: what is wrong and what to do about it."""


class ErrorV1(Shape, frozen=True, kw_only=True):
    """Why there is no diagnosis."""

    kind: Literal["request", "nothing"]
    """`request`: an option, a path or a rule file is wrong. `nothing`: there was nothing that could be examined."""
    exit_code: int
    """The code that the process ended with: 2 for `request`, 3 for `nothing`."""
    message: str
    """What is wrong and what to do, as on standard error; several mistakes have a line each."""


class ReportV1(Shape, frozen=True, kw_only=True):
    """The whole document."""

    schema_version: int
    """Always 1 for documents of this schema."""
    tool: Tool
    """What made the report."""
    targets: tuple[str, ...]
    """What was examined, as the user wrote it."""
    verdict: str
    """The report in one sentence."""
    error: ErrorV1 | None = None
    """Why there is no diagnosis; absent where there is one."""
    summary: Summary
    """The findings and open questions in numbers."""
    findings: tuple[FindingV1, ...]
    """What is wrong; causes first, each followed by its consequences."""
    cannot_tell: tuple[UndecidedV1, ...]
    """The rules that cannot tell."""
    not_seen: tuple[NotSeenV1, ...]
    """What could not be examined."""
    evidence: Evidence
    """All that was seen."""
    checks: tuple[CheckV1, ...] = ()
    """The parts of the build in the order of verdicts, each with whether it is in order."""
    unasked: tuple[str, ...] = ()
    """Ids of the rules about what nobody has given: a log, a wheel, a model."""
    suppressed: tuple[SuppressedV1, ...] = ()
    """Findings that the project's settings leave out."""
    changes: Changes | None = None
    """What changed between two builds; only from `build-doctor diff` and `build-doctor plan --what-if`."""
    answer: PlanAnswerV1 | None = None
    """What was asked about the plan beside it; only from `build-doctor plan`."""
    contract: ContractV1 | None = None
    """A contract held against files; only from `build-doctor check`."""
    baseline: BaselineV1 | None = None
    """What a baseline knows; only with `--baseline`."""


class _Versioned(msgspec.Struct):
    """What every version of the report begins with."""

    schema_version: int
    tool: dict[str, Any] = {}


def document(report: Report) -> ReportV1:
    """The report in the shape that is promised."""
    return ReportV1(
        schema_version=SCHEMA_VERSION,
        tool=Tool(name="build-doctor", version=__version__),
        targets=report.targets,
        verdict=report.verdict,
        error=_nothing(report),
        summary=_summary(report),
        findings=tuple(map(_finding, report.findings, fingerprints(report.findings, report.evidence))),
        cannot_tell=_converted(report.undecided, tuple[UndecidedV1, ...]),
        not_seen=_converted(report.evidence.not_seen, tuple[NotSeenV1, ...]),
        evidence=_evidence(report),
        checks=_converted(report.checks, tuple[CheckV1, ...]),
        unasked=report.unasked,
        suppressed=_converted(report.suppressed, tuple[SuppressedV1, ...]),
        changes=_converted(report.changes, Changes | None),
        answer=plan_answer(report.answer),
        contract=_converted(report.contract, ContractV1 | None),
        baseline=_converted(report.baseline, BaselineV1 | None),
    )


def _nothing(report: Report) -> ErrorV1 | None:
    """Says that nothing was examined, if so."""
    return None if says_something(report) else ErrorV1(kind="nothing", exit_code=3, message=report.verdict)


def error_document(message: str, targets: Iterable[str]) -> ReportV1:
    """The answer to a request that is wrong, in the shape of a report.

    Args:
        message: what is wrong, as it is told on standard error.
        targets: what was to be examined.
    """
    return ReportV1(
        schema_version=SCHEMA_VERSION,
        tool=Tool(name="build-doctor", version=__version__),
        targets=tuple(targets),
        verdict="Nothing was examined: the request is wrong.",
        error=ErrorV1(kind="request", exit_code=2, message=message),
        summary=Summary(error=0, warning=0, note=0, cannot_tell=0),
        findings=(),
        cannot_tell=(),
        not_seen=(),
        evidence=Evidence(),
    )


def _converted(value: object, shape: Any) -> Any:  # noqa: ANN401  msgspec gives what the shape says
    # To learn a shape takes longer than to convert with it, and most parts of most reports are empty.
    return msgspec.convert(value, shape, from_attributes=True) if value else value


def _evidence(report: Report) -> Evidence:
    """The evidence in its shape, part by part, as most reports have few of them."""
    parts = Evidence.__annotations__.items()
    return Evidence(**{name: _converted(getattr(report.evidence, name), shape) for name, shape in parts})


def _summary(report: Report) -> Summary:
    counts = {severity: sum(f.severity is severity for f in report.findings) for severity in Severity}
    return Summary(
        error=counts[Severity.ERROR],
        warning=counts[Severity.WARNING],
        note=counts[Severity.NOTE],
        cannot_tell=len(report.undecided),
    )


def _finding(finding: Finding, fingerprint: str) -> FindingV1:
    return FindingV1(
        rule=finding.rule,
        fingerprint=fingerprint,
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
        trial=TrialV1(
            outcome=fix.trial.outcome.value,
            why=fix.trial.why,
            effect=fix.trial.effect,
            claimed=fix.trial.claimed,
            by_hand=fix.trial.by_hand,
        ),
    )


def render(report: Report) -> str:
    """The document as text, two spaces deep, with a newline at its end."""
    return _text(document(report))


def render_error(message: str, targets: Iterable[str] = ()) -> str:
    """The answer to a request that is wrong, as text."""
    return _text(error_document(message, targets))


def _text(made: ReportV1) -> str:
    try:
        encoded = msgspec.json.encode(made)
    except UnicodeEncodeError:
        # The name of a file may be bytes that are no text; Python keeps them as halves of characters.
        encoded = msgspec.json.encode(_as_text(msgspec.to_builtins(made)))
    text = msgspec.json.format(encoded, indent=2).decode()
    # Appended in place: a report of all kernels of a library has 26 MB.
    text += "\n"
    return text


def _as_text(value: Any) -> Any:  # noqa: ANN401  any part of a JSON document
    """A part of the document with every half of a character replaced."""
    if isinstance(value, str):
        return re.sub(_HALF, "\ufffd", value)
    if isinstance(value, dict):
        return {key: _as_text(element) for key, element in value.items()}
    return [_as_text(element) for element in value] if isinstance(value, list | tuple) else value


def read_saved(data: bytes, name: str) -> tuple[dict[str, Any], tuple[Finding, ...]]:
    """The evidence of a saved report, as plain data, and the findings that it holds.

    Raises:
        RequestError: it is no report of this version.
    """
    saved = decoded(data, name)
    return plain_evidence(saved), findings_of(saved)


def decoded(data: bytes, name: str) -> ReportV1:
    """The document of a saved report.

    Raises:
        RequestError: it is no report of this version.
    """
    made_by = ""
    try:
        begin = msgspec.json.decode(data, type=_Versioned)
        if begin.schema_version != SCHEMA_VERSION:
            raise RequestError(
                f"{name}: the report has schema version {begin.schema_version}; "
                f"this build-doctor reads version {SCHEMA_VERSION}"
            )
        made_by = str(begin.tool.get("version", ""))
        saved = msgspec.json.decode(data, type=ReportV1)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        other = f" (made by version {made_by}, read by {__version__})" if made_by not in {"", __version__} else ""
        raise RequestError(f"{name}: this is not a report of build-doctor: {error}{other}") from error
    if saved.error is not None and saved.error.kind == "request":
        raise RequestError(f"{name}: this is the answer to a wrong request, not a report: {saved.error.message}")
    return saved


def plain_evidence(saved: ReportV1) -> dict[str, Any]:
    """The evidence of a saved report, as plain data."""
    evidence: dict[str, Any] = msgspec.to_builtins(saved.evidence)
    return {**evidence, "not_seen": msgspec.to_builtins(saved.not_seen)}


def findings_of(saved: ReportV1) -> tuple[Finding, ...]:
    """The findings of a saved report; what it says about trials is a claim.

    Raises:
        RequestError: one of them rests on no evidence.
    """
    try:
        return tuple(map(_read_finding, saved.findings))
    except ValueError as error:
        raise RequestError(f"this is not a report of build-doctor: {error}") from error


def _read_finding(saved: FindingV1) -> Finding:
    values = msgspec.to_builtins(saved)
    values.pop("fingerprint", None)
    for fix in values["fixes"]:
        fix["environment"] = tuple(fix.get("environment", {}).items()) or None
        fix["trial"]["claimed"] = True
    found: Finding = msgspec.convert(values, Finding)
    return found


def schema() -> dict[str, Any]:
    """The JSON Schema of the document, as it is shipped in `report-v1.schema.json`."""
    from buildDoctor.faces.reports.json_v1_schema import described  # noqa: PLC0415  reads the sources of the types

    return described(ReportV1)


def schema_text() -> str:
    """The text of `report-v1.schema.json`."""
    return f"{msgspec.json.format(msgspec.json.encode(schema()), indent=2).decode()}\n"
