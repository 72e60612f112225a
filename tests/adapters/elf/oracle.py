"""What NVIDIA's cuobjdump says of a file, in the words of the evidence."""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from buildDoctor.core.evidence import Binary

START = re.compile(r"Fatbin (\S+(?: \S+)?) code:")
ARCHITECTURE = re.compile(r"arch = sm_(\d+)(\d)([af]?)$")
FUNCTION = re.compile(r" Function (.*):$")
USAGE = re.compile(r"  REG:(\d+) STACK:(\d+) SHARED:(\d+) LOCAL:(\d+) .*?CONSTANT\[0\]:(\d+)")
SYMBOL = re.compile(r"(?:STT_)?FUNC\s+(?:STB_)?\S+\s+(?:STV_)?\S+\s+(?:STO_)?ENTRY\s+(\S+)$")
KINDS = {"elf": "cubin", "ptx": "ptx"}


class Usage(NamedTuple):
    """What a kernel takes in one cubin."""

    architecture: str
    name: str
    registers: int | None
    stack_bytes: int | None
    shared_bytes: int | None
    constant_bytes: int | None


class RefusalError(Exception):
    """cuobjdump stopped before the end of the file."""


def lines(cuobjdump: str, *arguments: str) -> list[str]:
    """What cuobjdump prints.

    Raises:
        RefusalError: it stopped before the end of the file, or found no device code in it.
    """
    ended = subprocess.run([cuobjdump, *arguments], check=False, capture_output=True, text=True, timeout=600)
    if ended.returncode != 0:
        raise RefusalError(ended.stderr.strip())
    if "does not contain device code" in ended.stderr:
        raise RefusalError(ended.stderr.strip())
    # Members of a concatenated image stand further to the right.
    return [line.removeprefix("\t") for line in ended.stdout.splitlines()]


def images(cuobjdump: str, path: Path) -> Counter[tuple[str, str, bool]]:
    """Kind, architecture, and whether it is compressed, of each image, as plain `cuobjdump FILE` lists them."""
    found: Counter[tuple[str, str, bool]] = Counter()
    image: list[str] = []
    for line in [*lines(cuobjdump, str(path)), "Fatbin end code:"]:
        if start := START.match(line):
            if len(image) > 1:
                found[KINDS.get(image[0], image[0]), image[1], "compressed" in image[2:]] += 1
            image = [start[1]]
        elif architecture := ARCHITECTURE.match(line):
            image.append(f"{architecture[1]}.{architecture[2]}{architecture[3]}")
        elif not line.startswith("="):
            image.append(line.strip())
    return found


def kernels(cuobjdump: str, path: Path) -> Counter[tuple[str, str]]:
    """Architecture and name of each kernel of each cubin, as `cuobjdump -symbols` lists them."""
    found: Counter[tuple[str, str]] = Counter()
    kind = architecture = ""
    for line in lines(cuobjdump, "-symbols", str(path)):
        if start := START.match(line):
            kind = start[1]
        elif header := ARCHITECTURE.match(line):
            architecture = f"{header[1]}.{header[2]}{header[3]}"
        elif kind == "elf" and (symbol := SYMBOL.match(line)):
            found[architecture, symbol[1]] += 1
    return found


def usages(cuobjdump: str, path: Path) -> Counter[Usage]:
    """What each kernel takes in each cubin, as `cuobjdump -res-usage` lists it."""
    found: Counter[Usage] = Counter()
    architecture = name = ""
    for line in lines(cuobjdump, "-res-usage", str(path)):
        if header := ARCHITECTURE.match(line):
            architecture = f"{header[1]}.{header[2]}{header[3]}"
        elif function := FUNCTION.match(line):
            name = function[1]
        elif numbers := USAGE.match(line):
            registers, stack, shared, _local, constant = map(int, numbers.groups())
            found[Usage(architecture, name, registers, stack, shared, constant)] += 1
    return found


def our_images(binary: Binary) -> Counter[tuple[str, str, bool]]:
    """The images of a reading in the same form."""
    return Counter(
        (image.kind or "", image.architecture or "", image.compressed != "no") for image in binary.images or ()
    )


def our_usages(binary: Binary) -> Counter[Usage]:
    """The kernels of a reading in the same form."""
    return Counter(
        Usage(
            image.architecture or "",
            kernel.name or "",
            image.registers,
            image.stack_bytes,
            image.shared_bytes,
            image.constant_bytes,
        )
        for kernel in binary.kernels or ()
        for image in kernel.images or ()
        if image.kind == "cubin"
    )
