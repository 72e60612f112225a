"""What the compiler of a CUDA toolkit compiles for, by its version."""

from __future__ import annotations

from buildDoctor.core.device.architectures import newest_toolkit, oldest_toolkit

_KNOWN = (
    "3.5", "3.7", "5.0", "5.2", "5.3", "6.0", "6.1", "6.2", "7.0", "7.2",
    "7.5", "8.0", "8.6", "8.7", "8.8", "8.9", "9.0", "10.0", "10.1", "10.3", "10.7", "11.0", "12.0", "12.1",
)  # fmt: skip
_KEPLER = frozenset({"3.5", "3.7"})
_LAST_WITH_KEPLER = (11, 8)
"""CUDA 12.0 dropped Kepler (its release notes, "Deprecated or Dropped Features")."""
FIRST_KNOWN, LAST_KNOWN = (11, 0), (13, 5)
"""The versions that the table is right for: older and newer compilers have to be asked."""


def compiled_by(version: str) -> tuple[str, ...] | None:
    """The architectures, without suffixes, that `nvcc --list-gpu-arch` of a version names; none for one not in the table.

    Args:
        version: such as `12.9` or `12.9.86`.
    """
    numbers = _numbers(version)
    if numbers is None or not FIRST_KNOWN <= numbers <= LAST_KNOWN:
        return None
    return tuple(one for one in _KNOWN if _compiles(one, numbers))


def _compiles(architecture: str, numbers: tuple[int, int]) -> bool:
    if architecture in _KEPLER:
        return numbers <= _LAST_WITH_KEPLER
    first, last = _numbers(oldest_toolkit(architecture)), _numbers(newest_toolkit(architecture) or "")
    return (first is None or first <= numbers) and (last is None or numbers <= last)


def _numbers(version: str) -> tuple[int, int] | None:
    parts = version.split(".")[:2]
    if len(parts) < 2 or not all(part.isascii() and part.isdigit() for part in parts):
        return None
    return int(parts[0]), int(parts[1])
