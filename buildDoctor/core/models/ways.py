"""The ways to compute with a number format: which GPUs can, and which kernels do.

From which capability on tensor cores take a format is NVIDIA's table for the `mma` instructions (PTX ISA, "Warp Level
Matrix Instructions"): 8-bit integers from 7.5, `e4m3` from 8.9, 4-bit floats with block scales from 10.0. The lowest
capability of a way, and its kernels' names, are those of vLLM 0.8.5 to 0.33.0.
"""

from __future__ import annotations

import re
from enum import StrEnum

from msgspec import Struct


class Kind(StrEnum):
    """Where the kernels of a way come from."""

    OPERATIONS = "operations"
    """Entry points that build-doctor knows, in the extension."""
    KERNELS = "kernels"
    """Kernels of the extension, by their names."""
    RUN_TIME = "run-time"
    """They are compiled when they are used."""
    LIBRARY = "library"
    """torch brings them."""
    UNNAMED = "unnamed"
    """Kernels of the extension whose names do not tell them from others: what the build has is not judged."""


class Way(Struct, frozen=True, kw_only=True):
    """One way to compute with a format."""

    name: str
    needs: str
    native: bool
    kind: Kind
    operations: tuple[str, ...] = ()
    """The entry points that all must have a kernel."""
    kernel: tuple[str, ...] = ()
    """Parts that all stand in the mangled names of its kernels, in this order."""
    suffixed: bool = False
    """Whether only images for an architecture with a suffix do the work: compiled for a plain one, the kernel of CUTLASS for
    block-scaled products ends in an error (NVIDIA/cutlass#2451)."""
    sources: str = ""
    """Found in the paths of its source files, for a build that is only planned."""


def scalar(exponent: int, mantissa: int, *, signed: bool, bias: int = 0, finite: bool = False, nan: int = 1) -> str:
    """A number format as vLLM's kernels have it in their mangled names.

    The layout is that of `csrc/core/scalar_type.hpp`: from the lowest bit on 8 bits of exponent, 8 of mantissa, the sign,
    32 of bias, whether all values are finite, and 8 of what NaN looks like.
    """
    number = exponent | mantissa << 8 | int(signed) << 16 | bias << 17 | int(finite) << 49 | nan << 50
    return f"Ll{number}E"


E2M1 = scalar(2, 1, signed=True, finite=True, nan=0)
E4M3 = scalar(4, 3, signed=True, finite=True, nan=2)
E8M0 = scalar(8, 0, signed=False, finite=True, nan=2)
UINT4 = scalar(0, 4, signed=False)
UINT4_B8 = scalar(0, 4, signed=False, bias=8)
UINT8_B128 = scalar(0, 8, signed=False, bias=128)

_CUTLASS_FP4 = Way(
    name="cutlass", needs="10.0", native=True, kind=Kind.OPERATIONS, sources="nvfp4_scaled_mm", suffixed=True,
    operations=("scaled_fp4_quant", "cutlass_scaled_fp4_mm"),
)  # fmt: skip
_TORCH_FP8 = Way(name="torch", needs="8.9", native=True, kind=Kind.LIBRARY)


def _marlin(*scalars: str) -> Way:
    """Marlin turns weights back into 16 bits in registers, so that older GPUs can multiply them."""
    return Way(
        name="marlin", needs="7.5", native=False, kind=Kind.KERNELS, kernel=("arlin", *scalars), sources="marlin"
    )


WAYS: dict[tuple[str, bool], tuple[Way, ...]] = {
    ("nvfp4", False): (_CUTLASS_FP4, _marlin(E2M1, E4M3)),
    ("nvfp4", True): (_marlin(E2M1, E4M3),),
    ("mxfp4", False): (Way(name="triton", needs="10.0", native=True, kind=Kind.RUN_TIME), _marlin(E2M1, E8M0)),
    ("mxfp4", True): (Way(name="triton", needs="9.0", native=False, kind=Kind.RUN_TIME), _marlin(E2M1, E8M0)),
    ("mxfp8", False): (Way(name="cutlass", needs="10.0", native=True, kind=Kind.UNNAMED), _marlin(E4M3, E8M0)),
    ("mxfp8", True): (_marlin(E4M3, E8M0),),
    ("fp8", False): (
        Way(name="cutlass", needs="8.9", native=True, kind=Kind.KERNELS, kernel=("cutlass", "12float_e4m3_t"), sources="scaled_mm"),
        _TORCH_FP8,
        _marlin(E4M3),
    ),
    ("fp8", True): (_marlin(E4M3),),
    ("fp8-block", False): (
        Way(name="cutlass", needs="9.0", native=True, kind=Kind.UNNAMED),
        Way(name="triton", needs="8.9", native=True, kind=Kind.RUN_TIME),
        _marlin(E4M3),
    ),
    ("fp8-block", True): (_marlin(E4M3),),
    ("int8", False): (Way(name="cutlass", needs="7.5", native=True, kind=Kind.UNNAMED),),
    ("int8", True): (_marlin(UINT8_B128),),
    ("int4", True): (
        _marlin(UINT4_B8),
        Way(name="gptq", needs="6.0", native=False, kind=Kind.KERNELS, kernel=("4vllm4gptq",), sources="gptq"),
    ),
    ("awq", True): (
        _marlin(UINT4),
        Way(name="awq", needs="7.5", native=False, kind=Kind.KERNELS, kernel=("4vllm3awq",), sources="awq"),
    ),
    ("nf4", True): (
        Way(name="bitsandbytes", needs="6.0", native=False, kind=Kind.KERNELS, kernel=("gemm_4bit_inference",)),
    ),
}  # fmt: skip
"""The ways for the weights of a format, the preferred first; by its name and whether activations are left at 16 bits."""


def searched(ways: tuple[Way, ...]) -> re.Pattern[str] | None:
    """What to look for among the kernels of a file, to know which of these ways it has; none for nothing."""
    firsts = sorted({way.kernel[-1] for way in ways if way.kernel})
    return re.compile("|".join(map(re.escape, firsts))) if firsts else None
