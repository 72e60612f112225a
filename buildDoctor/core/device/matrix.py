"""Which kernel of a binary runs on which GPU, and how.

For each translation unit the driver takes one image: machine code if any of it runs, the nearest below the GPU, else
PTX; of two for the same chip the one that is for exactly this chip. A kernel that this image lacks is not there,
whatever other images hold, and one that the host side does not register cannot be launched. PTX serves its own unit
only, and a unit without kernels decides nothing. Checked on a real GPU: `tests/data/`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from msgspec import Struct

from buildDoctor.core.device.architectures import ArchitectureError, Verdict, cubin_verdict, parse, ptx_verdict
from buildDoctor.core.device.serving import BEST_FIRST
from buildDoctor.core.evidence import Binary, DeviceSection, Kernel, Unit

BY_LINK = "device-link"
"""How the images of separate compilation are reached."""

EXACT = "a"
"""The suffix of code for exactly one chip."""
FIRST_WITH_EXACT = (9, 0)
"""The first architecture with this suffix."""

Names = tuple[str, ...]


class Row(Struct, frozen=True):
    """One kernel of one translation unit, and what it is to each of some GPUs."""

    name: str
    """Mangled."""
    unit: int
    """The number of its translation unit."""
    verdicts: tuple[Verdict, ...]
    """One for each capability that was asked for, in the same order."""


def kernel_matrix(binary: Binary, capabilities: Sequence[str]) -> tuple[Row, ...]:
    """What each listed kernel of a binary is to each of some capabilities.

    Args:
        binary: A binary whose kernels were read.
        capabilities: Such as `12.0`.

    Raises:
        ArchitectureError: a capability is none.
    """
    units = {unit.index: unit for unit in binary.units or ()}
    linked = [_Linked(section, capabilities) for section in _relocatable(binary)]
    rows: list[Row] = []
    for kernel in binary.kernels or ():
        unit = units.get(kernel.unit, Unit())
        verdicts = (kernel_verdict(kernel, unit, capability) for capability in capabilities)
        rows.append(
            Row(
                kernel.name or "",
                kernel.unit or 0,
                tuple(
                    Verdict.JIT if verdict is Verdict.NONE and any(one.gives(kernel, at) for one in linked) else verdict
                    for at, verdict in enumerate(verdicts)
                ),
            )
        )
    return tuple(rows)


def kernel_verdict(kernel: Kernel, unit: Unit, capability: str) -> Verdict:
    """What a kernel of a translation unit is to a capability, by the images of its unit.

    One that is known not to be registered is nothing to any.

    Raises:
        ArchitectureError: the capability is none.
    """
    if kernel.registered is False:
        return Verdict.NONE
    return _verdict(kernel.cubins or (), kernel.ptx or (), unit.cubins or (), unit.ptx or (), capability)


def relinks(section: DeviceSection, capability: str) -> bool:
    """Whether the driver can join the images of separate compilation for a capability: each unit must have one.

    LTO-IR does not count: on a real GPU it gave nothing.
    """
    units = section.units or ()
    return bool(units) and all(
        _verdict(unit.cubins or (), unit.ptx or (), unit.cubins or (), unit.ptx or (), capability)
        in {Verdict.NATIVE, Verdict.FAMILY, Verdict.JIT}
        for unit in units
    )


@lru_cache(maxsize=1 << 14)
def _verdict(cubins: Names, ptx: Names, unit_cubins: Names, unit_ptx: Names, capability: str) -> Verdict:
    """What a kernel is to a capability. Most kernels of a binary are in the same images, so that few are worked out.

    Args:
        cubins: The architectures of the cubins that hold it.
        ptx: The virtual architectures of the PTX that holds it.
        unit_cubins: The architectures of all cubins of its unit.
        unit_ptx: The virtual architectures of all PTX of its unit.
        capability: What to judge for.
    """
    running = {name: verdict for name in unit_cubins if (verdict := _cubin(name, capability)) in BEST_FIRST[:2]}
    if running:
        nearest = max(map(_rank, running))
        held = [verdict for name, verdict in running.items() if _rank(name) == nearest and name in cubins]
        return min(held, key=BEST_FIRST.index, default=Verdict.NONE)
    compiled = [name for name in unit_ptx if _ptx(name, capability) is Verdict.JIT]
    if compiled:
        nearest = max(map(_rank, compiled))
        held_ptx = any(_rank(name) == nearest and name in ptx for name in compiled)
        return Verdict.JIT if held_ptx else Verdict.NONE
    promised = all(_cubin(name, capability) is not Verdict.NOT_PROMISED for name in cubins)
    return Verdict.NONE if promised else Verdict.NOT_PROMISED


def _cubin(name: str, capability: str) -> Verdict:
    """The verdict of a cubin; an architecture that is none, as in a damaged file, runs nowhere."""
    try:
        parse(name)
    except ArchitectureError:
        return Verdict.NONE
    return cubin_verdict(name, capability)


def _ptx(name: str, capability: str) -> Verdict:
    """The verdict of PTX, as above."""
    try:
        architecture = parse(name)
    except ArchitectureError:
        return Verdict.NONE
    # There is no such target before 9.0, so that the mark of an image says nothing: the driver compiled PTX for 8.0.
    is_chip = architecture.suffix == EXACT and (architecture.major, architecture.minor) < FIRST_WITH_EXACT
    return ptx_verdict(architecture.base if is_chip else name, capability)


def _rank(name: str) -> tuple[int, int, bool]:
    """The order in which the driver prefers images that run: the nearest below the GPU is the highest."""
    architecture = parse(name)
    return architecture.major, architecture.minor, architecture.suffix == EXACT


def _relocatable(binary: Binary) -> list[DeviceSection]:
    """The sections of separate compilation."""
    return [section for section in binary.other_sections or () if section.reached == BY_LINK]


class _Linked:
    """What a device link by the driver gives for some capabilities."""

    def __init__(self, section: DeviceSection, capabilities: Sequence[str]) -> None:
        self._names = {kernel.name for kernel in section.kernels or ()}
        self._relinks = [relinks(section, capability) for capability in capabilities]

    def gives(self, kernel: Kernel, at: int) -> bool:
        """Whether it gives a kernel for the capability of a number."""
        return self._relinks[at] and kernel.name in self._names and kernel.registered is not False
