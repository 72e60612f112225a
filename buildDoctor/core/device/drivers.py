"""Which CUDA belongs to a driver and to a version of PTX."""

from __future__ import annotations

import re

_BRANCHES = {
    450: "11.0", 455: "11.1", 460: "11.2", 465: "11.3", 470: "11.4", 495: "11.5", 510: "11.6", 515: "11.7", 520: "11.8",
    525: "12.0", 530: "12.1", 535: "12.2", 545: "12.3", 550: "12.4", 555: "12.5", 560: "12.6", 565: "12.7", 570: "12.8",
    575: "12.9", 580: "13.0", 590: "13.1",
}  # fmt: skip
"""The branches of the Linux driver, from the release notes of the CUDA toolkit ("Corresponding Driver Versions")."""
_PTX = re.compile(r"([789])\.(\d)")
_EXCEPTIONS = {"8.6": "12.7", "8.7": "12.8", "8.8": "12.9"}
"""CUDA 12.6 writes PTX 8.5, as 12.5 does; the others have the minor number of their CUDA."""


def cuda_of_driver(version: str) -> str | None:
    """The newest CUDA that a driver supports; none for a branch that is not known.

    Args:
        version: such as `580.65.06`.
    """
    branch = version.partition(".")[0]
    return _BRANCHES.get(int(branch)) if branch.isascii() and branch.isdigit() else None


def cuda_of_ptx(version: str) -> str | None:
    """The oldest CUDA whose driver compiles a version of PTX; none for one that is not known.

    PTX 7, 8 and 9 came with CUDA 11, 12 and 13.

    Args:
        version: as the directive `.version` has it, such as `8.8`.
    """
    found = _PTX.fullmatch(version)
    if found is None:
        return None
    return _EXCEPTIONS.get(version, f"{int(found[1]) + 4}.{found[2]}")
