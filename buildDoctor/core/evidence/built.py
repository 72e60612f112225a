"""An extension of the plan beside the binary that was built from it."""

from __future__ import annotations

from msgspec import Struct

from buildDoctor.core.evidence.configured import SourceDifference


class ArchitectureCount(Struct, frozen=True, kw_only=True):
    """How many sources are planned for an architecture, and how many fatbins have it."""

    architecture: str | None = None
    """Such as `12.0a`, and `compute_90` for PTX."""
    planned: int | None = None
    """The planned sources."""
    found: int | None = None
    """The fatbins of the binary."""


class BuiltExtension(Struct, frozen=True, kw_only=True):
    """An extension of the plan, as an examined binary has it."""

    extension: str | None = None
    """The target's name, such as `_C`."""
    binary: str | None = None
    """The file."""
    compared_by: str | None = None
    """`names` where the symbol table says which source each fatbin is compiled from, else `counts`."""
    counts: tuple[ArchitectureCount, ...] | None = None
    """The architectures of plan and binary."""
    differences: tuple[SourceDifference, ...] | None = None
    """The sources that are compiled for other architectures than planned; only by names."""
    missing: tuple[str, ...] | None = None
    """The planned sources that are not in the file at all; only by names, for a source without kernels has no fatbin."""
    generated: int | None = None
    """How many fatbins are compiled from sources that a script writes while configuring; only by names."""
    unplanned: tuple[str, ...] | None = None
    """The other sources, without folder, that fatbins are compiled from and the plan does not have; only by names."""
