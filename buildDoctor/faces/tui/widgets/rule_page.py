"""What is said about a rule, laid out for a width."""

from __future__ import annotations

import re
from collections.abc import Callable

from textual.content import Content

from buildDoctor.faces import wording
from buildDoctor.faces.tui.sheet import QUIET, SEVERITY_STYLES, Sheet
from buildDoctor.faces.wording.rule_words import RuleAnswer, RuleState, answer_words, why_words

_WIDEST_PAGE = 100
_CODES = re.compile(r"\x1b\[\d*m")


def rule_page(state: RuleState, page: Callable[[int], str] | None, width: int) -> Content:
    """What the rule says here and why, and then its page."""
    sheet = Sheet(width)
    style = SEVERITY_STYLES[state.severity] if state.answer is RuleAnswer.HOLDS else "bold"
    sheet.labelled(f"{answer_words(state)}:", style, wording.visible(state.id))
    if state.answer is RuleAnswer.HOLDS:
        _findings(sheet, state)
    elif state.undecided:
        sheet.text(f"needs {wording.visible(', '.join(state.undecided.needs))}", indent="  ", hanging="    ")
        sheet.text(wording.visible(state.undecided.why), indent="  ")
    elif why := why_words(state):
        sheet.text(why, QUIET, indent="  ")
    else:
        sheet.text("What it looks for was looked at, and is not there.", QUIET, indent="  ")
    if page:
        sheet.blank()
        for line in page(min(width, _WIDEST_PAGE)).rstrip("\n").split("\n"):
            plain = _CODES.sub("", line)
            sheet.code(plain, "bold" if plain != line else "")
    return sheet.content()


def _findings(sheet: Sheet, state: RuleState) -> None:
    for finding in state.findings:
        sheet.labelled("·", QUIET, wording.visible(finding.title), indent="  ", text_style="")
    sheet.text("Press enter in the list to read it among the findings.", QUIET, indent="  ")
