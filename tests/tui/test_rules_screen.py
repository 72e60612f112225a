from __future__ import annotations

from collections.abc import Callable
from typing import Any

from buildDoctor.core.report import Report
from buildDoctor.faces.tui.app import BuildDoctor
from buildDoctor.faces.tui.services import Services
from buildDoctor.faces.wording.rule_words import RuleAnswer, rule_states

Drive = Callable[..., Any]
Shown = Callable[[BuildDoctor], str]


def test_every_rule_has_one_answer(demo: Report, services: Services) -> None:
    """What holds comes first, and each rule that there is is listed once."""
    assert services.rules is not None
    entries = services.rules()
    states = rule_states(demo, ((one.id, one.severity, one.family, one.runs) for one in entries))

    assert {state.id for state in states} == {entry.id for entry in entries}
    assert len(states) == len(entries)
    assert states[0].answer is RuleAnswer.HOLDS
    assert all(bool(state.findings) == (state.answer is RuleAnswer.HOLDS) for state in states)
    assert all(bool(state.undecided) == (state.answer is RuleAnswer.CANNOT_TELL) for state in states)


def test_rule_that_cannot_tell_says_why(drive: Drive, demo: Report, services: Services, shown: Shown) -> None:
    """`n` goes to it; the page names what is missing, and is the page of `explain`."""
    text = drive(demo, (120, 36), services).press("5", "n", look=shown)

    assert "? cannot tell: " in text
    assert "needs " in text
    assert "How it comes about" in text


def test_rule_that_holds_leads_to_its_finding(drive: Drive, demo: Report, services: Services, shown: Shown) -> None:
    """Enter goes to the finding, which is read."""
    text, mode = drive(demo, (120, 36), services).press(
        "5", "slash", *"suffix consumes", "enter", "enter", look=lambda app: (shown(app), app.current_mode)
    )

    assert mode == "Findings"
    assert "supported-suffix-consumes-target · certain" in text


def test_rules_of_the_report_are_listed_without_rule_files(drive: Drive, canned: Any, shown: Shown) -> None:
    """A report alone says which rules hold and which cannot tell."""
    text = drive(canned.NVFP4).press("5", look=shown)

    assert "7 rules: 6 hold, 1 cannot tell." in text


def test_rules_about_what_nobody_gave_are_not_asked(
    drive: Drive, demo: Report, services: Services, shown: Shown
) -> None:
    """They are no gap: the list says that they are not asked, and the page why."""
    assert demo.unasked

    text = drive(demo, (120, 36), services).press("5", "end", look=shown)

    assert f"{len(demo.unasked)} not asked." in text
    assert "· not asked:" in text
    assert "something that nobody gave or asked for" in " ".join(text.split())


def test_names_of_rules_are_not_cut_where_there_is_room(
    drive: Drive, demo: Report, services: Services, shown: Shown
) -> None:
    """At 80 columns the whole name and the whole family fit; beside the page the family gives way to the name."""
    stacked = drive(demo, (80, 24), services).press("5", look=shown)
    beside = drive(demo, (120, 36), services).press("5", look=shown)

    names = {finding.rule for finding in demo.findings}
    assert all(name in stacked and name in beside for name in names)
    assert "environ…" not in stacked + beside
