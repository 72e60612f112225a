"""Which code runs on which GPU.

The rules are NVIDIA's documented ones, checked against the acceptance of two versions of ptxas and against a real GPU
(`tests/data/`). Where NVIDIA promises nothing, the answer is *not promised* instead of a guess.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache

from msgspec import Struct

_DOTTED = re.compile(r"(?P<major>\d{1,2})\.(?P<minor>\d)(?P<suffix>[af]?)(?P<ptx>\+PTX)?", re.ASCII)
_NUMBERED = re.compile(r"(?P<kind>sm|compute)_(?P<number>\d{2,3})(?P<suffix>[af]?)", re.ASCII)
_CAPABILITY = re.compile(r"(\d{1,2})\.(\d)", re.ASCII)
_CAPABILITIES = re.compile(r"\d{1,2}\.\d(?:\s+\d{1,2}\.\d)+", re.ASCII)
_NUMBER = re.compile(r"(?:(?:sm|compute|cc)[ _]?)?(\d{1,2}\.\d|\d{1,3})[af]?(?:\+PTX)?", re.ASCII | re.IGNORECASE)
_LEAST_OF_TWO = 20
_ASK_FOR_IT = "nvidia-smi --query-gpu=compute_cap --format=csv says it where the GPU is"

# One chip, two names: the toolkits 12.8 and 12.9 call Thor 10.1, from 13.0 on it is 11.0.
_FAMILIES: tuple[tuple[str, ...], ...] = (("10.0", "10.3", "10.7"), ("10.1",), ("11.0",), ("12.0", "12.1"))

# Embedded parts: NVIDIA promises binary compatibility for desktop parts only, and 8.8 is listed nowhere.
_EXACT_ONLY = frozenset({"5.3", "6.2", "7.2", "8.7", "8.8", "10.1", "11.0"})

_OLDEST_TOOLKIT = {
    "7.5": "10.0", "8.0": "11.0", "8.6": "11.1", "8.7": "11.4", "8.8": "13.0", "8.9": "11.8", "9.0": "11.8",
    "10.0": "12.8", "10.1": "12.8", "10.3": "12.9", "10.7": "13.4", "11.0": "13.0", "12.0": "12.8", "12.1": "12.9",
}  # fmt: skip
_OLDEST_SUFFIXED = {("9.0", "a"): "12.0"}
_OLDEST_FAMILY = "12.9"
_NEWEST_TOOLKIT = {"10.1": "12.9"}
_NEWEST_BEFORE_TURING = "12.9"


class ArchitectureError(ValueError):
    """A text that is no architecture or capability."""


class Verdict(StrEnum):
    """What an image is to a GPU."""

    NATIVE = "native"
    """Machine code that runs as it is."""
    FAMILY = "family"
    """Machine code for the GPU's family (`f`) that runs as it is."""
    JIT = "jit"
    """PTX that the driver compiles when it is loaded."""
    NOT_PROMISED = "not-promised"
    """It may run; NVIDIA does not promise it."""
    NONE = "none"
    """It does not run."""


class Architecture(Struct, frozen=True, order=True):
    """A compilation target such as `12.0a`."""

    major: int
    minor: int
    suffix: str = ""
    """`a`: exactly this chip. `f`: its family. Empty: this chip and later ones of its major version."""
    ptx: bool = False
    """Whether it says `+PTX`, or stands for PTX alone (`compute_90`)."""

    @property
    def base(self) -> str:
        """The number alone: `12.0`."""
        return f"{self.major}.{self.minor}"

    @property
    def dotted(self) -> str:
        """The normal form: `12.0a`, `9.0+PTX`."""
        return f"{self.base}{self.suffix}{'+PTX' if self.ptx else ''}"

    @property
    def number(self) -> str:
        """The form of the compiler's options, without prefix: `120a`."""
        return f"{self.major}{self.minor}{self.suffix}"


@lru_cache(maxsize=4096)
def parse(text: str) -> Architecture:
    """The architecture that a text names.

    Args:
        text: `12.0`, `12.0a`, `12.0f`, `9.0+PTX`, `sm_120a` or `compute_90` (whose result says `ptx`).

    Raises:
        ArchitectureError: the text is none of these.
    """
    if found := _DOTTED.fullmatch(text):
        return Architecture(int(found["major"]), int(found["minor"]), found["suffix"], found["ptx"] is not None)
    if found := _NUMBERED.fullmatch(text):
        number = found["number"]
        return Architecture(int(number[:-1]), int(number[-1]), found["suffix"], found["kind"] == "compute")
    raise ArchitectureError(f"{text!r} is not an NVIDIA architecture: write 12.0, 12.0a, 12.0f, 9.0+PTX or sm_120a")


