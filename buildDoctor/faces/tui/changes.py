"""What a second look shows."""

from __future__ import annotations

from buildDoctor.core.report import Report
from buildDoctor.faces import wording


def changes_since(before: Report, because: str, after: Report) -> str:
    """What has changed between two looks, in one or two sentences.

    Args:
        before: the first report.
        because: the rule whose finding a change was meant to mend; empty when nothing was changed.
        after: the second.
    """
    had = {(finding.rule, finding.subject) for finding in before.findings}
    has = {(finding.rule, finding.subject) for finding in after.findings}
    gone, come = len(had - has), len(has - had)
    if not gone and not come:
        tally = "The findings are the same as before."
    else:
        parts = [f"{wording.counted(gone, 'finding')} gone"] if gone else []
        tally = " and ".join(parts + ([f"{wording.counted(come, 'finding')} new"] if come else [])) + "."
    if not because:
        return tally
    still = any(rule == because for rule, _subject in has)
    return f"{'It did not help' if still else 'It helped'}: {tally}"
