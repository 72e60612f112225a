"""A unified diff, coloured."""

from __future__ import annotations

from buildDoctor.faces import wording
from buildDoctor.faces.tui.sheet import Sheet

_STYLES = {"+": "$text-success", "-": "$text-error", "@": "$text-primary"}


def add_diff(sheet: Sheet, patch: str) -> None:
    """Add a patch to a sheet, with the signs of its lines."""
    sheet.blank()
    for line in wording.visible(patch.rstrip(), lines=True).split("\n"):
        header = line.startswith(("---", "+++"))
        sheet.code(line, "bold" if header else _STYLES.get(line[:1], ""), indent="  ")
    sheet.blank()
