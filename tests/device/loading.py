"""Holds what the loader is said to do against a live process: what is mapped after `import torch`, and which libcuda.

Run on a machine with a CUDA torch: `python tests/device/loading.py` prints one line for each difference, and ends with 1
when there is one.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from buildDoctor.adapters.loader.resolve import Environment, Loading

LIVE = """
import sys
def mapped():
    lines = open('/proc/self/maps').read().splitlines()
    return {line.split(None, 5)[5] for line in lines if line.count(' ') > 4 and '.so' in line}
before = mapped()
import torch
print(torch.__file__)
print(sys.executable)
for path in sorted(mapped()):
    print(path)
"""


def main() -> int:
    """Compare, and say every difference."""
    said = subprocess.run([sys.executable, "-c", LIVE], capture_output=True, text=True, check=True, timeout=300)
    torch_file, _program, *mapped = said.stdout.splitlines()
    torch = Path(torch_file).parent
    environment = Environment(packages=torch.parent, torch=torch, variable=os.environ.get("LD_LIBRARY_PATH", ""))
    loading = Loading(environment, torch / "lib" / "libtorch_python.so")
    if loading.loader is None:
        print(loading.problem)
        return 1
    ours = {os.path.realpath(path) for path in loading.loader.loaded or ()}
    live = {os.path.realpath(path) for path in mapped}
    missed = sorted(ours - live - {os.path.realpath(loading.loader.program or "")})
    for path in missed:
        print("said to be loaded, and is not:", path)
    # Python's own modules, and what torch opens later, are in the process too.
    wanted = ("libtorch", "libc10", "libcu", "libnv", "libnccl", "libstdc++", "libgcc", "libgomp")
    unsaid = sorted(path for path in live - ours if Path(path).name.startswith(wanted))
    for path in unsaid:
        print("loaded, and not said:", path)
    print(
        f"{len(ours)} said, {len(live)} live, {len(ours & live)} of them the same; torch: {loading.loader.torch_problem or 'loads'}"
    )
    print("driver's library:", loading.loader.driver)
    everything(loading, torch.parent)
    return 1 if missed else 0


def everything(loading: Loading, packages: Path) -> None:
    """Say what would go wrong with any shared object of the environment."""
    files = sorted(path for pattern in ("*.so", "*.so.*") for path in packages.rglob(pattern) if path.is_file())
    for path in files:
        answer = loading.resolve(path)
        for one in answer.resolved or ():
            if not one.path or one.lacks:
                print(path.relative_to(packages), "needs", one.name, one.path, one.lacks, one.elsewhere, one.problem)
        for mixed in answer.mixed or ():
            print(path.relative_to(packages), "brings a second", mixed.kind, mixed.paths)
        if answer.reason:
            print(path.relative_to(packages), answer.reason)
    print(len(files), "files")


if __name__ == "__main__":
    sys.exit(main())
