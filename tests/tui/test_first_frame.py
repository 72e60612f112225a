"""What the first frame, and every key after it, does without."""

from __future__ import annotations

import asyncio
import gc
import subprocess
import sys
from collections.abc import Callable
from typing import Any

from textual._compositor import LayoutUpdate
from textual.screen import Screen

from buildDoctor.core.evidence import Binary, Evidence, Kernel, Unit
from buildDoctor.core.report import Report
from buildDoctor.faces.tui.app import BuildDoctor
from buildDoctor.faces.tui.screens.kernels import KernelsScreen
from buildDoctor.faces.tui.services import Services
from buildDoctor.faces.tui.widgets.line_table import LineTable

_UNTIL_THE_FRAME = """
import asyncio, sys
from buildDoctor.faces.cli.arguments import parse
from buildDoctor.faces.tui import services_for
from buildDoctor.faces.tui.app import BuildDoctor
from buildDoctor.faces.cli.main import options_of
options = options_of(parse(["demo"]))
def examine(step):
    print("\\n".join(sys.modules), file=sys.__stdout__)
    raise SystemExit
async def paint():
    app = BuildDoctor(examine, services=services_for(options, demo=True))
    async with app.run_test() as pilot:
        await pilot.pause()
        await app.workers.wait_for_complete()
asyncio.run(paint())
"""


def _screen_modules(names: set[str]) -> set[str]:
    begin = "buildDoctor.faces.tui.screens."
    return {name.removeprefix(begin) for name in names if name.startswith(begin)}


def test_first_frame_imports_neither_other_screens_nor_what_judges() -> None:
    """Nor an adapter, the rules' language, pyelftools: what is shown later is imported later."""
    done = subprocess.run([sys.executable, "-c", _UNTIL_THE_FRAME], capture_output=True, text=True, check=False)
    names = set(done.stdout.split())

    assert "textual.app" in names, done.stderr
    assert _screen_modules(names) == {"findings", "tab_screen"}
    unwanted = ("buildDoctor.adapters", "buildDoctor.core.language", "buildDoctor.core.rules.rule", "buildDoctor.examine.run", "elftools", "tomli", "textual.widgets._markdown", "tree_sitter")  # fmt: skip
    assert [name for name in names if name.startswith(unwanted)] == []


def test_examination_begins_behind_the_first_frame(monkeypatch: Any) -> None:
    """Its thread and its imports would fight the frame for the interpreter."""
    drawn: list[tuple[str, bool]] = []
    display = BuildDoctor._display  # noqa: SLF001 - drawing has no public name

    def note(app: BuildDoctor, screen: Screen[Any], frame: Any) -> None:
        # What is drawn in a batch never comes to the terminal.
        if not app._batch_count:  # noqa: SLF001 - as above
            drawn.append((type(screen).__name__, isinstance(frame, LayoutUpdate)))
        display(app, screen, frame)

    monkeypatch.setattr(BuildDoctor, "_display", note)
    before: list[list[tuple[str, bool]]] = []

    def examine(_step: Callable[[str], None]) -> Report:
        before.append(list(drawn))
        return Report(targets=(), verdict="", findings=(), undecided=(), evidence=Evidence())

    async def run() -> None:
        app = BuildDoctor(examine)
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.pause()
            await app.workers.wait_for_complete()

    asyncio.run(run())

    assert ("FindingsScreen", True) in before[0], "the whole screen is drawn"
    assert {name for name, _whole in before[0]} == {"FindingsScreen"}, "and no other before it"


def test_evidence_is_out_of_the_collectors_sight() -> None:
    """A full collection between a key and its frame would visit every kernel."""
    kernels = tuple(Kernel(name=f"k{n}", unit=0, cubins=("9.0",), ptx=()) for n in range(1_000))
    units = (Unit(index=0, cubins=("9.0",), ptx=(), kernel_count=len(kernels)),)
    binary = Binary(path="a.so", package="", units=units, kernels=kernels)

    async def frozen(app: BuildDoctor, *keys: str) -> tuple[int, bool]:
        gc.unfreeze()
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.pause()
            await app.workers.wait_for_complete()
            examined = gc.get_freeze_count()
            gc.unfreeze()
            await pilot.press(*keys)
            await app.workers.wait_for_complete()
            await pilot.pause()
            return examined, gc.get_freeze_count() > len(kernels)

    report = Report(targets=(), verdict="", findings=(), undecided=(), evidence=Evidence(binaries=(binary,)))
    examined, listed = asyncio.run(frozen(BuildDoctor(lambda _step: report, services=Services()), "3", "v"))

    assert examined > len(kernels)
    assert listed
    gc.unfreeze()


def _drawn(table: LineTable) -> tuple[Any, ...]:
    """The line of the cursor, with its colours."""
    return tuple((segment.text, str(segment.style)) for segment in table.render_line(1))


def test_lines_that_were_drawn_are_drawn_anew_in_other_colours(demo: Report) -> None:
    """A table keeps its cells as they were drawn; a theme, the focus and the cursor change them."""

    async def colours() -> list[tuple[Any, ...]]:
        app = BuildDoctor(demo)
        async with app.run_test(size=(120, 36)) as pilot:
            await pilot.press("3")
            await pilot.pause()
            assert isinstance(app.screen, KernelsScreen)
            table = app.screen.query_one(LineTable)
            while not (table.count and table.size.width):
                await pilot.pause()
            seen = [_drawn(table)]
            for key in ("t", "t"):
                await pilot.press(key)
                await pilot.pause()
                seen.append(_drawn(table))
            app.screen.query_one("#detail").focus()
            await pilot.pause()
            return [*seen, _drawn(table)]

    looks = asyncio.run(colours())

    assert len({tuple(text for text, _style in look) for look in looks}) == 1
    assert len(set(looks)) == len(looks)
