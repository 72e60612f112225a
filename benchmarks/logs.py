"""Times `build-doctor explain FILE` on a log of 200 MB, beside a smaller one: seconds, and memory that does not grow.

Usage: python benchmarks/logs.py [RUNS]

The logs are made here: the commands of a build with ninja, with warnings, notes of ptxas, and an error near the end.
A second one is a single line.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from measuring import compare

RUNS = 3
SIZES = (20_000_000, 200_000_000)
GOAL_SECONDS = 3.0
_FLAGS = " ".join(f"-gencode arch=compute_{a},code=sm_{a}" for a in (75, 80, 86, 89, 90, 100, 120))
_STEP = (
    "[{n}/9000] /usr/local/cuda/bin/nvcc -forward-unknown-to-host-compiler -DENABLE_NVFP4_SM120=1 -I/src/include -isystem "
    "/venv/lib/python3.12/site-packages/torch/include -Werror=all {flags} -O3 -x cu -c /src/csrc/k{n}.cu -o k{n}.cu.o\n"
    "ptxas info    : Compiling entry function '_Z6kernel{n}Pf' for 'sm_90'\n"
    "ptxas info    : Used {n} registers, used 1 barriers, 404 bytes cmem[0]\n"
    '/src/csrc/k{n}.cu(12): warning #177-D: variable "x" was declared but never referenced\n'
)
_END = "nvcc fatal   : Unsupported gpu architecture 'compute_120a'\nninja: build stopped: subcommand failed.\n"


def build_log(path: Path, size: int) -> None:
    """Write the log of a build with about so many bytes."""
    block = "".join(_STEP.format(n=n, flags=_FLAGS) for n in range(1_000))
    with path.open("w", encoding="utf-8") as stream:
        while stream.tell() < size:
            stream.write(block)
        stream.write(_END)


def one_line(path: Path, size: int) -> None:
    """Write a log of one line."""
    with path.open("w", encoding="utf-8") as stream:
        for _ in range(size // 1_000_000):
            stream.write("x. " * 333_333)
        stream.write(_END)


def main() -> None:
    """Print what each took, beside the goal."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else RUNS
    with tempfile.TemporaryDirectory() as folder:
        commands = {}
        for write in (build_log, one_line):
            for size in SIZES:
                path = Path(folder) / f"{write.__name__}-{size // 1_000_000}.log"
                write(path, size)
                commands[path.name] = [sys.executable, "-m", "buildDoctor", "explain", "--isolated", str(path)]
        figures = compare(commands, runs)
    for name, figure in figures.items():
        print(f"{name:20} {figure.seconds:6.2f} s {figure.work:6.2f} s of work {figure.megabytes:6.0f} MB")
    print(f"goal: {SIZES[-1] // 1_000_000} MB in under {GOAL_SECONDS} s, and the memory of the smaller one")


if __name__ == "__main__":
    main()
