"""Times the search for fixes: how many changes of a source tree it decides in a second.

Usage: python benchmarks/search.py TREE [CUDA [REQUEST [GPU]]]

TREE is a source tree of vLLM; the figures that this project aims at are for 0.11.0: 200 changes in 5 s on two processor
cores. One run, one line for each thing that the build scripts lose: the changes that were considered, how many of them
the tree's own list functions refused and how many were replayed whole, and the seconds. The last line is all of it.
"""

from __future__ import annotations

import sys
import time

from measuring import machine

from buildDoctor.core.fixes.searching import goals
from buildDoctor.examine.options import Options
from buildDoctor.examine.plan_asking import ask_plan
from buildDoctor.examine.search import Search

CUDA, REQUEST, GPU = "12.9", "7.0 7.5 8.0 8.6 8.9 9.0 10.3 12.1", "10.3,12.1"


def main() -> None:
    """Prints a line for each goal, and the sum."""
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    cuda, request, gpu = (*sys.argv[2:5], *(CUDA, REQUEST, GPU)[len(sys.argv[2:5]) :])
    asked = ask_plan(Options(source=sys.argv[1], cuda=cuda, arch_list=request, gpu=gpu, static=True))
    search = Search(asked.evidence, asked.plan, asked.tree, asked.question, asked.book.rules, asked.gathered.complaints)
    print(machine())
    considered, begun, worked = 0, time.perf_counter(), time.process_time()
    for goal in goals(asked.evidence):
        start = time.perf_counter()
        found = search.find(goal)
        considered += found.candidates
        print(
            f"{time.perf_counter() - start:6.2f} s  {found.candidates:4} changes: {found.filtered:4} by the list functions, "
            f"{found.replayed:3} whole, {len(found.proven):3} proven  {goal.name} on {goal.capability}"
        )
    seconds = time.perf_counter() - begun
    print(
        f"{seconds:6.2f} s  {considered:4} changes, {considered / seconds:.0f} in a second; "
        f"200 take {200 * seconds / considered:.1f} s (goal 5); {time.process_time() - worked:.1f} s of Python's own"
    )


if __name__ == "__main__":
    main()