def parse_capability(text: str) -> tuple[int, int]:
    """The major and minor number of a compute capability such as `12.0`.

    Raises:
        ArchitectureError: the text is no capability; a suffix is not part of one.
    """
    if found := _CAPABILITY.fullmatch(text):
        return int(found[1]), int(found[2])
    meant = _capability_near(text)
    advice = f"; did you mean {meant}?" if meant else f": write two numbers with a dot, such as 12.0; {_ASK_FOR_IT}"
    raise ArchitectureError(f"{text!r} is not a compute capability{advice}")


def capabilities_in(text: str) -> tuple[str, ...]:
    """The capabilities of a list such as `12.0,10.3`, each once; semicolons and spaces part them as well.

    Raises:
        ArchitectureError: one of them is none.
    """
    parts = [part.strip() for part in re.split("[,;]", text) if part.strip()]
    # The name of a GPU has spaces in it, and is told as a whole.
    words = [word for part in parts for word in (part.split() if _CAPABILITIES.fullmatch(part) else [part])]
    for word in words:
        parse_capability(word)
    return tuple(dict.fromkeys(words))


def _capability_near(text: str) -> str | None:
    """The capability that was meant by an architecture, a number without its dot, or the name of a GPU."""
    if found := _NUMBER.fullmatch(text):
        number = found[1]
        if "." in number:
            return number
        # 12 is the beginning of 12.0, and 90 is 9.0.
        return f"{number}.0" if int(number) < _LEAST_OF_TWO else f"{number[:-1]}.{number[-1]}"
    from buildDoctor.core.device.gpu_names import capability_of_name  # noqa: PLC0415  a table that only a mistake needs

    names = (text, text.upper(), f"RTX {text}")
    return next(filter(None, map(capability_of_name, names)), None)


def cubin_verdict(architecture: str, capability: str) -> Verdict:
    """What machine code for an architecture is to a GPU of a capability."""
    target = parse(architecture)
    major, minor = parse_capability(capability)
    if target.suffix == "f":
        return Verdict.FAMILY if _in_family(target, capability) else Verdict.NONE
    exact = (target.major, target.minor) == (major, minor)
    if exact:
        return Verdict.NATIVE
    if target.suffix == "a" or target.major != major or minor < target.minor:
        return Verdict.NONE
    # Only 10.1 was renamed within its major version: nothing else of 10.x is code for it, nor is it code for them.
    if "10.1" in (target.base, capability):
        return Verdict.NONE
    return Verdict.NOT_PROMISED if {target.base, capability} & _EXACT_ONLY else Verdict.NATIVE


def ptx_verdict(architecture: str, capability: str) -> Verdict:
    """What PTX for a virtual architecture is to a GPU of a capability, given a driver that knows the PTX version."""
    target = parse(architecture)
    reached = parse_capability(capability)
    if target.suffix == "a":
        runs = (target.major, target.minor) == reached
    elif target.suffix == "f":
        runs = _in_family(target, capability)
    else:
        runs = reached >= (target.major, target.minor)
    return Verdict.JIT if runs else Verdict.NONE


def _in_family(target: Architecture, capability: str) -> bool:
    """Whether a capability is of the family of an `f` target, and not before it."""
    return any(target.base in family and capability in family[family.index(target.base) :] for family in _FAMILIES)


def oldest_toolkit(architecture: str) -> str:
    """The first CUDA version whose nvcc compiles for an architecture; `0` when it is older than this table."""
    target = parse(architecture)
    first = _OLDEST_SUFFIXED.get((target.base, target.suffix), _OLDEST_TOOLKIT.get(target.base, "0"))
    if target.suffix == "f" and tuple(map(int, first.split("."))) < tuple(map(int, _OLDEST_FAMILY.split("."))):
        return _OLDEST_FAMILY
    return first


def newest_toolkit(architecture: str) -> str | None:
    """The last CUDA version whose nvcc compiles for an architecture; `None` while it still does."""
    target = parse(architecture)
    if (target.major, target.minor) < (7, 5):
        return _NEWEST_BEFORE_TURING
    return _NEWEST_TOOLKIT.get(target.base)
