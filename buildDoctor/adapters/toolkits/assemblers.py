"""The triton of an environment, and the assemblers that it brings."""

from __future__ import annotations

from pathlib import Path

from buildDoctor.adapters.toolkits.versions import program_version, text_of
from buildDoctor.core.evidence import Origin, Triton

_FOLDER = "triton/backends/nvidia/bin"


def read_triton(packages: Path) -> tuple[Triton | None, tuple[Origin, ...]]:
    """The triton of a site-packages folder, and where its values stand; none when it is not there.

    Args:
        packages: the folder.
    """
    if not (packages / "triton" / "__init__.py").is_file():
        return None, ()
    ptxas = packages / _FOLDER / "ptxas"
    version = _version(packages)
    triton = Triton(
        version=version,
        ptxas=str(ptxas) if ptxas.is_file() else "",
        ptxas_version=program_version(ptxas) if ptxas.is_file() else "",
        blackwell_ptxas_version=program_version(packages / _FOLDER / "ptxas-blackwell") or "",
    )
    return triton, (Origin(path="triton", source=f"{packages}/triton, its programs"),)


def _version(packages: Path) -> str | None:
    """What the folder of its metadata says, or its own file."""
    names = sorted(path.name for path in packages.glob("triton-*.dist-info"))
    if names:
        return names[0].removesuffix(".dist-info").partition("-")[2]
    text = text_of(packages / "triton" / "__init__.py") or ""
    return text.partition("__version__ = '")[2].partition("'")[0] or None
