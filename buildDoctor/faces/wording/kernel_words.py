"""The words for where one is among packages, files, units and kernels."""

from __future__ import annotations

from buildDoctor.core.evidence import Evidence
from buildDoctor.core.reporting.composing import reason_for
from buildDoctor.faces.wording.plain import counted, visible


def why_nothing(evidence: Evidence) -> str | None:
    """Why there are no shared objects to show; nothing when there are, or packages with device code."""
    if evidence.binaries or any(package.code for package in evidence.packages or ()):
        return None
    reason = reason_for("binaries", evidence.not_seen) or "no shared object was looked at"
    return f"There is no shared object to look inside: {visible(reason)}."


def reading_words(path: str, size_bytes: int, number: int, count: int) -> tuple[str, str]:
    """What is being read and how much it is, and how to stop it."""
    which = f" ({number} of {count} files)" if count > 1 else ""
    return f"Reading all kernels of {visible(path)}, {megabytes(size_bytes)}{which}", "Press esc to stop."


def megabytes(size_bytes: int) -> str:
    """A size as one says it: `387 MB`."""
    return f"{size_bytes / 1e6:,.0f} MB" if size_bytes >= 1e6 else counted(size_bytes, "byte")
