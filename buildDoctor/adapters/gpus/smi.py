"""The GPUs of the machine, as nvidia-smi names them."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from buildDoctor.adapters.commands import Completed, Failed, find_program, run
from buildDoctor.adapters.gpus.sight import Sight, saw_nothing
from buildDoctor.core.device.architectures import ArchitectureError, parse_capability
from buildDoctor.core.evidence import Gpu, Origin

_QUERY = "index,name,compute_cap,uuid,memory.total,driver_version,pci.bus_id,mig.mode.current"
_MEBIBYTE = 1024 * 1024
_SECONDS = 10.0
_CARD = re.compile(r"GPU (\d+): ")
_INSTANCE = re.compile(r"\s+MIG (\S+)\s+Device\s+\d+: \(UUID: (MIG-[\w/-]+)\)")
SOURCE = "nvidia-smi"


def ask_smi(folder: Path) -> Sight:
    """The GPUs and the driver's version, or why they were not seen.

    Args:
        folder: where the program is started.
    """
    # WSL keeps it beside its libraries, which not every shell has on its PATH.
    program = find_program("nvidia-smi") or find_program("nvidia-smi", "/usr/lib/wsl/lib")
    if program is None:
        return saw_nothing("nvidia-smi is not on PATH; state the capability with --gpu 12.0")
    ended = run([program, f"--query-gpu={_QUERY}", "--format=csv,noheader,nounits"], folder=folder, seconds=_SECONDS)
    if isinstance(ended, Failed):
        return saw_nothing(ended.reason)
    if ended.code != 0:
        words = " ".join((ended.errors or ended.output).split())[:200]
        return saw_nothing(f"nvidia-smi ended with code {ended.code}: {words}")
    instances = ""
    if "Enabled" in ended.output:
        listed = run([program, "-L"], folder=folder, seconds=_SECONDS)
        instances = listed.output if isinstance(listed, Completed) and listed.code == 0 else ""
    return parse_query(ended.output, instances)


def parse_query(text: str, listing: str = "") -> Sight:
    """The GPUs in the answer of nvidia-smi; a line that does not have its shape is refused as a whole.

    Args:
        text: the answer to the query, a line for each GPU.
        listing: what `nvidia-smi -L` says, where a GPU is split into instances.
    """
    gpus, version, instances = [], None, _instances(listing)
    for row in csv.reader(text.splitlines(), skipinitialspace=True):
        try:
            index, name, capability, uuid, memory, version, bus, mig = row
            # A GPU that shares the machine's memory, such as GB10, states none of its own.
            size = int(memory) * _MEBIBYTE if memory.isdigit() else None
            parse_capability(capability)
            gpu = Gpu(
                index=int(index),
                name=name,
                capability=capability,
                uuid=uuid,
                memory_bytes=size,
                pci_bus=bus,
                mig=mig == "Enabled",
                instances=instances.get(int(index), ()) if mig != "Enabled" or listing else None,
            )
        except (ValueError, ArchitectureError):
            return saw_nothing(f"nvidia-smi answers in an unknown shape: {row}")
        gpus.append(gpu)
    return Sight(
        gpus=tuple(gpus),
        driver_version=version,
        driver_source=SOURCE,
        origins=(Origin(path="gpus", source=SOURCE),),
    )


def _instances(listing: str) -> dict[int, tuple[str, ...]]:
    """The instances of each GPU, from the indented lines below it."""
    found: dict[int, tuple[str, ...]] = {}
    card = -1
    for line in listing.splitlines():
        if at := _CARD.match(line):
            card = int(at[1])
        elif one := _INSTANCE.match(line):
            found[card] = (*found.get(card, ()), f"{one[1]} {one[2]}")
    return found
