"""Whose a symbol is, and what its mangled name tells, without demangling it.

Itanium C++ ABI, section 5.1: names are written with their length before them, so that the tokens between them can be
told apart in one pass.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum


class Owner(StrEnum):
    """Where a symbol that a file expects is at home."""

    TORCH = "torch"
    CPP = "c++"
    CUDA = "cuda"
    PYTHON = "python"
    C = "c"
    OWN = "own"
    """A C++ function of no library that is known: the extension's own sources define it, or nothing does."""
    OTHER = "other"
    """A plain name of no library that is known."""


_LIBRARIES: tuple[tuple[re.Pattern[str], Owner], ...] = (
    (
        re.compile(r"lib(torch|c10|caffe2)(_(cpu|cuda|cuda_linalg|python|global_deps|nvrtc|gpu|hip))?\.so|libshm\.so"),
        Owner.TORCH,
    ),
    (re.compile(r"lib(stdc\+\+|gcc_s|gomp|c\+\+|c\+\+abi)\.so"), Owner.CPP),
    (
        re.compile(
            r"lib(cuda|cudart|cublas|cublasLt|cusparse|cusparseLt|cusolver|cufft|curand|cudnn\w*|nccl|nvrtc|nvJitLink"
            r"|nvidia-ml|nvToolsExt|cupti|cufile|npp\w*|cudss|nvshmem\w*)\.so"
        ),
        Owner.CUDA,
    ),
    (re.compile(r"libpython3[\w.]*\.so|libpython3"), Owner.PYTHON),
    (re.compile(r"lib(c|m|dl|rt|pthread|util|resolv)\.so|ld-linux[\w-]*\.so|libc\.musl"), Owner.C),
)
_TORCH_NAMESPACES = (
    "at", "c10", "c10d", "torch", "caffe2", "caffe", "gloo", "tensorpipe", "onnx_torch", "libkineto", "ao", "fbgemm",
    "at_cuda_detail", "pytorch_flash", "PyTorchMemEffAttention",
    # Extensions compile pybind11 in; what they leave open of it are the conversions that libtorch_python has.
    "pybind11",
)  # fmt: skip
_ROOTS = {
    **dict.fromkeys(_TORCH_NAMESPACES, Owner.TORCH),
    **dict.fromkeys(("std", "__gnu_cxx", "__cxxabiv1"), Owner.CPP),
}
_PLAIN: tuple[tuple[re.Pattern[str], Owner], ...] = (
    (re.compile(r"_?Py[A-Z_]"), Owner.PYTHON),
    (re.compile(r"(aoti_)?torch_|TH[PC][A-Z]"), Owner.TORCH),
    (re.compile(r"cu[A-Z]|cuda[A-Z]|__cuda|(cublas|cusparse|cusolver|cufft|curand|cudnn|nccl|nvrtc|nvml|nvtx|npp)[A-Z]|_*nvJitLink"), Owner.CUDA),
    (re.compile(r"__cxa_|__gxx_|__dynamic_cast|_Unwind_"), Owner.CPP),
    (re.compile(r"_ITM_|__gmon_start__|(__)?pthread_|__tls_|__stack_chk|dl(open|sym|error|addr|close)$"), Owner.C),
)  # fmt: skip
_ROOT_NAME = re.compile(
    r"_Z(?:T[VTISHW]|Th?n?\d+_|Tv\w+?_|GV|TC)?(?P<standard>St|S[abiosd])?(?P<nested>N[rVK]*[RO]?)?"
    r"(?P<inner>St|S[abiosd])?L?(?P<length>\d{1,4})?"
)
_OPERATORS_OF_MEMORY = re.compile(r"_Z(nw|na|dl|da)[A-Z]?")
_TYPE_INFORMATION_OF_A_BUILTIN = re.compile(r"_ZT[IS]P*K?[a-z]$")


_MANGLED = re.compile(r"_Z(?P<nested>N[rVK]*[RO]?)?L?")
_MANGLED_PART = re.compile(r"L?(?P<length>\d{1,4})")


def qualified_name(symbol: str) -> str:
    """The namespaces and the name of a mangled symbol, without template arguments and parameters; others stay as they are."""
    start = _MANGLED.match(symbol)
    if start is None:
        return symbol
    parts, position = [], start.end()
    while part := _MANGLED_PART.match(symbol, position):
        position = part.end() + int(part["length"])
        name = symbol[part.end() : position]
        # nvcc puts the file and a hash into the name of an anonymous namespace.
        parts.append("{anonymous}" if name.startswith("_GLOBAL__N_") else name)
        if not start["nested"]:
            break
    return "::".join(parts) + ("<…>" if symbol[position : position + 1] == "I" else "") if parts else symbol


