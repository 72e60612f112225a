"""What kind of machine this is, from its files."""

from __future__ import annotations

import os
import re
from itertools import islice
from pathlib import Path

from buildDoctor.adapters.small_files import read_small
from buildDoctor.core.evidence import Machine, Origin

_LARGEST = 1 << 16
_MOST_DEVICES = 4096
_NVIDIA = "0x10de"
_RELEASE = re.compile(r"# R(\d+) \(release\), REVISION: ([\d.]+)")
"""The first line of /etc/nv_tegra_release, such as `# R36 (release), REVISION: 4.3, GCID: …`."""
_DEVICE = re.compile(r"nvidia(\d+|ctl)|dxg|nvhost-ctrl-gpu|nvgpu")
_LIMITS = ("sys/fs/cgroup/memory.max", "sys/fs/cgroup/memory/memory.limit_in_bytes")
_TOTAL = re.compile(r"^MemTotal:\s+(\d+) kB", re.MULTILINE)


def read_machine(root: Path = Path("/")) -> tuple[Machine, tuple[Origin, ...]]:
    """What kind of machine this is, and where that is read.

    Args:
        root: the root of its files.
    """
    release = _RELEASE.search(_text(root / "etc/nv_tegra_release"))
    # Microsoft builds the kernel of WSL and says so in its version.
    wsl = "microsoft" in _text(root / "proc/version").lower()
    machine = Machine(
        platform="wsl" if wsl else "tegra" if release else "linux",
        l4t=f"{release[1]}.{release[2]}" if release else "",
        container=_is_container(root),
        nvidia_devices=_graphics(root),
        kernel_module=(root / "proc/driver/nvidia/version").is_file() or (root / "sys/module/nvgpu").is_dir(),
        device_files=_device_files(root),
        processors=len(os.sched_getaffinity(0)) if root == Path("/") else None,
        memory_bytes=_memory(root),
    )
    return machine, (Origin(path="machine", source="the files of this machine"),)


def _is_container(root: Path) -> bool:
    marks = ("/docker", "/kubepods", "/lxc", "/containerd")
    files = (".dockerenv", "run/.containerenv")
    return any((root / file).exists() for file in files) or any(m in _text(root / "proc/1/cgroup") for m in marks)


def _graphics(root: Path) -> int | None:
    """The devices of NVIDIA of the class of graphics (03), which has VGA (0300) and others (0302)."""
    try:
        places = list(islice((root / "sys/bus/pci/devices").iterdir(), _MOST_DEVICES))
    except OSError:
        return None
    return sum(
        _text(place / "vendor").strip() == _NVIDIA and _text(place / "class").startswith("0x03") for place in places
    )


def _device_files(root: Path) -> tuple[str, ...]:
    try:
        names = sorted(path.name for path in islice((root / "dev").iterdir(), _MOST_DEVICES))
    except OSError:
        return ()
    return tuple(f"/dev/{name}" for name in names if _DEVICE.fullmatch(name))


def _memory(root: Path) -> int | None:
    """The memory that processes may take: the machine's, or the lower limit of the control group."""
    total = _TOTAL.search(_text(root / "proc/meminfo"))
    found = [int(total[1]) * 1024] if total else []
    found += [int(text) for name in _LIMITS if (text := _text(root / name).strip()).isdigit()]
    return min(found, default=None)


def _text(path: Path) -> str:
    return read_small(path, _LARGEST) or ""
