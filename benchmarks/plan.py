"""Times the build plan of a CMake tree: all of it, the runs of cmake that it could be made of, and the parts around them.

Usage: python benchmarks/plan.py TREE [RUNS]

The best of several runs is printed beside its goal: wall time, and seconds of the processor, which a busy machine changes
less. The start of Python and its imports are not in it. What no work on build-doctor can take away is cmake without a trace:
the project's own scripts, run once.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from unittest.mock import patch

from buildDoctor.adapters.cmake import replay as replaying
from buildDoctor.adapters.cmake.plan import read_plan
from buildDoctor.adapters.cmake.question import Question, split_request
from buildDoctor.adapters.cmake.scripts import Scripts, read_scripts
from buildDoctor.adapters.commands import Completed, Failed
from buildDoctor.adapters.commands import run as run_bounded

RUNS = 15
GOAL = 60
_JSON = "--trace-format=json-v1"
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


def cmake_runs(tree: Path, scripts: Scripts, runs: int) -> dict[str, tuple[float, float]]:
    """The replay's own call of cmake with other traces, timed from within the replay, while its folder is there."""
    found: dict[str, tuple[float, float]] = {}

    def watched(arguments: Sequence[str], *, folder: Path, **bounds: object) -> Completed | Failed:
        untraced = [one for one in arguments if not one.startswith("--trace")]
        (empty := folder.parent / "nothing.cmake").touch()
        ways = {
            "cmake that runs an empty script": [arguments[0], "-P", str(empty)],
            "cmake without a trace: the floor": untraced,
            "cmake with its trace as words, which is read": list(arguments),
            "cmake with its trace as JSON, where words are not enough": [*arguments[:-2], _JSON, *arguments[-2:]],
        }
        for name, way in ways.items():
            found[name] = best(lambda way=way: _quietly(way, folder), runs)  # type: ignore[misc]  # a default binds it
        return run_bounded(arguments, folder=folder, **bounds)  # type: ignore[arg-type]  # handed on as they are

    with patch.object(replaying, "run", watched):
        replaying.replay(tree, QUESTION, scripts)
    return found


def _quietly(arguments: Sequence[str], folder: Path) -> None:
    subprocess.run(arguments, cwd=folder, env={}, capture_output=True, check=False)


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
    timed = {name: best(run, runs) for name, run in parts.items()} | cmake_runs(tree, scripts, runs)
    for name, (wall, work) in timed.items():
        goal = f"goal {GOAL}" if name == "one plan" else ""
        print(f"{wall:7.1f} ms  {work:7.1f} ms of the processor  {name}  {goal}".rstrip())
    print(
        "What limits: cmake running the scripts, which no trace makes shorter; then the reading of the trace in Python."
    )


if __name__ == "__main__":
    main()
