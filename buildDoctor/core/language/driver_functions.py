"""Functions over drivers and versions of PTX."""

from __future__ import annotations

from buildDoctor.core.device import drivers
from buildDoctor.core.language.errors import Unsure
from buildDoctor.core.language.schema import TEXT
from buildDoctor.core.language.signatures import Function


def _ptx_cuda(version: str) -> str:
    found = drivers.cuda_of_ptx(version)
    if found is None:
        raise Unsure(f"it is not known which CUDA PTX {version!r} came with")
    return found


DRIVER_FUNCTIONS = (
    Function(
        name="ptx_cuda",
        takes=(("version", TEXT),),
        gives=TEXT,
        about="The oldest CUDA whose driver compiles this version of PTX; unknown for one that is not known.",
        example="ptx_cuda('8.8')",
        answer="12.9",
        run=_ptx_cuda,
    ),
)