def owner_of_library(name: str) -> Owner:
    """Whose a library is, by the name under which the loader looks for it."""
    return next((owner for pattern, owner in _LIBRARIES if pattern.match(name)), Owner.OTHER)


def owner_of(symbol: str, library: str = "") -> Owner:
    """Whose a symbol is.

    Args:
        symbol: Its name, mangled or plain.
        library: The library that the file's version table names for it; that is certain, where names are likely.
    """
    if library:
        return owner_of_library(library)
    if not symbol.startswith("_Z"):
        return next((owner for pattern, owner in _PLAIN if pattern.match(symbol)), Owner.OTHER)
    if _OPERATORS_OF_MEMORY.match(symbol) or _TYPE_INFORMATION_OF_A_BUILTIN.match(symbol):
        return Owner.CPP
    root = root_name(symbol)
    # libtorch_python has functions in no namespace, such as `THPVariable_Wrap`.
    return Owner.TORCH if root.startswith(("THP", "THC")) else _ROOTS.get(root, Owner.OWN)


def root_name(symbol: str) -> str:
    """The outermost name of a mangled symbol: a namespace, or the function itself when it is in none."""
    found = _ROOT_NAME.match(symbol)
    if found is None:
        return ""
    if found["standard"] or found["inner"]:
        return "std"
    length = int(found["length"] or 0)
    return symbol[found.end() : found.end() + length]


_TOKEN = re.compile(
    r"(?P<name>\d+)|(?P<old>Ss)|S[0-9A-Z]*_|T[0-9]*_|L[a-z]n?\d+(?:\.\d+)?E|A\d+_|f[pL]\d*_|.", re.DOTALL
)
_CXX11 = "cxx11"
_START_OF_TYPES = re.compile(r"_Z(?:T[VTISHW]|Thn?\d+_|Tvn?\d+_n?\d+_)?")
"""What stands before the name of a table or thunk: the S of `TS` begins no type, and the number of a thunk is no length."""


def string_abis(symbol: str) -> frozenset[str]:
    """Which `std::string` the types of a mangled symbol mean: `old` (`Ss`), `new` (`std::__cxx11`), both or none.

    libstdc++ has two strings since GCC 5, chosen by _GLIBCXX_USE_CXX11_ABI; the new one lives in an inline namespace.
    """
    if not symbol.startswith("_Z") or ("Ss" not in symbol and _CXX11 not in symbol):
        return frozenset()
    found: set[str] = set()
    start = _START_OF_TYPES.match(symbol)
    position = start.end() if start else 2
    while token := _TOKEN.match(symbol, position):
        position = token.end()
        if token["name"]:
            name = symbol[position : position + int(token["name"])]
            position += int(token["name"])
            # Abi tags (`B5cxx11`) belong to functions that return a new string.
            if name in (f"__{_CXX11}", _CXX11):
                found.add("new")
        elif token["old"]:
            found.add("old")
    return frozenset(found)


def cxx11_abi(symbols: Iterable[str]) -> str:
    """The C++ ABI that torch's symbols among these are for: `new`, `old`, `both`, or empty when none tells."""
    found = {abi for symbol in symbols if owner_of(symbol) is Owner.TORCH for abi in string_abis(symbol)}
    return "both" if len(found) > 1 else next(iter(found), "")


_CUDA_MAJOR = re.compile(r"lib(?:cudart|cublas|cublasLt|nvrtc|nvJitLink|cupti|nvblas|npp\w+)\.so\.(\d{1,3})")


def cuda_major(library: str) -> int | None:
    """The CUDA major version that a library's name carries; none for those that count in another way, as libcufft does."""
    found = _CUDA_MAJOR.match(library)
    return int(found[1]) if found else None


_EXTENSION_TAG = re.compile(r"\.(abi3|cpython-(?P<version>\d{2,3}t?)[\w-]*)\.so$")


def python_tag(path: str) -> str:
    """The Python ABI that a file's name states: `abi3`, `cp312`, `cp313t`, or empty when it states none."""
    found = _EXTENSION_TAG.search(path)
    if found is None:
        return ""
    return f"cp{found['version']}" if found["version"] else "abi3"
