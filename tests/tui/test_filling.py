"""What was seen is shown while the rest is still being examined."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from buildDoctor.core.report import Report
from buildDoctor.examine.progress import Told
from buildDoctor.faces.tui.app import BuildDoctor
from buildDoctor.faces.tui.screens.tab_screen import TabScreen
from buildDoctor.faces.tui.services import Services
from buildDoctor.faces.tui.widgets.headline import Headline
from buildDoctor.faces.tui.widgets.line_table import LineTable
from buildDoctor.faces.tui.widgets.plan_fields import PlanFields


def headline(app: BuildDoctor) -> str:
    """The sentence on top of the screen."""
    return str(app.screen.query_one(Headline).content)


def drive(demo: Report, services: Services, steps: Callable[[Pilot[Any], threading.Event], Awaitable[Any]]) -> Any:
    """What `steps` sees of an examination that has told all that it saw, and judges when the event is set."""
    judges = threading.Event()

    def look(step: Callable[[str], None]) -> Report:
        step(Told.of("judging", evidence=demo.evidence))
        judges.wait(30)
        return demo

    async def run() -> Any:
        app = BuildDoctor(look, services=services)
        async with app.run_test(size=(120, 36)) as pilot:
            await pilot.pause(0.2)
            try:
                return await steps(pilot, judges)
            finally:
                judges.set()
                await pilot.app.workers.wait_for_complete()
                await pilot.pause()

    return asyncio.run(run())


@pytest.mark.parametrize(
    ("key", "rows", "words"),
    [
        ("2", 4, "lost at the layer feature list"),
        ("3", 1, "everything runs on 12.0"),
        ("4", 3, "2 of 3 feature blocks"),
    ],
    ids=["flow", "kernels", "plan"],
)
def test_screen_shows_what_was_seen_before_it_is_judged(
    demo: Report, services: Services, key: str, rows: int, words: str
) -> None:
    async def steps(pilot: Pilot[Any], _judges: threading.Event) -> tuple[int, str, bool]:
        await pilot.press(key)
        await pilot.pause()
        app = pilot.app
        assert isinstance(app, BuildDoctor)
        shown = app.screen
        assert isinstance(shown, TabScreen)
        return shown.query_one(LineTable).count, headline(app), app.report is None

    counted, said, unjudged = drive(demo, services, steps)
    assert counted == rows
    assert words in said
    assert "still examining" in said
    assert unjudged


def test_findings_wait_for_the_judgement(demo: Report, services: Services) -> None:
    async def steps(pilot: Pilot[Any], judges: threading.Event) -> tuple[bool, bool]:
        screen = pilot.app.screen
        assert isinstance(screen, TabScreen)
        before = screen.is_shown
        judges.set()
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        return before, screen.is_shown

    assert drive(demo, services, steps) == (False, True)


def test_what_was_typed_on_the_plan_stays_when_the_report_comes(demo: Report, services: Services) -> None:
    async def steps(pilot: Pilot[Any], judges: threading.Event) -> tuple[str, str, bool]:
        await pilot.press("4", "i", "backspace", "8")
        judges.set()
        await pilot.app.workers.wait_for_complete()
        await pilot.pause(0.3)
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        app = pilot.app
        assert isinstance(app, BuildDoctor)
        fields = app.screen.query_one(PlanFields)
        return fields.query(Input).first().value, headline(app), isinstance(app.focused, Input)

    typed, said, still = drive(demo, services, steps)
    assert typed == "12.8"
    assert still, "the field keeps the focus"
    assert "still examining" not in said
