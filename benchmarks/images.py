"""Compares listing the images of a shared object with cuobjdump: whole processes, in one run.

Usage: python benchmarks/images.py FILE [RUNS]

The two alternate, so that a busy moment of the machine meets both; medians are printed. The peer is NVIDIA's cuobjdump,
from PATH or from the extra `test`.
"""

from __future__ import annotations

import os
import shutil
import statistics
import sys
import sysconfig
import time
from pathlib import Path

RUNS = 7
API = """
import dataclasses, json, sys
from pathlib import Path
from buildDoctor.adapters.elf.binary import read_binary
reading = read_binary(Path(sys.argv[1]), kernels=False)
json.dump(dataclasses.asdict(reading), sys.stdout)
"""


def find_cuobjdump() -> str:
    """The peer; ends the program when there is none."""
    packaged = Path(sysconfig.get_path("purelib")).glob("nvidia/*/bin/cuobjdump")
    found = shutil.which("cuobjdump") or next((str(path) for path in packaged), None)
    return found or sys.exit("cuobjdump is not installed: pip install nvidia-cuda-cuobjdump")


def commands(file: str) -> dict[str, list[str]]:
    """What is compared, by name: the program, the reader that it uses, and the peer."""
    known = {
        "build-doctor inspect --json": [sys.executable, "-m", "buildDoctor", "inspect", "--json", file],
        "the reader, dumped as JSON": [sys.executable, "-c", API, file],
        "cuobjdump --list-elf": [find_cuobjdump(), "--list-elf", file],
    }
    return {name: command for name, command in known.items() if measure(command) is not None}


def measure(command: list[str]) -> tuple[float, float] | None:
    """Seconds and peak resident megabytes of a command; none when it fails."""
    null = os.open(os.devnull, os.O_WRONLY)
    start = time.perf_counter()
    # `wait4` gives the memory of this one child; getrusage keeps the largest of all children.
    child = os.posix_spawn(
        command[0], command, os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, null, 1), (os.POSIX_SPAWN_DUP2, null, 2)]
    )
    _pid, status, usage = os.wait4(child, 0)
    seconds = time.perf_counter() - start
    os.close(null)
    return (seconds, usage.ru_maxrss / 1024) if status == 0 else None


def main() -> None:
    """Prints a table of medians and the ratio to the peer."""
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else RUNS
    # Choosing the commands runs each once, so that the file is in memory for all.
    compared = commands(sys.argv[1])
    results: dict[str, list[tuple[float, float]]] = {name: [] for name in compared}
    for _ in range(runs):
        for name, command in compared.items():
            results[name].append(measure(command) or sys.exit(f"{name} failed"))
    peer = statistics.median(seconds for seconds, _megabytes in results["cuobjdump --list-elf"])
    print(f"{Path(sys.argv[1]).name}, {Path(sys.argv[1]).stat().st_size / 1e6:.0f} MB, medians of {runs} runs")
    for name, figures in results.items():
        seconds = statistics.median(seconds for seconds, _megabytes in figures)
        print(
            f"{name:30} {seconds:7.3f} s  {max(megabytes for _s, megabytes in figures):7.0f} MB  {peer / seconds:5.1f} x"
        )


if __name__ == "__main__":
    main()
