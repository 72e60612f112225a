"""What torch's build helper, `torch.utils.cpp_extension`, adds to the compiler's flags of an extension.

It adds nothing when a flag of the extension holds the letters `arch`. Else it takes TORCH_CUDA_ARCH_LIST, and without
that the GPUs that it sees. An architecture that is not in its own list ends the build.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from buildDoctor.core.device.architectures import ArchitectureError, parse, parse_capability

_PTX = "+PTX"


class ExtensionHelper(Struct, frozen=True, kw_only=True):
    """The lists of one torch's cpp_extension."""

    architectures: tuple[str, ...]
    """What it accepts, such as `9.0a`; each also with `+PTX`."""
    names: tuple[tuple[str, str], ...] = ()
    """Names that stand for architectures, such as `Ampere` for `8.0;8.6+PTX`, in the order of their replacement."""


class Added(Struct, frozen=True, kw_only=True):
    """The architectures that the helper adds."""

    architectures: tuple[str, ...] | None
    """Nothing when it cannot be said, or when the build ends."""
    unknown: tuple[str, ...] = ()
    """What torch does not know."""
    doubt: str = ""
    """Why it cannot be said."""


def added_for_list(text: str, helper: ExtensionHelper | None) -> Added:
    """What the helper makes of a TORCH_CUDA_ARCH_LIST that is not empty.

    Args:
        text: elements between spaces or semicolons; a comma is no separator here.
        helper: torch's lists, if they were seen.
    """
    text = text.replace(" ", ";")
    for name, stands_for in helper.names if helper else ():
        text = text.replace(name, stands_for)
    elements = text.split(";")
    if helper is None:
        strange = [element for element in elements if not _is_architecture(element)]
        if strange:
            return Added(architectures=None, doubt=f"what torch makes of {', '.join(map(repr, strange))} is not known")
        return Added(architectures=merged(elements))
    unknown = tuple(element for element in elements if element.removesuffix(_PTX) not in helper.architectures)
    if unknown:
        return Added(architectures=None, unknown=unknown, doubt=f"this torch does not know {', '.join(unknown)}")
    return Added(architectures=merged(elements))


def added_for_gpus(capabilities: Iterable[str], torch_architectures: tuple[str, ...] | None) -> Added:
    """What the helper makes of the GPUs that it sees: each capped by torch's newest architecture, the last with PTX.

    Args:
        capabilities: those of the GPUs.
        torch_architectures: what torch was built for, such as `sm_90`; without it nothing is capped.
    """
    cubins = [parse(text) for text in torch_architectures or () if text.startswith("sm_")]
    newest = max(((a.major, a.minor) for a in cubins), default=None)
    pairs = [parse_capability(text) for text in capabilities]
    capped = [min(newest, pair) if newest else pair for pair in pairs]
    # Its order is that of texts, so that `12.0` comes before `9.0`, which then gets the PTX.
    found = sorted({f"{major}.{minor}" for major, minor in capped})
    if not found:
        return Added(
            architectures=None, doubt="torch sees no GPU and TORCH_CUDA_ARCH_LIST is not set: its helper then fails"
        )
    return Added(architectures=(*found[:-1], found[-1] + _PTX))


def merged(architectures: Iterable[str]) -> tuple[str, ...]:
    """Each architecture once: `9.0` and `9.0+PTX` are one."""
    kept = dict.fromkeys(architectures)
    return tuple(a for a in kept if f"{a}{_PTX}" not in kept)


def _is_architecture(text: str) -> bool:
    try:
        return not text.startswith(("sm_", "compute_")) and bool(parse(text))
    except ArchitectureError:
        return False
