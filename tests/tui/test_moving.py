"""One way of moving between the screens, and the keys that mean the same on each."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from buildDoctor.core.report import Report
from buildDoctor.faces.tui.app import BuildDoctor
from buildDoctor.faces.tui.screens.tab_screen import TITLES
from buildDoctor.faces.tui.services import Services

Drive = Callable[..., Any]
SIZES = [pytest.param((80, 24), id="small"), pytest.param((120, 36), id="wide"), pytest.param((200, 60), id="large")]


def _mode(app: BuildDoctor) -> str:
    return app.current_mode


async def _pressed(app: BuildDoctor, keys: tuple[str, ...], look: Callable[[BuildDoctor], Any]) -> list[Any]:
    """What `look` sees after each key."""
    seen = []
    async with app.run_test(size=(80, 24)) as pilot:
        await app.workers.wait_for_complete()
        for key in keys:
            await pilot.press(key)
            await pilot.pause()
            seen.append(look(app))
    return seen


def test_numbers_and_tab_lead_to_each_screen(canned: Any) -> None:
    """Tab goes around at the end, backwards with shift."""
    keys = ("2", "3", "4", "5", "1", "tab", "tab", "shift+tab", "shift+tab", "shift+tab")

    seen = asyncio.run(_pressed(BuildDoctor(canned.NVFP4), keys, _mode))

    assert seen == ["Flow", "Kernels", "Plan", "Rules", "Findings", "Flow", "Kernels", "Flow", "Findings", "Rules"]


def test_every_screen_keeps_its_place(demo: Report, services: Services) -> None:
    """A finding that is read is still read after a look at another screen."""
    app = BuildDoctor(demo, services=services)

    seen = asyncio.run(_pressed(app, ("j", "enter", "5", "1"), lambda app: type(app.focused).__name__))

    assert seen == ["FindingList", "FindingDetail", "LineTable", "FindingDetail"]


def test_tab_bar_is_clickable(canned: Any) -> None:
    """The mouse does what the numbers do."""

    async def click(app: BuildDoctor) -> list[str]:
        seen = []
        async with app.run_test(size=(80, 24)) as pilot:
            for column in (14, 24, 34, 44, 3):
                await pilot.click("TabBar", offset=(column, 0))
                await pilot.pause()
                seen.append(app.current_mode)
        return seen

    assert asyncio.run(click(BuildDoctor(canned.NVFP4))) == [*TITLES[1:5], TITLES[0]]


@pytest.mark.parametrize("size", SIZES)
def test_every_screen_shows_the_case_without_cutting_its_keys(
    demo: Report, services: Services, shown: Callable[[BuildDoctor], str], size: tuple[int, int]
) -> None:
    """At each size the screen names itself on top, and ends in the keys for help and for leaving."""

    async def look() -> list[str]:
        seen = []
        app = BuildDoctor(demo, services=services)
        async with app.run_test(size=size) as pilot:
            for number in "12345":
                await pilot.press(number)
                await app.workers.wait_for_complete()
                await pilot.pause()
                await pilot.pause()
                seen.append(shown(app))
        return seen

    for title, text in zip(TITLES[:5], asyncio.run(look()), strict=True):
        first, *_, last = text.splitlines()
        assert f"▸{TITLES.index(title) + 1} {title}" in first
        assert last.endswith("? help q quit")


@pytest.mark.parametrize("report", ["NOTHING", "HEALTHY", "HOSTILE"])
def test_screen_without_rows_says_why(canned: Any, report: str, shown: Callable[[BuildDoctor], str]) -> None:
    """No screen is empty, and keys on it do no harm."""

    async def look() -> list[str]:
        seen = []
        app = BuildDoctor(getattr(canned, report))
        async with app.run_test(size=(80, 24)) as pilot:
            for number in "2345":
                await pilot.press(number, "enter", "n", "y", "o")
                await pilot.pause()
                seen.append(shown(app))
        return seen

    flow, kernels, plan, _rules = asyncio.run(look())

    if report != "HEALTHY":
        assert "It is not known what to diagnose for." in flow
        assert "There is no shared object to look inside" in kernels
    assert "There is no build plan" in plan


def test_palette_goes_to_a_screen(drive: Drive, canned: Any) -> None:
    """What the numbers do is found by words too."""
    assert drive(canned.NVFP4).press("question_mark", *"to rules", "enter", look=_mode) == "Rules"


def test_how_each_thing_is_known_is_shown(
    drive: Drive, demo: Report, services: Services, shown: Callable[[BuildDoctor], str]
) -> None:
    """`@` lists the origins of the evidence."""
    text = drive(demo, (120, 60), services).press("at", look=shown)

    assert "from _C.abi3.so, section .nv_fatbin at 0x1120, 15160 bytes" in text
    assert "from CMakeLists.txt:15" in text
