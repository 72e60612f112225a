"""Predicts each set of a device run from its program, compares, and writes what tests keep.

Usage: python tests/device/predict.py RESULTS.tsv SETS.tar.gz [KEPT.tsv]

Prints each disagreement and ends with 1 if there is one. KEPT.tsv gets a line for each set: its name, the capability, the
error, the value, and as JSON what its program holds of the kernel, from which `tests/core/test_real_runs.py` repeats the
prediction. Without results (a build without runs) the predictions for 9.0 are printed.
"""

from __future__ import annotations

import json
import re
import sys
import tarfile
from pathlib import Path
from typing import Any

from buildDoctor.adapters.elf.binary import read_binary
from buildDoctor.adapters.elf.window import Window
from buildDoctor.core.evidence import Kernel

sys.path.insert(0, str(Path(__file__).parent))
from build_and_run import file_name
from kept import KERNEL, RUNS, verdict


def facts(data: bytes, name: str) -> list[dict[str, Any]]:
    """What a program holds of the kernel: for each unit its architectures and those that have the kernel."""
    binary = read_binary(Window(data), name, kernels=re.compile(KERNEL)).binary
    if binary is None:
        sys.exit(f"{name} cannot be read")
    places = [("loaded", binary.units, binary.kernels)]
    places += [(each.reached or "", each.units, each.kernels) for each in binary.other_sections or ()]
    found = []
    for reached, units, kernels in places:
        for unit in units or ():
            held = next((kernel for kernel in kernels or () if kernel.unit == unit.index), Kernel(cubins=(), ptx=()))
            found.append(
                {
                    "reached": reached,
                    "cubins": unit.cubins,
                    "ptx": unit.ptx,
                    "kernel_cubins": held.cubins,
                    "kernel_ptx": held.ptx,
                    "kernels": unit.kernel_count,
                    "registered": held.registered,
                }
            )
    return found


def main() -> None:
    """Compares."""
    if len(sys.argv) not in {3, 4}:
        sys.exit(__doc__)
    lines = Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()
    results = [line.split("\t") for line in lines if line and not line.startswith("#")]
    with tarfile.open(sys.argv[2]) as archive:
        held = {member.name: facts(archive.extractfile(member).read(), member.name) for member in archive}  # type: ignore[union-attr]  # all are files
    if not results:
        for name, units in held.items():
            print(name, verdict(units, "9.0"))
        return
    if all(error != "cudaSuccess" for _name, _capability, error, _value in results):
        sys.exit(f"no set ran ({results[0][2]}): there was no GPU, or its driver is older than the toolkit")
    kept, wrong = [line for line in lines if line.startswith("# GPU")], 0
    for name, capability, error, value in results:
        units = held[file_name(name)]
        predicted = verdict(units, capability)
        runs = error == "cudaSuccess" and value == "42"
        if (predicted in RUNS) != runs:
            wrong += 1
            print(f"{name}: predicted {predicted}, but {error} {value}; {units}")
        kept.append("\t".join((name, capability, error, value, json.dumps(units, separators=(",", ":")))))
    if len(sys.argv) == 4:
        Path(sys.argv[3]).write_text("\n".join(kept) + "\n", encoding="utf-8")
    print(f"{len(results)} sets, {wrong} disagreements")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
