"""A prediction from the few facts that are kept of each program of a device run."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from buildDoctor.core.device.architectures import Verdict
from buildDoctor.core.device.matrix import kernel_matrix
from buildDoctor.core.evidence import Binary, DeviceSection, Kernel, Unit

KERNEL = "answer"
"""Stands in the name of the kernel of every program."""
RUNS = (Verdict.NATIVE, Verdict.FAMILY, Verdict.JIT)
"""The verdicts with which a program must succeed; with the others it must fail."""
Facts = dict[str, Any]


def verdict(units: list[Facts], capability: str) -> Verdict:
    """What the kernel is to a capability, by the matrix."""
    (row,) = kernel_matrix(rebuilt(units), (capability,)) or (None,)
    return row.verdicts[0] if row else Verdict.NONE


def rebuilt(units: list[Facts]) -> Binary:
    """A binary with nothing but the facts that were kept, and the kernel in the one unit that is its own."""
    loaded = [unit for unit in units if unit["reached"] == "loaded"]
    linked = [unit for unit in units if unit["reached"] == "device-link"]
    # A program whose images all lack the kernel still launches it, from its first unit with any image.
    own = [number for number, unit in enumerate(loaded) if unit["kernel_cubins"] or unit["kernel_ptx"]] or [0]
    section = DeviceSection(
        name="__nv_relfatbin", reached="device-link", units=_units(linked), kernels=_kernels(linked, range(len(linked)))
    )
    return Binary(units=_units(loaded), kernels=_kernels(loaded, own[:1]), other_sections=(section,) if linked else ())


def _units(facts_of: list[Facts]) -> tuple[Unit, ...]:
    return tuple(
        Unit(index=number, cubins=tuple(unit["cubins"]), ptx=tuple(unit["ptx"]), kernel_count=unit["kernels"])
        for number, unit in enumerate(facts_of)
    )


def _kernels(facts_of: list[Facts], numbers: Iterable[int]) -> tuple[Kernel, ...]:
    return tuple(
        Kernel(
            name=KERNEL,
            unit=number,
            cubins=tuple(facts_of[number]["kernel_cubins"]),
            ptx=tuple(facts_of[number]["kernel_ptx"]),
            registered=facts_of[number].get("registered"),
        )
        for number in numbers
        if number < len(facts_of)
    )
