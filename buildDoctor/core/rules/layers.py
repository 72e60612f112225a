"""The order of verdicts: what has to be right before what comes after it can be judged."""

from __future__ import annotations

from enum import StrEnum


class Layer(StrEnum):
    """What a fault is about. An earlier one is said first, for a later one cannot be put right before it."""

    HARDWARE = "hardware"
    """The GPU cannot do what is asked: a number format that its chip lacks."""
    TORCH = "torch"
    """torch itself has no code for the GPU."""
    DRIVER = "driver"
    """The driver, or the machine around it, does not take what it is given."""
    TOOLKIT = "toolkit"
    """The compiler cannot make what is asked for."""
    LOADER = "loader"
    """The file cannot be loaded: libraries, symbols, the C++ ABI."""
    PLAN = "plan"
    """The build scripts leave the architecture of a kernel out."""
    BINARY = "binary"
    """The file has no code of the kernel for the GPU."""
    RUNTIME = "runtime"
    """Everything is there, and the program chooses something else."""


_LAYERS = tuple(Layer)
_BY_FAMILY = {
    "machine": Layer.DRIVER,
    "model": Layer.HARDWARE,
    "environment": Layer.BINARY,
    **{str(layer): layer for layer in Layer},
}


def place_of(family: str, layer: Layer | None) -> int:
    """Where a rule stands in the order of verdicts; a family of no known layer comes last.

    Args:
        family: the rule's family.
        layer: the layer that it states, if it states one.
    """
    found = layer or _BY_FAMILY.get(family)
    return _LAYERS.index(found) if found else len(_LAYERS)
