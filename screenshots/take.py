"""Takes the pictures of the terminal UI: drives the app through the bundled NVFP4 case and writes SVG files.

Run it from the root of the checkout: `python screenshots/take.py [FOLDER]`. With `--png` each is converted by
`rsvg-convert` as well.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

from buildDoctor.examine.options import Options
from buildDoctor.examine.run import examine_demo
from buildDoctor.faces.tui.app import BuildDoctor

ROOT = Path(__file__).resolve().parent.parent
SIZES = ((80, 24), (120, 36))
KEYS = {
    "findings": (),
    "reading": ("enter",),
    "fix": ("enter", "pagedown"),
    "filter": ("slash", *"fp4"),
    "not-seen": ("u",),
    "help": ("question_mark",),
}
"""The pictures, each with the keys that lead to it."""


def main(folder: Path, *, png: bool) -> None:
    """Take every picture at every size."""
    report = examine_demo(Options())
    for name, keys in KEYS.items():
        for width, height in SIZES:
            target = folder / f"{name}-{width}x{height}.svg"
            target.write_text(asyncio.run(picture(BuildDoctor(report), keys, (width, height))), encoding="utf-8")
            if png:
                convert(target)
            print(target.name)


async def picture(app: BuildDoctor, keys: tuple[str, ...], size: tuple[int, int]) -> str:
    """What the app shows after some keys, as SVG."""
    async with app.run_test(size=size) as pilot:
        await app.workers.wait_for_complete()
        await pilot.pause()
        await pilot.press(*keys)
        await pilot.pause()
        return app.export_screenshot(title="build-doctor demo")


def convert(svg: Path) -> None:
    """Write the same picture as PNG."""
    # Without this, rsvg drops the spaces at the beginning of a text.
    spaced = svg.read_text(encoding="utf-8").replace("<svg ", '<svg xml:space="preserve" ', 1)
    command = ["rsvg-convert", "--output", str(svg.with_suffix(".png"))]
    subprocess.run(command, input=spaced.encode(), check=True)  # noqa: S603 - no word of it comes from elsewhere


if __name__ == "__main__":
    words = [word for word in sys.argv[1:] if word != "--png"]
    main(Path(words[0]) if words else ROOT / "screenshots", png="--png" in sys.argv)
