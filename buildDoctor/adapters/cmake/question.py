"""What a build plan is asked with: the things that the machine may lack."""

from __future__ import annotations

import re
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from buildDoctor.core.device.architectures import ArchitectureError, parse


class Question(Struct, frozen=True, kw_only=True):
    """The build that is asked about."""

    cuda: str
    """The toolkit's version, such as `12.9`."""
    request: tuple[str, ...]
    """The architectures it is asked for, such as `9.0`, `12.0a`, `9.0+PTX`."""
    torch: str = ""
    """torch's version, or nothing."""
    named: str = ""
    """TORCH_CUDA_ARCH_LIST as it is written, where it names architectures in torch's own words, such as `Hopper`."""
    detects: bool = False
    """Whether no list is stated: the build then looks for GPUs itself, and finds those of the request."""
    torch_script: Path | None = None
    """The script of the examined torch that makes flags of the request; without it the usual way is assumed."""
    definitions: tuple[tuple[str, str], ...] = ()
    """What CMake is told by `-D`, such as `GGML_CUDA` and `ON`."""
    hip: bool = False
    """Whether the build is for HIP (ROCm), as a torch that was built for it says."""
    hip_request: tuple[str, ...] = ()
    """The AMD architectures that a build for HIP is asked for, such as `gfx942`."""

    def asking(self, request: tuple[str, ...]) -> Question:
        """The same build with another request."""
        return replace(self, request=request, named="", detects=False)


def compiler_version(cuda: str) -> str:
    """The version that nvcc reports for a toolkit: three numbers, the last above zero.

    Scripts compare it strictly (`VERSION_GREATER 12.8`), so `12.8` alone would answer differently from any real nvcc.
    """
    return cuda if cuda.count(".") > 1 else f"{cuda}.1"


def gencode_flags(request: tuple[str, ...]) -> str:
    """The `-gencode` flags that torch's CMake makes of TORCH_CUDA_ARCH_LIST.

    Raises:
        ArchitectureError: an element is no architecture.
    """
    flags = []
    for text in request:
        target = parse(text)
        flags.append(f"-gencode arch=compute_{target.number},code=sm_{target.number}")
        if target.ptx:
            flags.append(f"-gencode arch=compute_{target.number},code=compute_{target.number}")
    return " ".join(flags)


_NAMES = {
    "Pascal": "6.0 6.1", "Volta": "7.0", "Volta+Tegra": "7.2", "Turing": "7.5", "Ampere": "8.0 8.6",
    "Ampere+Tegra": "8.7", "Ada": "8.9", "Hopper": "9.0", "Blackwell": "10.0 12.0", "Blackwell+Tegra": "10.1",
}  # fmt: skip
"""What torch's names of architectures stand for, since it knows Blackwell."""
_DECIDED_BY_TORCH = frozenset({"All", "Common", "Auto"})
_PTX = "+PTX"
_DEFINITION = re.compile(r"-D(?P<name>[A-Za-z_][\w.-]*)(?::[A-Z]+)?=(?P<value>.*)", re.ASCII | re.DOTALL)
_OWN_NAMES = ("BUILD_DOCTOR_", "_build_doctor_")


def split_request(text: str) -> tuple[str, ...]:
    """The elements of a TORCH_CUDA_ARCH_LIST: separated by spaces, commas or semicolons.

    A name such as `Hopper` is what it stands for. `All`, `Common` and `Auto` alone stand for lists that torch has: they
    give nothing here.

    Raises:
        ArchitectureError: an element is no architecture, or there is none.
    """
    found = tuple(text.replace(";", " ").replace(",", " ").split())
    if not found:
        raise ArchitectureError("no architecture is named: write for example 8.0 9.0 12.0+PTX")
    if len(found) == 1 and found[0] in _DECIDED_BY_TORCH:
        return ()
    return tuple(dict.fromkeys(parse(one).dotted for item in found for one in _meant_by(item)))


def names_in(text: str) -> str:
    """A TORCH_CUDA_ARCH_LIST in torch's own form when it holds names, else nothing."""
    found = text.replace(";", " ").replace(",", " ").split()
    holds = any(one.removesuffix(_PTX) in _NAMES or one in _DECIDED_BY_TORCH for one in found)
    return " ".join(found) if holds else ""


def _meant_by(item: str) -> list[str]:
    """The architectures that an element of the list stands for."""
    name, suffix = (item.removesuffix(_PTX), _PTX) if item.endswith(_PTX) else (item, "")
    return [f"{one}{suffix}" for one in _NAMES[name].split()] if name in _NAMES else [item]


def definitions_in(arguments: str) -> tuple[tuple[str, str], ...]:
    """The `-D` definitions among the arguments of a CMake command line, such as the variable CMAKE_ARGS holds them."""
    import shlex  # noqa: PLC0415  most builds state none

    try:
        words = shlex.split(arguments)
    except ValueError:
        return ()
    joined = [f"-D{after}" if word == "-D" else word for word, after in zip(words, [*words[1:], ""], strict=False)]
    found = [match for word in joined if (match := _DEFINITION.fullmatch(word))]
    return tuple((match["name"], match["value"]) for match in found if not match["name"].startswith(_OWN_NAMES))
