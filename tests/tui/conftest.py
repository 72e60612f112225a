"""The reports made by hand, shared with the other faces, and a way to drive the app."""

from __future__ import annotations

import asyncio
import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from textual.app import App
from textual.pilot import Pilot
from textual.widgets import Input

from buildDoctor.core.report import Report
from buildDoctor.examine.options import Options
from buildDoctor.examine.run import examine_demo
from buildDoctor.faces.tui import services_for
from buildDoctor.faces.tui.app import BuildDoctor
from buildDoctor.faces.tui.services import Services


@pytest.fixture(scope="session")
def canned() -> Any:
    """The module of reports, which is not on the import path."""
    spec = importlib.util.spec_from_file_location("canned", Path(__file__).parent.parent / "faces" / "canned.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["canned"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def demo() -> Report:
    """The report of the bundled case; the screens are given it, no examination runs."""
    return examine_demo(Options())


@pytest.fixture(scope="session")
def services() -> Services:
    """What a run of the bundled case can ask of the outside."""
    return services_for(Options(), demo=True)


class Driver:
    """Drives an app without a terminal, and keeps what a test asks of it."""

    def __init__(self, app: BuildDoctor, size: tuple[int, int]) -> None:
        self.app = app
        self.size = size

    def press(self, *keys: str, look: Callable[[BuildDoctor], Any] = lambda _app: None) -> Any:
        """What `look` sees after the examination is over and the keys are pressed."""

        async def drive() -> Any:
            async with self.app.run_test(size=self.size) as pilot:
                await settled(pilot)
                await pilot.press(*keys)
                await settled(pilot)
                return look(self.app)

        return asyncio.run(drive())


_MOST_FRAMES = 20
"""Frames that are waited for."""


async def settled(pilot: Pilot[Any]) -> None:
    """Wait for the examination, for its messages, and until two frames after another are the same."""
    before: list[str] = []
    for _frame in range(_MOST_FRAMES):
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        # What is said about a row is laid out after the frame that shows the cursor on it.
        await pilot.pause()
        lines = text_of_screen(pilot.app)
        if lines == before:
            break
        before = lines
    for line in pilot.app.screen.query(Input):
        line.cursor_blink = False


@pytest.fixture
def drive() -> Callable[..., Driver]:
    """Makes a driver for a report, or an examination."""
    return lambda subject, size=(80, 24), services=None: Driver(BuildDoctor(subject, services=services), size)


@pytest.fixture
def said() -> Callable[[BuildDoctor], str]:
    """Makes the text of the short messages that the app shows."""
    return lambda app: " ".join(notice.message for notice in app._notifications)  # noqa: SLF001 - toasts have no public list


@pytest.fixture
def shown() -> Callable[[BuildDoctor], str]:
    """Makes the text of what the app shows."""
    return lambda app: "\n".join(text_of_screen(app))


def text_of_screen(app: App[Any]) -> list[str]:
    """The lines of the screen on top, without their colours."""
    strips = app.screen._compositor.render_strips()  # noqa: SLF001 - the text of a screen has no public name
    return ["".join(segment.text for segment in strip).rstrip() for strip in strips]
