"""Compares reading binaries with cuobjdump: whole processes, alternating, in one run.

Usage: python benchmarks/binaries.py EXTENSION LIBRARY [ENVIRONMENT] [--runs N] [--write]

EXTENSION is `_C.abi3.so` of a vLLM wheel, LIBRARY is libtorch_cuda.so, ENVIRONMENT a folder with torch and others. The
peer is NVIDIA's cuobjdump, from PATH or from the extra `test`. `--write` puts the tables into benchmarks/RESULTS.md.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from measuring import Figure, compare, find_cuobjdump, machine

ROOT = Path(__file__).parents[1]
SMALL = ROOT / "tests" / "adapters" / "binaries" / "plain.so"
RESULTS = Path(__file__).with_name("RESULTS.md")
PROGRAM = [sys.executable, "-c", "import sys; from buildDoctor.__main__ import main; sys.exit(main())"]
"""What the installed command does."""
UNPACK = """
import sys
from pathlib import Path
from threading import local
from buildDoctor.adapters.elf.binary import map_file
from buildDoctor.adapters.elf.outline import read_outline
from buildDoctor.adapters.elf.payload import Memory, unpack_image
from buildDoctor.adapters.elf.threads import in_threads
from buildDoctor.adapters.elf.walked import walk_outline
outline = read_outline(map_file(Path(sys.argv[1]), ""), "")
main, _others = walk_outline(outline)
of_thread = local()
def unpack(container):
    if not hasattr(of_thread, "memory"):
        of_thread.memory = Memory()
    for entry in container.entries:
        unpack_image(outline.window, entry, of_thread.memory)
        outline.window.release(entry.payload, entry.header.payload_bytes)
list(in_threads(unpack, main.walk.containers))
"""
"""The same unpacking without anything else: what the decompressor leaves to be won."""


DEPENDENCIES = "import argparse, pathlib, dataclasses, msgspec, elftools.elf.structs"
"""What listing images imports of others, and nothing else: what Python and the libraries leave to be won."""

LIMITS = """## What limits

Listing images reads headers alone: what it takes for a large file is what it takes for a small one, the start of Python
and its imports. `importing the libraries alone` is that without a line of build-doctor, and its ratio is about the highest
that any program with these libraries reaches: half of its instructions are the import of msgspec, a fifth that of pyelftools.
What build-doctor adds is its own modules, and two fifths of that are classes of records. The headers of the 1 GB library take
about 30 ms.

Listing kernels unpacks every image, because the names of a cubin stand in its symbol table, whose place only the section
headers at its very end tell. `unpacking the images alone` is the decompressor's part, in as many threads. An LZ4 block cannot
be unpacked in part with the library that does it, and a name that is guessed from the first kilobytes of an image is not
worth having. Memory that is touched for the first time costs as much as unpacking into it, so each thread keeps its own.
What build-doctor adds is the search for names in PTX and symbol tables, the host side, the process that makes C++ of mangled
names, and the report.

A busy machine changes seconds more than processor seconds: the last column is the steadier one.
"""


def rows_of_images(path: Path, runs: int) -> dict[str, Figure]:
    """Listing the images of a file."""
    commands = {
        "build-doctor inspect --json": [*PROGRAM, "inspect", "--json", str(path)],
        "importing the libraries alone": [sys.executable, "-c", DEPENDENCIES],
        "cuobjdump --list-elf": [find_cuobjdump(), "--list-elf", str(path)],
    }
    return compare(commands, runs)


def rows_of_kernels(path: Path, runs: int) -> dict[str, Figure]:
    """Listing all kernels of a file, with the images that hold each."""
    commands = {
        "build-doctor inspect --kernels '*' --json": [*PROGRAM, "inspect", "--kernels", "*", "--json", str(path)],
        "unpacking the images alone": [sys.executable, "-c", UNPACK, str(path)],
        "cuobjdump -symbols": [find_cuobjdump(), "-symbols", str(path)],
    }
    return compare(commands, runs)


def rows_of_starts(runs: int) -> dict[str, Figure]:
    """What the program costs before any work."""
    commands = {
        "build-doctor --version": [*PROGRAM, "--version"],
        "build-doctor inspect --json of 23 KB": [*PROGRAM, "inspect", "--json", str(SMALL)],
        "importing the libraries alone": [sys.executable, "-c", DEPENDENCIES],
        "python -c pass": [sys.executable, "-c", "pass"],
    }
    return compare(commands, runs)


def rows_of_environment(folder: Path, runs: int) -> dict[str, Figure]:
    """Images and verdicts of all shared objects of a folder."""
    return compare({"build-doctor inspect --json FOLDER": [*PROGRAM, "inspect", "--json", str(folder)]}, runs)


def table(title: str, rows: dict[str, Figure]) -> str:
    """A table in which the last row is the peer that the others are compared with."""
    peer = list(rows.values())[-1]
    head = "| | seconds | processor seconds | MB resident | against the last row | by processor seconds |"
    lines = [f"## {title}", "", head, "|---|---|---|---|---|---|"]
    for name, figure in rows.items():
        ratios = f"{peer.seconds / figure.seconds:.1f} x | {peer.work / figure.work:.1f} x"
        lines.append(f"| `{name}` | {figure.seconds:.3f} | {figure.work:.3f} | {figure.megabytes:.0f} | {ratios} |")
    return "\n".join(lines) + "\n"


def size(path: Path) -> str:
    """A file in words."""
    return f"{path.name}, {path.stat().st_size / 1e6:,.0f} MB"


def heading(runs: int) -> str:
    """What was measured, and on what."""
    version = subprocess.run([find_cuobjdump(), "--version"], check=True, capture_output=True, text=True).stdout
    found = re.search(r"V(\d+\.\d+\.\d+)", version)
    return (
        "# Measurements\n\n"
        f"Whole processes, medians of {runs} alternating runs, files in the page cache. `python benchmarks/binaries.py`\n"
        "writes this page. A ratio above 1 says how many times faster than the last row a command is; by processor seconds\n"
        "it is steadier on a busy machine, and counts both threads of build-doctor.\n\n"
        f"Machine: {machine()}. Peer: cuobjdump {found[1] if found else ''}. Load of the machine at the start of the\n"
        f"measurements: {os.getloadavg()[0]:.1f}.\n"
    )


def main() -> None:
    """Prints the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("extension", type=Path)
    parser.add_argument("library", type=Path)
    parser.add_argument("environment", type=Path, nargs="?")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--write", action="store_true")
    chosen = parser.parse_args()
    os.environ["PYTHONPATH"] = str(ROOT)
    # An installed program is compiled already; the first run, which is not counted, does that here.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    files, runs = (chosen.extension, chosen.library), chosen.runs
    parts = [heading(runs)]
    parts += [table(f"Images of {size(path)}", rows_of_images(path, runs)) for path in files]
    parts += [table(f"All kernels of {size(path)}", rows_of_kernels(path, runs)) for path in files]
    if chosen.environment:
        rows = rows_of_environment(chosen.environment, runs)
        parts.append(table("Images of all shared objects of an environment", rows))
    parts.append(table("Starting", rows_of_starts(runs)))
    parts.append(LIMITS)
    page = "\n".join(parts)
    print(page)
    if chosen.write:
        RESULTS.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
