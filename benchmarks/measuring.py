"""Whole processes, measured in turn: seconds and peak memory of each, and the machine that they ran on."""

from __future__ import annotations

import os
import shutil
import statistics
import sys
import sysconfig
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Figure:
    """What a command took."""

    seconds: float
    """The median of its runs."""
    work: float
    """The median of the seconds that processors worked for it, which a busy machine changes less."""
    megabytes: float
    """The most memory that any of its runs held."""


def find_cuobjdump() -> str:
    """The peer; ends the program when there is none."""
    packaged = Path(sysconfig.get_path("purelib")).glob("nvidia/*/bin/cuobjdump")
    found = shutil.which("cuobjdump") or next((str(path) for path in packaged), None)
    return found or sys.exit("cuobjdump is not installed: pip install nvidia-cuda-cuobjdump")


def once(command: list[str]) -> tuple[float, float, float]:
    """Seconds, seconds of work and peak resident megabytes of a command; ends the program when it fails."""
    null = os.open(os.devnull, os.O_WRONLY)
    start = time.perf_counter()
    # `wait4` gives the memory of this one child; getrusage keeps the largest of all children.
    child = os.posix_spawn(
        command[0], command, os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, null, 1), (os.POSIX_SPAWN_DUP2, null, 2)]
    )
    _pid, status, usage = os.wait4(child, 0)
    seconds = time.perf_counter() - start
    os.close(null)
    if status != 0:
        sys.exit(f"{' '.join(command)} failed")
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def compare(commands: dict[str, list[str]], runs: int) -> dict[str, Figure]:
    """What each command took. They alternate, so that a busy moment of the machine meets all of them."""
    for command in commands.values():
        # So that the file is in memory for all.
        once(command)
    results: dict[str, list[tuple[float, float, float]]] = {name: [] for name in commands}
    for _ in range(runs):
        for name, command in commands.items():
            results[name].append(once(command))
    return {name: _figure(figures) for name, figures in results.items()}


def _figure(figures: list[tuple[float, float, float]]) -> Figure:
    """The medians of the times, and the most memory."""
    seconds, work, megabytes = zip(*figures, strict=True)
    return Figure(statistics.median(seconds), statistics.median(work), max(megabytes))


def machine() -> str:
    """The processor, its cores, the memory and the Python, in a line."""
    models = [line for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines() if line.startswith("model name")]
    model = models[0].partition(":")[2].strip() if models else "unknown processor"
    gigabytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    cores = len(os.sched_getaffinity(0))
    return f"{model}, {cores} cores, {gigabytes:.0f} GB; Python {sys.version.split()[0]}"
