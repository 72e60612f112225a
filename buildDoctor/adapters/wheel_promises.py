"""What a wheel promises: by the tags of its file name, the local part of its version, and the torch that it pins."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable
from pathlib import Path

from packaging.utils import InvalidWheelFilename, parse_wheel_filename

from buildDoctor.core.evidence import Wheel

LARGEST_METADATA = 1 << 22
_MANYLINUX = re.compile(r"manylinux_(\d+)_(\d+)_(\w+)")
_LEGACY = {"manylinux1": (2, 5), "manylinux2010": (2, 12), "manylinux2014": (2, 17)}
"""The C libraries of the tags before PEP 600."""
_MACHINE = re.compile(r"(?:manylinux\w*?|musllinux\w*?|linux)_((?:x86_64|aarch64|i686|ppc64le|s390x|armv7l|riscv64))")
_CUDA = re.compile(r"(?:^|[^a-z])cu(\d{2,3})(?!\d)")
_CXX11 = re.compile(r"cxx11abi[._]?(true|false|1|0)", re.IGNORECASE)
_PIN = re.compile(r"Requires-Dist:\s*torch\s*\(?\s*==\s*(\d+(?:\.\d+)*)", re.IGNORECASE)


def read_promises(path: Path, given: str) -> Wheel | None:
    """What a wheel says about itself; none when its file name is not that of a wheel.

    Args:
        path: The wheel.
        given: What it is called.
    """
    try:
        name, version, _build, tags = parse_wheel_filename(path.name)
    except InvalidWheelFilename:
        return None
    platforms = tuple(sorted({tag.platform for tag in tags}))
    local = version.local or ""
    return Wheel(
        path=given,
        name=name,
        version=str(version),
        python_tags=tuple(sorted({tag.interpreter for tag in tags})),
        abi_tags=tuple(sorted({tag.abi for tag in tags})),
        platform_tags=platforms,
        machines=tuple(sorted({found[1] for tag in platforms if (found := _MACHINE.fullmatch(tag))})),
        glibc=promised_glibc(platforms),
        cuda=cuda_of(local),
        cxx11_abi=abi_of(local),
        torch=_pinned_torch(path),
    )


def promised_glibc(platforms: Iterable[str]) -> str:
    """The oldest C library that is enough, by the platform tags; empty when they say nothing about it."""
    found = [version for tag in platforms if (version := _glibc(tag)) is not None]
    return ".".join(map(str, min(found))) if found else ""


def _glibc(tag: str) -> tuple[int, int] | None:
    """The C library of a platform tag, as PEP 600 and the older tags define it."""
    if match := _MANYLINUX.fullmatch(tag):
        return int(match[1]), int(match[2])
    return next((version for name, version in _LEGACY.items() if tag.startswith(f"{name}_")), None)


def cuda_of(local: str) -> str:
    """The CUDA in a local version: `cu129` is 12.9, `cu12torch2.8` is 12; empty when it names none."""
    found = _CUDA.search(local)
    if found is None:
        return ""
    return found[1] if len(found[1]) == 2 else f"{found[1][:-1]}.{found[1][-1]}"


def abi_of(local: str) -> str:
    """The `std::string` in a local version such as `cxx11abiTRUE`; empty when it names none."""
    found = _CXX11.search(local)
    if found is None:
        return ""
    return "new" if found[1].lower() in {"true", "1"} else "old"


def _pinned_torch(path: Path) -> str | None:
    """The torch that the metadata pins; empty when it pins none, none when the metadata cannot be read."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = [name for name in archive.namelist() if re.fullmatch(r"[^/]+\.dist-info/METADATA", name)]
            if not names or archive.getinfo(names[0]).file_size > LARGEST_METADATA:
                return None
            text = archive.read(names[0]).decode("utf-8", "replace")
    except Exception:  # noqa: BLE001  zipfile and the decompressors raise unrelated types on damaged input
        return None
    found = _PIN.search(text)
    return found[1] if found else ""
