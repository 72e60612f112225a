from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from textual.pilot import Pilot

from buildDoctor.core.report import Report
from buildDoctor.faces.tui.app import BuildDoctor
from buildDoctor.faces.tui.services import Services

Shown = Callable[[BuildDoctor], str]
DROP_12A = ("i", "down", "down", "end", *("backspace",) * 5)


async def _replayed(pilot: Pilot[Any]) -> None:
    """Wait until the typing has paused and the plan was replayed."""
    await pilot.pause(0.2)
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()
    await pilot.pause()


def _after(app: BuildDoctor, shown: Shown, *steps: tuple[str, ...]) -> list[str]:
    """What is shown on the plan after each group of keys."""

    async def drive() -> list[str]:
        seen = []
        async with app.run_test(size=(120, 40)) as pilot:
            await pilot.press("4")
            await _replayed(pilot)
            for keys in steps:
                await pilot.press(*keys)
                await _replayed(pilot)
                seen.append(shown(app))
        return seen

    return asyncio.run(drive())


def test_change_is_replayed_and_taken_back(demo: Report, services: Services, shown: Shown) -> None:
    """Dropping 12.0a by hand gains NVFP4; undo and redo go back and forth; the patch is the change."""
    app = BuildDoctor(demo, services=services)

    changed, _copied, undone, redone = _after(app, shown, DROP_12A, ("enter", "p"), ("z",), ("Z",))

    assert "With the change gained: NVFP4 on 12.0." in changed
    assert "+ gained    12.0a;12.1a empty -> 12.0a" in changed
    assert "* supported list" in changed
    assert '+  set(CUDA_SUPPORTED_ARCHS "7.0;7.2;7.5;8.0;8.6;8.7;8.9;9.0;12.0")' in app.clipboard
    assert "2 of 3 feature blocks built; the build is for 12.0a" in undone
    assert "* supported list" not in undone
    assert "With the change gained: NVFP4 on 12.0." in redone


def test_losses_and_half_typed_words_are_said(demo: Report, services: Services, shown: Shown) -> None:
    """A toolkit that is too old loses kernels; half a version is no error of the program."""
    app = BuildDoctor(demo, services=services)

    half, older = _after(app, shown, ("i", "end", "backspace"), ("backspace", "backspace", *"1.8"))

    assert "'12.' is not a toolkit version" in half
    assert "lost:" in older


def test_own_list_of_a_feature_is_typed_over(demo: Report, services: Services, shown: Shown) -> None:
    """Enter on a feature edits its own list."""
    app = BuildDoctor(demo, services=services)

    text = _after(app, shown, ("end", "enter", "end", *" 12.0"))[0]

    assert "* list of NVFP4" in text
    assert '"12.0a;12.1a;12.0"' in text


def test_fields_are_closed_without_a_tree(demo: Report, shown: Shown) -> None:
    """A report that was made elsewhere shows its plan and says why nothing can be tried."""
    app = BuildDoctor(demo)

    text = _after(app, shown, ("enter",))[0]

    assert "The source tree is not at hand" in text
