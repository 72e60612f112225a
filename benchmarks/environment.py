"""The whole default run in a source tree with an environment, and how soon it says what it does.

Usage: python benchmarks/environment.py TREE ENVIRONMENT [--runs N]

TREE is the source tree of a vLLM, ENVIRONMENT a folder with torch and vllm installed. The files are in memory from the
first run on. It ends with 1 when the median is above 3 s, or the first words come later than 0.3 s.
"""

from __future__ import annotations

import argparse
import os
import pty
import select
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from measuring import machine, once

ROOT = Path(__file__).parents[1]
MOST_SECONDS = 3.0
FIRST_WORDS = 0.3


def first_words(command: list[str]) -> float:
    """The seconds until a command writes something to its terminal."""
    start = time.perf_counter()
    child, terminal = pty.fork()
    if child == 0:
        os.execv(command[0], command)  # noqa: S606  the program that is measured
    try:
        select.select([terminal], [], [], 60)
        return time.perf_counter() - start
    finally:
        _drain(terminal)
        os.waitpid(child, 0)


def _drain(terminal: int) -> None:
    """Reads what a program still writes, until it ends."""
    try:
        while os.read(terminal, 65536):
            pass
    except OSError:
        os.close(terminal)


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("tree", type=Path)
    parser.add_argument("environment", type=Path)
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args()
    python = str(arguments.environment.resolve())
    os.environ["PYTHONPATH"] = str(ROOT)
    os.chdir(arguments.tree)
    words = [sys.executable, "-m", "buildDoctor", "--python", python, "--gpu", "12.0", "--fail-on", "never"]
    once([*words, "--json"])
    taken = [once([*words, "--json"]) for _ in range(arguments.runs)]
    seconds = statistics.median(run[0] for run in taken)
    # With a form that is stated the terminal UI stays closed, and the steps go to the terminal.
    first = statistics.median(first_words([*words, "--format", "text"]) for _ in range(arguments.runs))
    print(machine())
    print(
        f"whole run: {seconds:.2f} s (work {statistics.median(run[1] for run in taken):.2f} s, {max(run[2] for run in taken):.0f} MB)"
    )
    print(f"first words: {first * 1000:.0f} ms")
    sys.exit(seconds > MOST_SECONDS or first > FIRST_WORDS)


if __name__ == "__main__":
    main()
