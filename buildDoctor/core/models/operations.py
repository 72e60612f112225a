"""The operations that build-doctor knows: what a user calls, and what must stand behind it for it to work.

Each is data, so that another operation is another element of `OPERATIONS`. Names are those of vLLM 0.8.5 to 0.33.0.
"""

from __future__ import annotations

import re

from msgspec import Struct


class Operation(Struct, frozen=True, kw_only=True):
    """A function that a user calls, and how its parts are recognised in a shared object."""

    name: str
    """As it is registered with torch, such as `scaled_fp4_quant`."""
    functions: tuple[str, ...]
    """The C++ functions that are registered under the name, by their plain names."""
    needs: str = "10.0"
    """The lowest compute capability whose hardware can do it: tensor cores for 4-bit floats came with 10.0."""
    launches: bool = True
    """False when it only answers a question and never has a kernel."""
    kernel: tuple[re.Pattern[str], ...] = ()
    """All found in the mangled names of its kernels. Simple ones, because names come from hostile files."""
    other_kernel: re.Pattern[str] | None = None
    """Found in those of the kernels that look alike but belong to another operation."""
    stub: re.Pattern[str] | None = None
    """Found in the error text that it carries where no kernel was compiled."""

    def is_implementation(self, function: str) -> bool:
        """Whether a plain function name is one for some architecture, such as `scaled_fp4_quant_sm1xxa`."""
        return bool(re.fullmatch(rf"{re.escape(self.name)}_sm\d\w*", function))

    def is_kernel(self, mangled: str) -> bool:
        """Whether a kernel of this name does the work of this operation."""
        if not self.kernel or not all(pattern.search(mangled) for pattern in self.kernel):
            return False
        return self.other_kernel is None or not self.other_kernel.search(mangled)


OPERATIONS: tuple[Operation, ...] = (
    Operation(
        name="cutlass_scaled_fp4_mm",
        functions=("cutlass_scaled_fp4_mm",),
        # A GEMM over NVFP4: 4-bit elements (e2m1) with 8-bit block scales (ue4m3); ue8m0 scales would be MXFP4.
        kernel=(re.compile("13GemmUniversal"), re.compile("12float_e2m1_t"), re.compile("13float_ue4m3_t")),
        # The grouped GEMM serves mixtures of experts.
        other_kernel=re.compile("GroupProblemShape"),
        stub=re.compile(r"No compiled nvfp4 mm\b"),
    ),
    Operation(
        name="scaled_fp4_quant",
        functions=("scaled_fp4_quant", "scaled_fp4_quant_func", "scaled_fp4_quant_out"),
        # The digit is the length of the name, so `silu_mul_cvt_fp16_to_fp4` is not meant.
        kernel=(re.compile(r"\dcvt_fp16_to_fp4(_sf_major)?I"),),
        # The variant for experts has the same name and, at the end, two more pointers and their number.
        other_kernel=re.compile(r"(S[0-9A-Z]{0,3}_){3}ib?$"),
        stub=re.compile(r"No compiled nvfp4 quantization\b"),
    ),
    Operation(
        name="cutlass_scaled_mm_supports_fp4",
        functions=("cutlass_scaled_mm_supports_fp4",),
        launches=False,
    ),
)
"""The matrix product, the conversion of its input, and the question whether they are there."""

HOST_WORD = "fp4"
"""In the plain names of the host functions that a report lists, in letters of either case."""
STUB_TEXT = b"No compiled "
"""Starts the texts with which vLLM's entry points say that a kernel is missing."""

MANGLED_START = re.compile(r"_Z(N[VKr]*)?")
MANGLED_PART = re.compile(r"L?(\d{1,4})(?!\d)")


def has_host_word(name: str) -> bool:
    """Whether a function of this name may be one that a report lists. An expression takes five times as long."""
    return HOST_WORD in name.lower()


def plain_name(symbol: str) -> str | None:
    """The name of a function without its namespaces, parameters and template arguments.

    None for what no user calls: parts that the compiler split off a function, as in `.cold`, kernel launchers of nvcc,
    and functions inside of functions. A symbol that is not mangled is its own name.

    Itanium C++ ABI, section 5.1.2: names are written with their length before them, nested ones between N and E.
    """
    if "." in symbol or "__device_stub_" in symbol:
        return None
    start = MANGLED_START.match(symbol)
    if start is None:
        return symbol
    position, name = start.end(), None
    while part := MANGLED_PART.match(symbol, position):
        position = part.end() + int(part[1])
        if position > len(symbol):
            return None
        name = symbol[part.end() : position]
        if not start[1]:
            break
    return name
