"""The GPUs and the driver's version as the driver's files under /proc say them, where no program may be asked.

`/proc/driver/nvidia/version` names the kernel part; `/proc/driver/nvidia/gpus/<bus>/information` has the model, the
identifier and the bus of each GPU (README of the Linux driver, "Using the /proc File System Interface"). The capability
is told from the model.
"""

from __future__ import annotations

import re
from itertools import islice
from pathlib import Path

from buildDoctor.adapters.gpus.sight import MOST_GPUS, Sight, saw_nothing
from buildDoctor.adapters.small_files import read_small
from buildDoctor.core.device.gpu_names import capability_of_name
from buildDoctor.core.evidence import Gpu, NotSeen, Origin

_FOLDER = "proc/driver/nvidia"
_LARGEST = 1 << 16
_VERSION = re.compile(r"^NVRM version:.*?\s(\d{3,4}\.\d+(?:\.\d+)?)\s", re.MULTILINE)
_LINE = re.compile(r"^([\w ]+):[ \t]*(.*)$", re.MULTILINE)


def module_version(root: Path) -> tuple[str | None, str | None]:
    """The version of the driver's kernel part and the file that says it; none and none when it is not loaded."""
    path = root / _FOLDER / "version"
    found = _VERSION.search(text_of(path))
    return (found[1], str(path)) if found else (None, None)


def gpus_of_files(root: Path) -> Sight:
    """The GPUs that the driver's files name, or why there are none."""
    folder = root / _FOLDER / "gpus"
    try:
        places = sorted(path.name for path in islice(folder.iterdir(), MOST_GPUS))
    except OSError:
        return saw_nothing(f"{folder} is not there, so the driver names no GPU; state the capability with --gpu 12.0")
    gpus = tuple(_gpu(folder / place / "information", at) for at, place in enumerate(places))
    unknown = [
        NotSeen(
            path=f"gpus[{at}].capability",
            reason=f"{gpu.name or 'a GPU without a name'} is not in the table of names; state its capability with --gpu",
        )
        for at, gpu in enumerate(gpus)
        if gpu.capability is None
    ]
    origins = [Origin(path="gpus", source=str(folder))]
    origins += [Origin(path=f"gpus[{at}].capability", source=f"the name in {folder / place}/information") for at, place in enumerate(places)]  # fmt: skip
    return Sight(gpus=gpus, not_seen=tuple(unknown), origins=tuple(origins))


def _gpu(path: Path, at: int) -> Gpu:
    lines = {key.strip(): value.strip() for key, value in _LINE.findall(text_of(path))}
    name = lines.get("Model") or None
    return Gpu(
        index=at,
        name=name,
        capability=capability_of_name(name) if name else None,
        uuid=lines.get("GPU UUID") or None,
        pci_bus=_as_smi_writes(lines.get("Bus Location", "")) or None,
    )


def _as_smi_writes(bus: str) -> str:
    """A place on the bus with the eight digits of its domain that nvidia-smi and NVML write."""
    domain, colon, rest = bus.partition(":")
    return f"{domain.upper():0>8}:{rest.upper()}" if colon else bus


def text_of(path: Path) -> str:
    """The text of a small file; empty when it cannot be read."""
    return read_small(path, _LARGEST) or ""
