"""Builds every set of images, runs it on the GPU of this machine, and writes down what became of it.

Usage: python3 build_and_run.py FOLDER

Needs nvcc and, for the runs, a GPU; of Python only the standard library. Into FOLDER go `results.tsv` (set, capability,
error, value; the GPU, the driver and the toolkit in a comment) and `sets.tar.gz` with the programs, from which
`predict.py` predicts the same. Set CUDA_HOME when nvcc is not in /usr/local/cuda. BUILD_ONLY=1 leaves the runs out.
"""

from __future__ import annotations

import os
import re
import shutil
import struct
import subprocess
import sys
import tarfile
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from sets import ImageSet, all_sets

HERE = Path(__file__).resolve().parent
CUDA = Path(os.environ.get("CUDA_HOME", "/usr/local/cuda"))
SIGNATURE = bytes.fromhex("50ed55ba01001000")
FIELDS = {"kind": (0, "<H"), "architecture": (0x1C, "<I"), "set": (0x28, "<Q"), "clear": (0x28, "<Q")}
"""Where the fields of an image header stand, in bytes from its start; it follows the 16 bytes of its container."""


def gencode(target: str) -> list[str]:
    """The option of nvcc for a target such as `sm_90a`, `compute_90` or `lto_80`."""
    return ["-gencode", f"arch=compute_{target.partition('_')[2]},code={target}"]


def build(each: ImageSet, folder: Path) -> str:
    """Builds a set; answers nothing, or why there is no program."""
    nvcc = [str(CUDA / "bin" / "nvcc"), "-O1", "-std=c++17", "-cudart", "shared", *each.options]
    targets = [option for target in each.targets for option in gencode(target)]
    program = folder / file_name(each.name)
    with tempfile.TemporaryDirectory() as work:
        commands = [[*nvcc, *targets, str(HERE / "kernel.cu"), "-o", str(program)]]
        if each.separate is not None:
            others = [option for target in each.separate for option in gencode(target)]
            # The device link makes machine code for what all units have it for: the first target.
            first = gencode(each.targets[0])
            commands = [
                [*nvcc, *targets, "-dc", str(HERE / "kernel.cu"), "-o", f"{work}/kernel.o"],
                [*nvcc, *others, "-dc", str(HERE / "value.cu"), "-o", f"{work}/value.o"],
                [*nvcc, *first, f"{work}/kernel.o", f"{work}/value.o", "-o", str(program)],
            ]
        for command in commands:
            ended = subprocess.run(command, check=False, capture_output=True, text=True)
            if ended.returncode != 0:
                return (ended.stderr or ended.stdout).strip().splitlines()[-1]
    subprocess.run(["strip", str(program)], check=True)
    return edit(program, each.edit) if each.edit else ""


def edit(program: Path, change: tuple[str, int]) -> str:
    """Changes the header of the first image of each container but the one that nvcc's device link adds."""
    data = bytearray(program.read_bytes())
    field, number = change
    offset, layout = FIELDS[field]
    for match in re.finditer(re.escape(SIGNATURE), bytes(data)):
        if is_link_result(data, match.start()):
            continue
        place = match.start() + 16 + offset
        old = struct.unpack_from(layout, data, place)[0]
        new = {"set": old | number, "clear": old & ~number}.get(field, number)
        struct.pack_into(layout, data, place, new)
    program.write_bytes(data)
    return ""


def is_link_result(data: bytearray, start: int) -> bool:
    """Whether a container is the empty result of nvcc's device link: nothing, or one small cubin that is not compressed."""
    size, kind, _marker, _header, payload, compressed = struct.unpack_from("<QHHIQI", data, start + 8)
    return size == 0 or (kind == 2 and compressed == 0 and payload < 2048)


def run(each: ImageSet, folder: Path) -> str:
    """The line of a set's program."""
    program = folder / file_name(each.name)
    # The driver's own library is where the machine says; the toolkit's may not be.
    libraries = [os.environ.get("LD_LIBRARY_PATH", ""), f"{CUDA}/lib64", f"{CUDA}/targets/x86_64-linux/lib"]
    environment = {**os.environ, "LD_LIBRARY_PATH": ":".join(filter(None, libraries)), "CUDA_CACHE_DISABLE": "1"}
    try:
        ended = subprocess.run([str(program)], check=False, capture_output=True, text=True, timeout=60, env=environment)
    except subprocess.TimeoutExpired:
        return "?\ttimeout\t0"
    return ended.stdout.strip() or f"?\texit {ended.returncode}\t0"


def file_name(name: str) -> str:
    """The name of a set as a file's."""
    return re.sub(r"[^\w.+=-]", "-", name)


def about() -> str:
    """The GPU, the driver and the toolkit."""
    query = ["nvidia-smi", "--query-gpu=name,driver_version", "--format=csv,noheader"]
    gpu = "no GPU"
    if shutil.which("nvidia-smi"):
        gpu = subprocess.run(query, check=False, capture_output=True, text=True).stdout.strip() or gpu
    version = subprocess.run([str(CUDA / "bin" / "nvcc"), "--version"], check=True, capture_output=True, text=True)
    found = re.search(r"V(\d+\.\d+\.\d+)", version.stdout)
    return f"GPU and driver: {gpu.splitlines()[0]}; toolkit: {found[1] if found else 'unknown'}"


def main() -> None:
    """Builds, runs, writes."""
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = Path(sys.argv[1])
    programs = folder / "sets"
    programs.mkdir(parents=True, exist_ok=True)
    sets = all_sets()
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        problems = dict(
            zip((each.name for each in sets), pool.map(lambda each: build(each, programs), sets), strict=True)
        )
    lines = [f"# {about()}", "# set\tcapability\terror\tvalue"]
    for each in sets:
        if problems[each.name]:
            print(f"{each.name}: not built: {problems[each.name]}", file=sys.stderr)
        elif not os.environ.get("BUILD_ONLY"):
            lines.append(f"{each.name}\t{run(each, programs)}")
    (folder / "results.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    with tarfile.open(folder / "sets.tar.gz", "w:gz") as archive:
        for each in sets:
            if not problems[each.name]:
                archive.add(programs / file_name(each.name), file_name(each.name))
    shutil.rmtree(programs)
    print(f"{len(sets) - sum(map(bool, problems.values()))} sets built, {len(lines) - 2} run", file=sys.stderr)


if __name__ == "__main__":
    main()
