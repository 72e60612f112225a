"""Times the build plan of a CMake tree: all of it, the run of cmake in it, and the reading of what that leaves.

Usage: python benchmarks/plan.py TREE [RUNS]

The best of several runs is printed beside its goal: wall time, and seconds of the processor, which a busy machine changes
less. The start of Python and its imports are not in it.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

from buildDoctor.adapters.cmake import replay as replaying
from buildDoctor.adapters.cmake.plan import read_plan
from buildDoctor.adapters.cmake.question import Question, split_request
from buildDoctor.adapters.cmake.scripts import read_scripts

RUNS = 15
GOAL = 60
QUESTION = Question(cuda="12.9", request=split_request("7.0 7.5 8.0 8.6 8.9 9.0 10.0 12.0+PTX"))


def best(run: Callable[[], object], runs: int) -> tuple[float, float]:
    """The shortest wall time of several runs, and the shortest time of the processor, children included: milliseconds."""
    walls, works = [], []
    for _ in range(runs):
        before, start = _work(), time.perf_counter()
        run()
        walls.append(time.perf_counter() - start)
        works.append(_work() - before)
    return min(walls) * 1000, min(works) * 1000


def _work() -> float:
    """The seconds that the processor has worked for this process and for the children that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def main() -> None:
    """Prints a line for each measurement."""
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    tree, runs = Path(sys.argv[1]).resolve(), int(sys.argv[2]) if len(sys.argv) > 2 else RUNS
    if read_plan(tree, QUESTION).plan is None:
        sys.exit(f"{tree} has no plan")
    scripts = read_scripts(tree)
    parts: dict[str, Callable[[], object]] = {
        "one plan": lambda: read_plan(tree, QUESTION),
        "its scripts found and looked through": lambda: read_scripts(tree),
        "its replay, with the trace read": lambda: replaying.replay(tree, QUESTION, scripts),
    }
    for name, run in parts.items():
        wall, work = best(run, runs)
        goal = f"goal {GOAL}" if name == "one plan" else ""
        print(f"{wall:7.1f} ms  {work:7.1f} ms of the processor  {name}  {goal}".rstrip())


if __name__ == "__main__":
    main()
