"""What is shown before a fix is put into the user's source tree."""

from __future__ import annotations

from pathlib import Path

from textual.content import Content

from buildDoctor.core.findings import Fix
from buildDoctor.faces import wording
from buildDoctor.faces.tui.copying import short
from buildDoctor.faces.tui.sheet import OUTCOME_STYLES, QUIET, Sheet
from buildDoctor.faces.tui.widgets.diff import add_diff


def apply_page(fix: Fix, tree: Path, width: int) -> Content:
    """The fix, the file, every line that changes, and how to undo it."""
    sheet = Sheet(width)
    sheet.labelled("Apply:", "bold", wording.visible(fix.title))
    sheet.labelled(
        f"{wording.trial_words(fix.trial)}:",
        OUTCOME_STYLES[fix.trial.outcome],
        wording.visible(fix.trial.why),
        text_style="",
    )
    sheet.blank()
    sheet.text(f"This changes a file in {wording.visible(short(tree))}:")
    add_diff(sheet, fix.patch or "")
    sheet.text(
        "The file as it is now is kept beside it, with .orig behind its name. Nothing else is written. "
        "Afterwards the tree is looked at again.",
        QUIET,
    )
    return sheet.content()
