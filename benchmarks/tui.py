"""Measures the terminal UI: its first paint, and the time from a key to its frame in a long table.

Usage: python benchmarks/tui.py [ROWS [TREE]]

ROWS kernels (150,000 when not given) on 8 capabilities are made up. With TREE, a source tree of vLLM, a replay of its
build scripts with one list changed is timed as well. The app runs in a terminal of its own, as its users have it: times
reach from the start of the process, or from the key, to the frame that the terminal gets. What processors worked stands
beside them: a busy machine changes that less. An empty app of Textual, without anything of ours, is the least that any
program with Textual takes for its first paint.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from terminal import Terminal

from buildDoctor.core.evidence import Binary, Evidence, Kernel, Unit
from buildDoctor.core.fixes.plan_changes import Changes, ListChange
from buildDoctor.core.report import Report
from buildDoctor.examine.options import Options
from buildDoctor.examine.run import examine
from buildDoctor.examine.what_if import what_if
from buildDoctor.faces import tui
from buildDoctor.faces.tui.services import Services

ROWS = 150_000
RUNS = 9
KEYS = ("down", "down", "pagedown", "pagedown", "up", "end", "pageup", "home", "n", "pagedown") * 20
SIZE = (160, 48)
BETWEEN = 0.03
"""Seconds between two keys, as when a key is held."""
EMPTY = """
from textual.app import App
from textual.widgets import Static
class Empty(App):
    def compose(self):
        yield Static("Findings")
Empty().run()
"""


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


def first_paints() -> None:
    """Lines for the first frame of the bundled case, and of an app that is empty."""
    commands = {
        "first paint, empty Textual app": [sys.executable, "-c", EMPTY],
        "first paint of the demo": [sys.executable, "-m", "buildDoctor", "demo"],
    }
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    for _ in range(RUNS):
        for name, command in commands.items():
            with Terminal(command, 120, 36) as terminal:
                terminal.wait_for("Findings")
                found[name].append((terminal.age, terminal.work()))
    for name, figures in found.items():
        times, work = zip(*figures, strict=True)
        show(name, list(times), statistics.median(work))


def keys(rows: int) -> float:
    """Lines for the keys in the table of all kernels; the peak memory in megabytes."""
    with Terminal([sys.executable, __file__, "show", str(rows)], *SIZE) as terminal:
        terminal.wait_for("Findings")
        terminal.press("3")
        terminal.wait_for(f"{rows // 100:,} units")
        terminal.rest(0.5)
        begun = time.perf_counter()
        terminal.press("v")
        terminal.wait_for(f"{rows:,} kernels")
        show("list all kernels", [(time.perf_counter() - begun) * 1000])
        terminal.rest(1)
        worked = terminal.work()
        times = [_spaced(terminal, key) for key in KEYS]
        show("a key, at rest", times, (terminal.work() - worked) / len(times))
        show("a key, while sorting", [time for _ in range(8) for time in _while_sorting(terminal)])
        terminal.press("/")
        show("a letter of the filter", [_spaced(terminal, letter) for letter in "gemm12"])
        return terminal.megabytes()


def _spaced(terminal: Terminal, key: str) -> float:
    took = terminal.press(key)
    terminal.rest(BETWEEN)
    return took


def _while_sorting(terminal: Terminal) -> list[float]:
    """The times of keys that are pressed while the work of another key goes on."""
    terminal.press("s")
    terminal.rest(0.005)
    times = [_spaced(terminal, "down") for _ in range(5)]
    terminal.rest(0.7)
    return times


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


def show(name: str, times: list[float], work: float | None = None) -> None:
    """One line: best, median, 95th percentile and worst, and what processors worked for each in the middle."""
    ordered = sorted(times)
    high = ordered[min(int(len(ordered) * 0.95), len(ordered) - 1)]
    figures = (ordered[0], statistics.median(ordered), high, ordered[-1])
    worked = f"{work:8.1f}" if work is not None else " " * 8
    print(f"{name:32} {' '.join(f'{figure:8.1f}' for figure in figures)} {worked}   {len(ordered)} times")


def main() -> None:
    """Prints a table of milliseconds, or is the app that is measured."""
    if sys.argv[1:2] == ["show"]:
        tui.run(made_up(int(sys.argv[2])), services=Services())
        return
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    heads = ("best", "median", "95%", "worst", "work")
    print(f"{rows:,} kernels, {SIZE[0]}x{SIZE[1]}; milliseconds\n{'':32} {' '.join(f'{head:>8}' for head in heads)}")
    first_paints()
    megabytes = keys(rows)
    if len(sys.argv) > 2:
        show("replay with a change", replay(Path(sys.argv[2])))
    print(f"peak memory {megabytes:.0f} MB")


if __name__ == "__main__":
    main()
