from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input
from textual.worker import get_current_worker

from buildDoctor.core.fixes.patches import Applied
from buildDoctor.core.report import Report
from buildDoctor.faces.tui.app import BuildDoctor
from buildDoctor.faces.tui.services import Services
from buildDoctor.faces.tui.widgets.notice import Notice

SIZES = [pytest.param((80, 24), id="small"), pytest.param((120, 36), id="wide")]

SERVICES = Services(refusal=lambda _tree, _patch: "", apply=lambda _tree, _patch: Applied(why_not="never"))

SCREENS = [
    pytest.param("NVFP4", ("enter", "pagedown", "pagedown"), id="reading-the-fix"),
    pytest.param("NVFP4", ("j", "enter"), id="reading-a-consequence"),
    pytest.param("NVFP4", ("slash", *"nowhere"), id="filtered-away"),
    pytest.param("NVFP4", ("question_mark", *"copy"), id="help-searched"),
    pytest.param("NVFP4", ("a",), id="asking-before-a-fix-is-applied"),
    pytest.param("NVFP4", ("e",), id="asking-for-a-file"),
    pytest.param("HEALTHY", (), id="healthy"),
    pytest.param("HEALTHY", ("u",), id="all-seen"),
    pytest.param("UNSURE", (), id="unsure"),
    pytest.param("NOTHING", (), id="nothing-examined"),
    pytest.param("HOSTILE", ("enter",), id="names-that-look-like-markup"),
]


def _pressing(*keys: str) -> Callable[[Pilot[Any]], Any]:
    async def press(pilot: Pilot[Any]) -> None:
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        await pilot.press(*keys)
        await pilot.pause()
        for line in pilot.app.screen.query(Input):
            line.cursor_blink = False
        await pilot.pause()

    return press


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("report", "keys"), SCREENS)
def test_screen_looks_as_it_did(
    snap_compare: Any, canned: Any, report: str, keys: tuple[str, ...], size: tuple[int, int]
) -> None:
    """Each state reads well at both sizes; a change of its look is a decision. The pictures show the other screens."""
    app = BuildDoctor(getattr(canned, report), services=SERVICES)

    assert snap_compare(app, terminal_size=size, run_before=_pressing(*keys))


@pytest.mark.parametrize("size", SIZES)
def test_failed_examination_gives_its_reason_in_place(snap_compare: Any, size: tuple[int, int]) -> None:
    """The screen says why there is nothing to read."""

    def fail(step: Callable[[str], None]) -> Report:
        step("reading [the] wheel")
        raise OSError("fn[/x].whl is cut off after 12 bytes")

    assert snap_compare(BuildDoctor(fail), terminal_size=size, run_before=_pressing())


@pytest.mark.parametrize("size", SIZES)
def test_running_examination_shows_its_steps(snap_compare: Any, size: tuple[int, int]) -> None:
    """The screen is there at once and says what is done and what runs."""
    first_shown = threading.Event()

    def go_on(step: Callable[[str], None]) -> Report:
        worker = get_current_worker()
        step("looking at the machine")
        first_shown.wait(10)
        step("reading vllm/_C.abi3.so")
        while not worker.is_cancelled:
            time.sleep(0.01)
        raise AssertionError

    async def watch(pilot: Pilot[Any]) -> None:
        await _shows(pilot, 1)
        first_shown.set()
        await _shows(pilot, 2)

    assert snap_compare(BuildDoctor(go_on), terminal_size=size, run_before=watch)


@pytest.mark.parametrize("size", SIZES)
def test_stopped_examination_says_how_to_go_on(snap_compare: Any, size: tuple[int, int]) -> None:
    """What was done until then stays on the screen."""
    go_on = threading.Event()

    def wait(step: Callable[[str], None]) -> Report:
        step("looking at the machine")
        go_on.wait(10)
        raise AssertionError

    async def stop(pilot: Pilot[Any]) -> None:
        await _shows(pilot, 1)
        await pilot.press("c")
        go_on.set()
        await pilot.pause()

    assert snap_compare(BuildDoctor(wait), terminal_size=size, run_before=stop)


async def _shows(pilot: Pilot[Any], steps: int) -> None:
    while len(pilot.app.screen.query_one(Notice).state.steps) < steps:
        await pilot.pause(0.01)
    await pilot.pause()
