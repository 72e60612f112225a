"""What stands where: findings grouped by severity, consequences beneath their causes, fixes that help first."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from buildDoctor.core.findings import Finding, Fix, Outcome, Safety, Severity
from buildDoctor.core.report import Report

_FIX_ORDER = (Outcome.PROVEN, Outcome.CANNOT_TRY, Outcome.NO_EFFECT, Outcome.MAKES_WORSE)


class Entry(Struct, frozen=True, kw_only=True):
    """A finding and its place in the list."""

    finding: Finding
    depth: int
    """0 for a finding that stands alone or is a cause, 1 for what that explains, and so on."""
    cause: Finding | None = None
    """The finding that explains this one."""


class Group(Struct, frozen=True, kw_only=True):
    """Findings of one severity, each followed by those that it explains, whatever their severity."""

    severity: Severity
    entries: tuple[Entry, ...]


def grouped(report: Report) -> tuple[Group, ...]:
    """The findings by severity, errors first; a severity without findings has no group."""
    everything = entries(report)
    starts = [number for number, entry in enumerate(everything) if entry.depth == 0]
    families = [everything[start:stop] for start, stop in zip(starts, [*starts[1:], None], strict=True)]
    return tuple(
        Group(severity=severity, entries=tuple(entry for family in members for entry in family))
        for severity in Severity
        if (members := [family for family in families if family[0].finding.severity is severity])
    )


def entries(report: Report) -> tuple[Entry, ...]:
    """Every finding once: errors first, and each directly beneath its cause."""
    causes = [_cause(number, report) for number in range(len(report.findings))]
    roots = [number for number in range(len(causes)) if _is_root(number, causes)]
    order = list(Severity)
    roots.sort(key=lambda number: order.index(report.findings[number].severity))
    return tuple(entry for root in roots for entry in _family(root, 0, None, report, causes))


def _cause(number: int, report: Report) -> int | None:
    """Where the finding that explains another stands: the nearest one of that rule above it, or else beneath."""
    rule = report.findings[number].explained_by
    if rule is None:
        return None
    candidates = [place for place, other in enumerate(report.findings) if other.rule == rule]
    above = [place for place in candidates if place < number]
    return next(iter(above[::-1] or candidates), None)


def _is_root(number: int, causes: list[int | None]) -> bool:
    """Whether a finding has no cause. Of findings that explain each other in a circle, the first counts as one."""
    path = [number]
    while (above := causes[path[-1]]) is not None:
        if above in path:
            return number == min(path[path.index(above) :])
        path.append(above)
    return len(path) == 1


def _family(
    number: int, depth: int, cause: Finding | None, report: Report, causes: list[int | None]
) -> Iterator[Entry]:
    finding = report.findings[number]
    yield Entry(finding=finding, depth=depth, cause=cause)
    for child, above in enumerate(causes):
        if above == number and not _is_root(child, causes):
            yield from _family(child, depth + 1, finding, report, causes)


def ordered_fixes(finding: Finding) -> tuple[Fix, ...]:
    """The fixes, proven ones first and harmful ones last; otherwise in the rule's order."""
    return tuple(sorted(finding.fixes, key=lambda fix: _FIX_ORDER.index(fix.trial.outcome)))


def may_help(fix: Fix) -> bool:
    """Whether a fix is proven, or could not be tried here; one that was tried in vain is not offered."""
    return fix.trial.outcome in (Outcome.PROVEN, Outcome.CANNOT_TRY)


def best_fix(finding: Finding) -> Fix | None:
    """The first fix that is proven, or else the first that could not be tried here."""
    return next(filter(may_help, ordered_fixes(finding)), None)


def first_patch(finding: Finding) -> Fix | None:
    """The first fix that has a patch and may help."""
    return next((fix for fix in ordered_fixes(finding) if fix.patch and may_help(fix)), None)


def fix_to_apply(finding: Finding) -> Fix | None:
    """The first fix that is proven here, safe and a patch: the only kind that may be put into a tree."""
    fixes = (fix for fix in ordered_fixes(finding) if fix.patch and fix.safety is Safety.SAFE)
    return next((fix for fix in fixes if fix.trial.outcome is Outcome.PROVEN and not fix.trial.claimed), None)


def filtered(groups: tuple[Group, ...], wanted: str) -> tuple[Group, ...]:
    """The groups with only the findings that a filter matches; all of them for an empty filter."""
    kept = (replace(group, entries=tuple(_matching(group, wanted))) for group in groups)
    return tuple(group for group in kept if group.entries)


def _matching(group: Group, wanted: str) -> Iterator[Entry]:
    return (entry for entry in group.entries if matches(entry.finding, wanted))


def matches(finding: Finding, wanted: str) -> bool:
    """Whether every word of a filter occurs in what names the finding."""
    text = f"{finding.title} {finding.rule} {finding.severity} {finding.family} {finding.subject}".casefold()
    return all(word in text for word in wanted.casefold().split())
