"""Translation units: what each is compiled for, and what of them runs where."""

from __future__ import annotations

from collections import Counter, defaultdict

from buildDoctor.core.device.architectures import Verdict
from buildDoctor.core.device.serving import BEST_FIRST, best
from buildDoctor.core.evidence import Binary, Unit
from buildDoctor.faces.cli.tables import table


def unit_table(binary: Binary, capabilities: tuple[str, ...], architecture: str | None, width: int) -> str:
    """One row for each translation unit.

    Args:
        binary: the file.
        capabilities: those whose GPUs the user asks about.
        architecture: only units that are made for this one; `9.0+PTX` for PTX.
        width: the columns of the terminal.
    """
    sizes: Counter[int | None] = Counter()
    for image in binary.images or ():
        sizes[image.unit] += image.size_bytes or 0
    rows = [
        (
            str(unit.index),
            "?" if unit.kernel_count is None else str(unit.kernel_count),
            f"{sizes[unit.index]:,}",
            *(verdict_of(unit, capability) for capability in capabilities),
            ", ".join(_architectures(unit)) or "nothing",
        )
        for unit in binary.units or ()
        if architecture is None or architecture in _architectures(unit)
    ]
    if not rows:
        return f"no unit is made for {architecture}"
    return table(
        ("unit", "kernels", "bytes", *(f"on {c}" for c in capabilities), "made for"), rows, right=(0, 1, 2), width=width
    )


def _architectures(unit: Unit) -> tuple[str, ...]:
    return (*(unit.cubins or ()), *(f"{architecture}+PTX" for architecture in unit.ptx or ()))


def verdict_of(unit: Unit, capability: str) -> str:
    """The best that a unit has for a capability; a unit without kernels has nothing to run."""
    return "no kernels" if unit.kernel_count == 0 else best(unit.cubins or (), unit.ptx or (), capability).value


def verdict_table(units: tuple[Unit, ...], capabilities: tuple[str, ...]) -> str:
    """How many units with kernels run on each capability, and how."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for capability in capabilities:
        counts[capability] = Counter(verdict_of(unit, capability) for unit in units if unit.kernel_count)
    # Few GPUs have code that NVIDIA makes no promise about: elsewhere the word would only raise a question.
    promised = not any(counts[c][Verdict.NOT_PROMISED.value] for c in capabilities)
    columns = [verdict for verdict in BEST_FIRST if verdict is not Verdict.NOT_PROMISED or not promised]
    rows = [(c, *(str(counts[c][verdict.value]) for verdict in columns)) for c in capabilities]
    heads = ("units with kernels, on", *(verdict.value for verdict in columns))
    return table(heads, rows, right=range(1, len(columns) + 1))
