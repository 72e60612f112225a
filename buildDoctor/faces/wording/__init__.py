"""How a report is put into words, once, for the text report and the terminal UI alike.

Everything here is a function over `Report` and its parts; what comes out is plain text that is safe to show.
"""

from __future__ import annotations

from buildDoctor.faces.wording.order import (
    Entry,
    Group,
    best_fix,
    entries,
    filtered,
    first_patch,
    fix_to_apply,
    grouped,
    matches,
    may_help,
    ordered_fixes,
)
from buildDoctor.faces.wording.plain import counted, paragraphs, visible
from buildDoctor.faces.wording.words import (
    OUTCOME_GLYPHS,
    SEVERITY_GLYPHS,
    evidence_line,
    explained_line,
    finding_line,
    fix_commands,
    group_line,
    has_gaps,
    meta_line,
    not_seen_lines,
    not_seen_summary,
    outcome_words,
    severity_words,
    source_line,
    summary,
    suppressed_lines,
    trial_words,
    undecided_lines,
    verdict,
)

__all__ = [
    "OUTCOME_GLYPHS",
    "SEVERITY_GLYPHS",
    "Entry",
    "Group",
    "best_fix",
    "counted",
    "entries",
    "evidence_line",
    "explained_line",
    "filtered",
    "finding_line",
    "first_patch",
    "fix_commands",
    "fix_to_apply",
    "group_line",
    "grouped",
    "has_gaps",
    "matches",
    "may_help",
    "meta_line",
    "not_seen_lines",
    "not_seen_summary",
    "ordered_fixes",
    "outcome_words",
    "paragraphs",
    "severity_words",
    "source_line",
    "summary",
    "suppressed_lines",
    "trial_words",
    "undecided_lines",
    "verdict",
    "visible",
]
