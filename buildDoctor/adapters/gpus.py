"""The GPUs of the machine, as nvidia-smi names them."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

from buildDoctor.adapters.commands import Failed, run
from buildDoctor.core.architectures import ArchitectureError, parse_capability
from buildDoctor.core.drivers import cuda_of_driver
from buildDoctor.core.evidence import Driver, Gpu, NotSeen

_QUERY = "index,name,compute_cap,uuid,memory.total,driver_version"
_MEBIBYTE = 1024 * 1024
_SECONDS = 10.0


def read_gpus() -> tuple[tuple[Gpu, ...] | None, Driver | None, NotSeen | None]:
    """The GPUs and the driver, or why they were not seen."""
    program = shutil.which("nvidia-smi")
    if program is None:
        return (
            None,
            None,
            NotSeen(path="gpus", reason="nvidia-smi is not on PATH; state the capability with --gpu 12.0"),
        )
    ended = run([program, f"--query-gpu={_QUERY}", "--format=csv,noheader,nounits"], folder=Path("/"), seconds=_SECONDS)
    if isinstance(ended, Failed):
        return None, None, NotSeen(path="gpus", reason=ended.reason)
    if ended.code != 0:
        words = (ended.errors or ended.output).strip()[:200]
        return None, None, NotSeen(path="gpus", reason=f"nvidia-smi ended with code {ended.code}: {words}")
    return parse_query(ended.output)


def parse_query(text: str) -> tuple[tuple[Gpu, ...] | None, Driver | None, NotSeen | None]:
    """The GPUs in the answer of nvidia-smi; a line that does not have its shape is refused as a whole."""
    gpus, version = [], None
    for row in csv.reader(text.splitlines(), skipinitialspace=True):
        try:
            index, name, capability, uuid, memory, version = row
            parse_capability(capability)
            gpus.append(
                Gpu(index=int(index), name=name, capability=capability, uuid=uuid, memory_bytes=int(memory) * _MEBIBYTE)
            )
        except (ValueError, ArchitectureError):
            return None, None, NotSeen(path="gpus", reason=f"nvidia-smi answers in an unknown shape: {row}")
    return tuple(gpus), Driver(version=version, cuda=cuda_of_driver(version)) if version else None, None
