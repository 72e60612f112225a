"""Times the rules: one over 20,000 kernels, 200 over a whole environment, and loading the built-in ones.

Usage: python benchmarks/rules.py [RUNS]

The best of several runs is printed beside its goal, in seconds of the processor, which a busy machine changes less.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable

from msgspec.structs import replace

from buildDoctor.adapters.recorded import evidence_from, healthy
from buildDoctor.adapters.rule_files import load_rules
from buildDoctor.core.evidence import Binary, Evidence, Kernel, Unit
from buildDoctor.core.judging.judge import judge
from buildDoctor.core.language import compile_expression

RUNS = 7
KERNELS = 20_000
RULES = 200
CONDITIONS = (
    "any(matches(k.name, '*fp9*') for b in binaries for k in b.kernels)",
    "any(like(k.name, 'fp[89]_') for b in binaries for k in b.kernels)",
    "any(matches(k.name, '*fp4*') and '12.1' in k.cubins for b in binaries for k in b.kernels)",
    "any(not any(runs_on(a, c) for a in k.cubins) for c in capabilities for b in binaries for k in b.kernels)",
    "len([k for b in binaries for k in b.kernels if k.unit == 5]) > 1000",
)
START = """
import time
from buildDoctor.adapters.rule_files import load_rules
start = time.process_time()
load_rules()
print(time.process_time() - start)
"""


def environment() -> Evidence:
    """A machine with torch, a build plan, and packages with 30 shared objects, 3,000 units and 20,000 kernels."""
    architectures = (("8.0", "9.0a", "12.0"), ("9.0a", "12.0a"), ("8.0", "12.0"))
    per_file = KERNELS // 30 + 1
    files = tuple(
        Binary(
            path=f"/venv/lib/python3.12/site-packages/package{number % 6}/_C{number}.so",
            package=f"package{number % 6}",
            format="elf",
            images=(),
            units=tuple(Unit(index=i, cubins=architectures[i % 3], ptx=(), kernel_count=7) for i in range(100)),
            kernels=tuple(
                Kernel(
                    name=f"_ZN4vllm20scaled_{number}_{i}_fp{i % 8}I", unit=i % 100, cubins=architectures[i % 3], ptx=()
                )
                for i in range(per_file)
            ),
        )
        for number in range(30)
    )
    return replace(evidence_from(healthy()), binaries=files)


def best(run: Callable[[], object], runs: int) -> float:
    """The shortest time of several runs, in milliseconds."""
    times = []
    for _ in range(runs):
        start = time.process_time()
        run()
        times.append(time.process_time() - start)
    return min(times) * 1000


def loading(runs: int) -> float:
    """The shortest time that a fresh process takes to load the built-in rules, in milliseconds."""
    command = [sys.executable, "-c", START]
    return min(float(subprocess.run(command, capture_output=True, check=True).stdout) for _ in range(runs)) * 1000


def main() -> None:
    """Prints a line for each measurement."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else RUNS
    evidence = environment()
    for text in CONDITIONS:
        expression = compile_expression(text)
        print(f"{best(lambda made=expression: made.evaluate(evidence), runs):7.1f} ms  goal  10  {text}")
    rules = load_rules().rules
    many = [rules[number % len(rules)] for number in range(RULES)]
    judge(evidence, many)
    print(f"{best(lambda: judge(evidence, many), runs):7.1f} ms  goal 200  {RULES} rules over a whole environment")
    print(f"{loading(runs):7.1f} ms  goal  15  loading {len(rules)} built-in rules")


if __name__ == "__main__":
    main()
