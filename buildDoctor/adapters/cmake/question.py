"""What a build plan is asked with: the things that the machine may lack."""

from __future__ import annotations

from dataclasses import dataclass

from buildDoctor.core.architectures import ArchitectureError, parse


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """The build that is asked about."""

    cuda: str
    """The toolkit's version, such as `12.9`."""
    request: tuple[str, ...]
    """The architectures it is asked for, such as `9.0`, `12.0a`, `9.0+PTX`."""
    torch: str = ""
    """torch's version, or nothing."""


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


def split_request(text: str) -> tuple[str, ...]:
    """The elements of a TORCH_CUDA_ARCH_LIST: separated by spaces, commas or semicolons.

    Raises:
        ArchitectureError: an element is no architecture, or there is none.
    """
    found = tuple(text.replace(";", " ").replace(",", " ").split())
    if not found:
        raise ArchitectureError("no architecture is named: write for example 8.0 9.0 12.0+PTX")
    return tuple(parse(item).dotted for item in found)
