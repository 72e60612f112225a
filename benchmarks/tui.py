"""Measures the terminal UI: its first paint, and the time from a key to its frame in a long table.

Usage: python benchmarks/tui.py [ROWS [TREE]]

ROWS kernels (150,000 when not given) on 8 capabilities are made up. With TREE, a source tree of vLLM, a replay of its
build scripts with one list changed is timed as well. Times of keys reach from the key to the frame that shows it.
"""

from __future__ import annotations

import asyncio
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from textual import events
from textual.screen import Screen

from buildDoctor.core.evidence import Binary, Evidence, Kernel, Unit
from buildDoctor.core.plan_changes import Changes, ListChange
from buildDoctor.core.report import Report
from buildDoctor.examine.options import Options
from buildDoctor.examine.run import examine
from buildDoctor.examine.what_if import what_if
from buildDoctor.faces import tui
from buildDoctor.faces.tui.app import BuildDoctor
from buildDoctor.faces.tui.services import Services
from buildDoctor.faces.tui.widgets.line_table import LineTable

ROWS = 150_000
RUNS = 7
KEYS = ("down", "down", "pagedown", "pagedown", "up", "end", "pageup", "home", "n", "pagedown") * 20
SIZE = (160, 48)
FIRST_PAINT = """
import asyncio, sys, time
from buildDoctor.faces.tui.app import BuildDoctor
def wait(step):
    time.sleep(5)
async def paint():
    app = BuildDoctor(wait)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        print(time.clock_gettime(time.CLOCK_BOOTTIME))
        sys.stdout.flush()
        __import__("os")._exit(0)
asyncio.run(paint())
"""


class Watched(BuildDoctor):
    """The app, noting when it draws."""

    # A path that is not absolute would be looked for beside this file.
    CSS_PATH = Path(tui.__file__).with_name("app.tcss")
    drawn = 0.0

    def _display(self, screen: Screen[object], renderable: object) -> None:
        super()._display(screen, renderable)  # type: ignore[arg-type]  # handed on as it is
        self.drawn = time.perf_counter()


def made_up(rows: int) -> Report:
    """A file of many kernels, in units of a hundred, with names as long as those of templates."""
    architectures = (("8.0", "9.0a", "12.0a"), ("9.0a",), ("8.0", "8.6", "9.0", "10.0a"), ("12.0",))
    tail = "Kernel" + "IN7cutlass4gemm6device13GemmUniversalE" * 3
    kernels = tuple(
        Kernel(
            name=f"_ZN4vllm{number * 7919 % rows:06}{tail}Ev",
            unit=number // 100,
            cubins=architectures[number % 4],
            ptx=(),
        )
        for number in range(rows)
    )
    units = tuple(Unit(index=unit, cubins=architectures[0], ptx=(), kernel_count=100) for unit in range(rows // 100))
    binary = Binary(path="_C.so", package="vllm", size_bytes=10**9, units=units, kernels=kernels)
    evidence = Evidence(capabilities=("12.0", "10.0"), binaries=(binary,))
    return Report(targets=("_C.so",), verdict="Made up.", findings=(), undecided=(), evidence=evidence)


async def frame_after(app: Watched, key: str) -> float:
    """Milliseconds from a key to the first frame that is drawn after it."""
    begun = time.perf_counter()
    character = key if len(key) == 1 else None
    app.post_message(events.Key(key, character))
    while app.drawn < begun and time.perf_counter() - begun < 1:  # noqa: ASYNC110 - drawing tells nobody
        await asyncio.sleep(0.0005)
    return (app.drawn - begun) * 1000


async def drive(rows: int) -> dict[str, list[float]]:
    """The times of keys in the table of all kernels, when nothing else runs and while it is sorted and filtered."""
    app = Watched(made_up(rows), services=Services())
    found: dict[str, list[float]] = {}
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("3")
        begun = time.perf_counter()
        await pilot.press("v")
        await _listed(app, rows)
        found["list all kernels"] = [(time.perf_counter() - begun) * 1000]
        found["a key, at rest"] = [await _spaced(app, key) for key in KEYS]
        found["a key, while sorting"] = await _while(app, "s", rows)
        await pilot.press("slash")
        found["a letter of the filter"] = [await _spaced(app, letter) for letter in "gemm12"]
        await pilot.press("enter")
    return found


async def _spaced(app: Watched, key: str) -> float:
    """As a person types: each key meets an app that is done with the one before."""
    await asyncio.sleep(0.03)
    return await frame_after(app, key)


async def _while(app: Watched, key: str, rows: int) -> list[float]:
    """The times of keys that are pressed while the work of another key goes on."""
    times = []
    for _ in range(8):
        app.post_message(events.Key(key, key))
        times += [await _spaced(app, "down") for _ in range(5)]
        await _listed(app, rows)
    return times


async def _listed(app: Watched, rows: int) -> None:
    """Wait until the table has all kernels."""
    await app.workers.wait_for_complete()
    until = time.perf_counter() + 60
    while app.screen.query_one(LineTable).count != rows and time.perf_counter() < until:  # noqa: ASYNC110 - as above
        await asyncio.sleep(0.005)


def first_paint() -> float:
    """Milliseconds from the start of a process to the first frame of an app that has nothing to show yet."""
    begun = time.clock_gettime(time.CLOCK_BOOTTIME)
    done = subprocess.run([sys.executable, "-c", FIRST_PAINT], capture_output=True, text=True, check=False)
    return (float(done.stdout.split()[0]) - begun) * 1000


def replay(tree: Path) -> list[float]:
    """Milliseconds of replays of a tree with one element of the supported list dropped."""
    options = Options(source=str(tree), cuda="12.9", arch_list="9.0 12.0", gpu="12.0", static=True, isolated=True)
    plan = examine(options).evidence.plan
    if plan is None or plan.supported is None:
        return []
    listed = plan.supported.architectures or ()
    change = ListChange(file=plan.supported.file or "", line=plan.supported.line or 1, before=listed, after=listed[:-1])
    return [_timed(lambda: what_if(plan, tree, Changes(lists=(change,)))) for _ in range(RUNS)]


def _timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


def show(name: str, times: list[float]) -> None:
    """One line: best, median, 95th percentile and worst."""
    ordered = sorted(times)
    high = ordered[min(int(len(ordered) * 0.95), len(ordered) - 1)]
    figures = (ordered[0], statistics.median(ordered), high, ordered[-1])
    print(f"{name:28} {' '.join(f'{figure:8.1f}' for figure in figures)}   {len(ordered)} times")


def main() -> None:
    """Prints a table of milliseconds."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    print(
        f"{rows:,} kernels, {SIZE[0]}x{SIZE[1]}; milliseconds\n{'':28} {'best':>8} {'median':>8} {'95%':>8} {'worst':>8}"
    )
    show("first paint, whole process", [first_paint() for _ in range(RUNS)])
    for name, times in asyncio.run(drive(rows)).items():
        show(name, times)
    if len(sys.argv) > 2:
        show("replay with a change", replay(Path(sys.argv[2])))
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
