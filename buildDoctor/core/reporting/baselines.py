"""What an earlier report knows already: its findings are left out, and those that are gone are named."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from buildDoctor.core.findings import Finding
from buildDoctor.core.fingerprints import fingerprints
from buildDoctor.core.report import Gone, Known, Report


def against(report: Report, name: str, before: Report) -> Report:
    """The report without the findings that an earlier one has.

    A finding whose cause is left out stands by itself.

    Args:
        report: today's.
        name: what the baseline is called.
        before: the earlier report: its findings and its evidence.
    """
    today = fingerprints(report.findings, report.evidence)
    earlier = fingerprints(before.findings, before.evidence)
    new = [finding for finding, mark in zip(report.findings, today, strict=True) if mark not in set(earlier)]
    gone = [
        Gone(rule=finding.rule, subject=finding.subject, fingerprint=mark)
        for finding, mark in zip(before.findings, earlier, strict=True)
        if mark not in set(today)
    ]
    left = tuple(_alone(finding, new) for finding in new)
    known = Known(name=name, known=len(report.findings) - len(left), gone=tuple(gone))
    return replace(report, findings=left, verdict=_verdict(left, known), baseline=known)


def _alone(finding: Finding, left: Iterable[Finding]) -> Finding:
    if finding.explained_by is None or any(other.rule == finding.explained_by for other in left):
        return finding
    return replace(finding, explained_by=None)


def _verdict(left: tuple[Finding, ...], known: Known) -> str:
    words = f"{known.known} finding{'s' if known.known != 1 else ''} that {known.name} has {'are' if known.known != 1 else 'is'} left out"
    return f"New against {known.name}: {left[0].title}." if left else f"Nothing is new; {words}."
