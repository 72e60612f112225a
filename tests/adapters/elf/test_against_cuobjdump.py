"""The same images as NVIDIA's own tool lists, for every small shared object."""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from buildDoctor.adapters.elf.binary import read_binary

NAMES = [
    "plain",
    "suffixes",
    "ptx",
    "compress-size",
    "compress-balance",
    "compress-speed",
    "compress-none",
    "rdc",
    "rdc-unlinked",
    "host-only",
    "guarded",
    "nvfp4",
]
BLOCK = re.compile(r"Fatbin (elf|ptx) code:\n=+\narch = sm_(\w+)\n(.*?)(?=\nFatbin|\Z)", re.DOTALL)


def listed(cuobjdump: str, path: Path) -> Counter[tuple[str, str, bool]]:
    """Kind, architecture and whether it is compressed, as plain `cuobjdump FILE` prints them."""
    output = subprocess.run([cuobjdump, str(path)], check=True, capture_output=True, text=True, timeout=60).stdout
    blocks = BLOCK.findall(output)
    return Counter((kind.replace("elf", "cubin"), arch, "compressed" in rest) for kind, arch, rest in blocks)


@pytest.mark.parametrize("name", NAMES)
def test_the_images_are_those_of_cuobjdump(cuobjdump: str, binaries: Path, name: str) -> None:
    path = binaries / f"{name}.so"
    binary = read_binary(path, kernels=False).binary
    assert binary is not None
    ours = Counter(
        (image.kind or "", (image.architecture or "").replace(".", ""), image.compressed != "no")
        for image in binary.images or ()
    )
    assert ours == listed(cuobjdump, path)


def test_the_kernels_are_those_of_cuobjdump(cuobjdump: str, binaries: Path) -> None:
    """A kernel is a global function symbol here; cuobjdump prints one list for each image."""
    path = binaries / "guarded.so"
    command = [cuobjdump, "-symbols", str(path)]
    output = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout
    architecture = ""
    theirs: set[tuple[str, str]] = set()
    for line in output.splitlines():
        if found := re.match(r"arch = sm_(\d+)(\d)", line):
            architecture = f"{found[1]}.{found[2]}"
        if found := re.match(r"(?:STT_)?FUNC\s.*\s(\S+)$", line.strip()):
            theirs.add((found[1], architecture))
    kernels = (read_binary(path, kernels=re.compile(".")).binary or pytest.fail("nothing read")).kernels or ()
    assert {(kernel.name, cubin) for kernel in kernels for cubin in kernel.cubins or ()} == theirs
