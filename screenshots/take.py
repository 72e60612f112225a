"""Takes the pictures of the terminal UI: drives the app through the bundled NVFP4 case and writes SVG files.

Run it from the root of the checkout: `python screenshots/take.py [FOLDER]`. With `--png` each is converted by
`rsvg-convert` as well.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path
from typing import Any

from textual.pilot import Pilot
from textual.widgets import Input

from buildDoctor.core.report import Report
from buildDoctor.examine.options import Options
from buildDoctor.examine.run import examine_demo
from buildDoctor.faces.tui import services_for
from buildDoctor.faces.tui.app import BuildDoctor

ROOT = Path(__file__).resolve().parent.parent
SMALL, WIDE = (80, 24), (120, 36)
_DROP_12A = ("4", "i", "down", "down", "end", *("backspace",) * 5)
PICTURES: dict[str, tuple[str, ...]] = {
    "findings": (),
    "reading": ("enter",),
    "fix": ("enter", "pagedown"),
    "filter": ("slash", *"fp4"),
    "not-seen": ("u",),
    "known": ("at",),
    "help": ("question_mark",),
    "flow": ("2",),
    "kernels": ("3",),
    "plan": ("4", "end"),
    "what-if": (*_DROP_12A, "enter"),
    "rules": ("5",),
}
"""The pictures, each with the keys that lead to it. Each is taken small and wide."""


def names() -> list[tuple[str, tuple[int, int]]]:
    """Every picture and size."""
    return [(name, size) for name in PICTURES for size in (SMALL, WIDE)]


def file_name(name: str, size: tuple[int, int]) -> str:
    """The file of a picture."""
    return f"{name}-{size[0]}x{size[1]}.svg"


def main(folder: Path, *, png: bool) -> None:
    """Take every picture at every size."""
    report = examine_demo(Options())
    for name, size in names():
        target = folder / file_name(name, size)
        target.write_text(picture(report, name, size), encoding="utf-8")
        if png:
            convert(target)
        print(target.name)


def picture(report: Report, name: str, size: tuple[int, int]) -> str:
    """What the app shows of the bundled case after the keys of a picture, as SVG."""
    app = BuildDoctor(report, services=services_for(Options(), demo=True))
    return asyncio.run(_drive(app, PICTURES[name], size))


async def _drive(app: BuildDoctor, keys: tuple[str, ...], size: tuple[int, int]) -> str:
    async with app.run_test(size=size) as pilot:
        await _settle(pilot)
        for key in keys:
            await pilot.press(key)
        # A plan is replayed when the typing pauses.
        await pilot.pause(0.3 if "i" in keys else 0)
        await _settle(pilot)
        return app.export_screenshot(title="build-doctor demo")


async def _settle(pilot: Pilot[Any]) -> None:
    await pilot.app.workers.wait_for_complete()
    for line in pilot.app.screen.query(Input):
        line.cursor_blink = False
    await pilot.pause()
    await pilot.pause()


def convert(svg: Path) -> None:
    """Write the same picture as PNG."""
    # Without this, rsvg drops the spaces at the beginning of a text.
    spaced = svg.read_text(encoding="utf-8").replace("<svg ", '<svg xml:space="preserve" ', 1)
    command = ["rsvg-convert", "--output", str(svg.with_suffix(".png"))]
    subprocess.run(command, input=spaced.encode(), check=True)  # noqa: S603 - no word of it comes from elsewhere


if __name__ == "__main__":
    words = [word for word in sys.argv[1:] if word != "--png"]
    main(Path(words[0]) if words else ROOT / "screenshots", png="--png" in sys.argv)
