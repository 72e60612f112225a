"""The value of CMake's CUDA_ARCHITECTURES as architectures.

Its forms are those of the property's documentation: `90` is machine code and PTX, `90-real` machine code, `90-virtual`
PTX; `all` and `all-major` stand for lists of CMake's own, `native` for the GPUs of the machine that configures, and a false
value for no flags at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from msgspec import Struct

from buildDoctor.core.device.architectures import ArchitectureError, parse
from buildDoctor.core.plan.torch_helper import merged

_ELEMENT = re.compile(r"(?P<number>\d{2,3}[af]?)(?:-(?P<kind>real|virtual))?", re.ASCII)
_FALSE = frozenset({"OFF", "NO", "FALSE", "N", "0", "IGNORE", "NOTFOUND"})


class Decided(Struct, frozen=True, kw_only=True):
    """What a value decides."""

    architectures: tuple[str, ...] | None
    """Empty when it adds no flag, nothing when it cannot be said."""
    doubt: str = ""
    """Why it cannot be said."""


def decided_by_property(value: str, named: Mapping[str, str], native: Iterable[str] | None = None) -> Decided:
    """What a CUDA_ARCHITECTURES property decides.

    Args:
        value: the property.
        named: CMake's own lists for this toolkit, by the names `all` and `all-major`.
        native: the capabilities of the machine that configures, where they are known.
    """
    if value.upper() in _FALSE:
        return Decided(architectures=())
    if value == "native":
        if not native:
            return Decided(
                architectures=None, doubt="`native` stands for the GPUs of the machine that builds; state --gpu"
            )
        return Decided(architectures=tuple(native))
    if value in {"all", "all-major"}:
        listed = named.get(value, "")
        if not listed:
            return Decided(architectures=None, doubt=f"what CMake's `{value}` stands for was not seen")
        value = listed
    return _listed(value)


def _listed(value: str) -> Decided:
    found: list[str] = []
    for element in filter(None, value.split(";")):
        match = _ELEMENT.fullmatch(element)
        if match is None:
            return Decided(architectures=None, doubt=f"CMake takes no CUDA_ARCHITECTURES such as {element!r}")
        virtual = f"compute_{match['number']}"
        dotted = parse(f"sm_{match['number']}").dotted
        found.append({"real": dotted, "virtual": virtual}.get(match["kind"], f"{dotted}+PTX"))
    return Decided(architectures=with_ptx_joined(found))


def with_ptx_joined(architectures: Iterable[str]) -> tuple[str, ...]:
    """Each architecture once; PTX joins the cubin of the same architecture: `9.0` and `compute_90` are `9.0+PTX`."""
    given = tuple(dict.fromkeys(architectures))
    virtual = {base: one for one in given if (base := _base_of_ptx(one))}
    cubins = {one.removesuffix("+PTX") for one in given if one not in virtual.values()}
    return merged(
        f"{one}+PTX" if one in virtual else one
        for one in given
        if not (one in virtual.values() and _base_of_ptx(one) in cubins)
    )


def _base_of_ptx(text: str) -> str:
    """`9.0` of `compute_90`; empty for anything else."""
    try:
        return parse(text).dotted.removesuffix("+PTX") if text.startswith("compute_") else ""
    except ArchitectureError:
        return ""


def as_cmake_list(request: Iterable[str]) -> str:
    """A request in CMake's form: `9.0` is `90-real`, `9.0+PTX` is `90`."""
    parsed = [parse(one) for one in request]
    return ";".join(one.number if one.ptx else f"{one.number}-real" for one in parsed)
