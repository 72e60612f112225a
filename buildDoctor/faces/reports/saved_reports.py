"""Saved reports, read as what they say; nothing is judged again."""

from __future__ import annotations

from pathlib import Path

from buildDoctor.adapters.recorded import evidence_from
from buildDoctor.core.errors import RequestError
from buildDoctor.core.findings import Undecided
from buildDoctor.core.report import Report
from buildDoctor.faces.reports.json_v1 import ReportV1, decoded, findings_of, plain_evidence

LARGEST = 200_000_000
"""Bytes; no report needs more."""


def read_report(path: Path) -> Report:
    """The report of a file, with the outcomes of its trials as claims.

    Raises:
        RequestError: it cannot be read, or is no report of this version.
    """
    saved = decoded(content_of(path), str(path))
    return _report(saved)


def _report(saved: ReportV1) -> Report:
    return Report(
        targets=saved.targets,
        verdict=saved.verdict,
        findings=findings_of(saved),
        undecided=tuple(Undecided(rule=one.rule, needs=one.needs, why=one.why) for one in saved.cannot_tell),
        evidence=evidence_from(plain_evidence(saved)),
    )


def content_of(path: Path) -> bytes:
    """The bytes of a saved report.

    Raises:
        RequestError: it cannot be read, or is too large.
    """
    try:
        with path.open("rb") as stream:
            content = stream.read(LARGEST + 1)
    except OSError as error:
        raise RequestError(f"{path}: the report cannot be read: {error.strerror}") from error
    if len(content) > LARGEST:
        raise RequestError(f"{path}: the file has more than {LARGEST:,} bytes, which no report needs")
    return content
