"""How well code serves a GPU: the best that some images are to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from buildDoctor.core.device.architectures import ArchitectureError, Verdict, cubin_verdict, parse, ptx_verdict

BEST_FIRST = (Verdict.NATIVE, Verdict.FAMILY, Verdict.JIT, Verdict.NOT_PROMISED, Verdict.NONE)
"""From what runs as it is to what does not run."""
KNOWN_CAPABILITIES = ("7.0", "7.5", "8.0", "8.6", "8.9", "9.0", "10.0", "10.3", "11.0", "12.0", "12.1")
"""Of the GPUs that extensions are built for today."""


def best(cubins: Iterable[str], ptx: Iterable[str], capability: str) -> Verdict:
    """The best that images for some architectures are to a GPU of a capability.

    Args:
        cubins: the architectures of machine code; a text that names none is passed over.
        ptx: the virtual architectures of PTX.
        capability: the GPU's.
    """
    found = [_verdict(cubin_verdict, architecture, capability) for architecture in cubins]
    found += [_verdict(ptx_verdict, architecture, capability) for architecture in ptx]
    return min(found, key=BEST_FIRST.index, default=Verdict.NONE)


def _verdict(judge: Callable[[str, str], Verdict], architecture: str, capability: str) -> Verdict:
    try:
        return judge(architecture, capability)
    except ArchitectureError:
        return Verdict.NONE


def level(verdict: Verdict) -> int:
    """0 for code that runs as it is, natively or by family; higher for what is worse."""
    return max(0, BEST_FIRST.index(verdict) - 1)


def capabilities_of(architectures: Iterable[str]) -> tuple[str, ...]:
    """The capabilities of today's GPUs, and those that some architectures are made for, ascending."""
    bases = set(KNOWN_CAPABILITIES)
    for architecture in architectures:
        try:
            bases.add(parse(architecture).base)
        except ArchitectureError:
            continue
    return tuple(sorted(bases, key=lambda text: tuple(map(int, text.split(".")))))
