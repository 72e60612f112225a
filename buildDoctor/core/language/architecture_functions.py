"""Functions over architectures and compute capabilities."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from buildDoctor.core.device import architectures
from buildDoctor.core.device.architectures import ArchitectureError, Verdict
from buildDoctor.core.language.errors import Unsure
from buildDoctor.core.language.schema import NUMBER, TEXT, TRUTH
from buildDoctor.core.language.signatures import Function

_MACRO_ARCHITECTURE = re.compile(r"_SM_?(\d{2,3})[afAF]?(?![0-9A-Za-z])")

_Arguments = ParamSpec("_Arguments")
_Result = TypeVar("_Result")


def _unsure_about_others(function: Callable[_Arguments, _Result]) -> Callable[_Arguments, _Result]:
    """The function, unsure about a text that is no architecture."""

    @wraps(function)
    def careful(*args: _Arguments.args, **kwargs: _Arguments.kwargs) -> _Result:
        try:
            return function(*args, **kwargs)
        except ArchitectureError as error:
            raise Unsure(str(error)) from None

    return careful


@_unsure_about_others
def _runs_on(architecture: str, capability: str) -> bool:
    verdict = architectures.cubin_verdict(architecture, capability)
    if verdict is Verdict.NOT_PROMISED:
        raise Unsure(f"NVIDIA does not promise that code for {architecture} runs on {capability}, nor that it does not")
    return verdict is not Verdict.NONE


@_unsure_about_others
def _jits_on(architecture: str, capability: str) -> bool:
    return architectures.ptx_verdict(architecture, capability) is Verdict.JIT


@_unsure_about_others
def _verdict(kind: str, architecture: str, capability: str) -> str:
    if kind == "cubin":
        return str(architectures.cubin_verdict(architecture, capability))
    if kind == "ptx":
        return str(architectures.ptx_verdict(architecture, capability))
    return str(Verdict.NONE)


@_unsure_about_others
def _base(architecture: str) -> str:
    return architectures.parse(architecture).base


@_unsure_about_others
def _suffix(architecture: str) -> str:
    return architectures.parse(architecture).suffix


@_unsure_about_others
def _dotted(text: str) -> str:
    parsed = architectures.parse(text)
    return parsed.base + parsed.suffix


@_unsure_about_others
def _is_virtual(text: str) -> bool:
    architectures.parse(text)
    return text.startswith("compute_")


@_unsure_about_others
def _major(architecture: str) -> int:
    return architectures.parse(architecture).major


@_unsure_about_others
def _minor(architecture: str) -> int:
    return architectures.parse(architecture).minor


@_unsure_about_others
def _oldest_toolkit(architecture: str) -> str:
    return architectures.oldest_toolkit(architecture)


@_unsure_about_others
def _newest_toolkit(architecture: str) -> str:
    return architectures.newest_toolkit(architecture) or ""


def _macro_family(definition: str) -> str:
    found = _MACRO_ARCHITECTURE.search(definition)
    return f"{int(found[1][:-1])}.{found[1][-1]}" if found else ""


_ARCHITECTURE = ("architecture", TEXT)
_CAPABILITY = ("capability", TEXT)

ARCHITECTURE_FUNCTIONS = (
    Function(
        name="runs_on",
        takes=(_ARCHITECTURE, _CAPABILITY),
        gives=TRUTH,
        about="Whether machine code for the architecture runs on a GPU of the capability; unknown when not promised.",
        example="runs_on('12.0a', '12.1')",
        answer=False,
        run=_runs_on,
    ),
    Function(
        name="jits_on",
        takes=(_ARCHITECTURE, _CAPABILITY),
        gives=TRUTH,
        about="Whether a driver can compile PTX for the architecture for a GPU of the capability.",
        example="jits_on('9.0', '12.0')",
        answer=True,
        run=_jits_on,
    ),
    Function(
        name="verdict",
        takes=(("kind", TEXT), _ARCHITECTURE, _CAPABILITY),
        gives=TEXT,
        about="What an image is to a GPU: 'native', 'family', 'jit', 'not-promised' or 'none'.",
        example="verdict('cubin', '12.0f', '12.1')",
        answer="family",
        run=_verdict,
    ),
    Function(
        name="base",
        takes=(_ARCHITECTURE,),
        gives=TEXT,
        about="The architecture without suffix and +PTX.",
        example="base('12.0a')",
        answer="12.0",
        run=_base,
    ),
    Function(
        name="suffix",
        takes=(_ARCHITECTURE,),
        gives=TEXT,
        about="The architecture's suffix: 'a', 'f' or empty.",
        example="suffix('12.0f')",
        answer="f",
        run=_suffix,
    ),
    Function(
        name="has_suffix",
        takes=(_ARCHITECTURE,),
        gives=TRUTH,
        about="Whether the architecture has a suffix.",
        example="has_suffix('9.0+PTX')",
        answer=False,
        run=lambda architecture: bool(_suffix(architecture)),
    ),
    Function(
        name="dotted",
        takes=(("text", TEXT),),
        gives=TEXT,
        about="The dotted form, without +PTX, of an architecture in any form.",
        example="dotted('sm_100')",
        answer="10.0",
        run=_dotted,
    ),
    Function(
        name="is_virtual",
        takes=(("text", TEXT),),
        gives=TRUTH,
        about="Whether the text names a virtual architecture (compute_…), whose code is PTX.",
        example="is_virtual('compute_120')",
        answer=True,
        run=_is_virtual,
    ),
    Function(
        name="major",
        takes=(_ARCHITECTURE,),
        gives=NUMBER,
        about="The number before the dot.",
        example="major('12.0a')",
        answer=12,
        run=_major,
    ),
    Function(
        name="minor",
        takes=(_ARCHITECTURE,),
        gives=NUMBER,
        about="The number after the dot.",
        example="minor('sm_103')",
        answer=3,
        run=_minor,
    ),
    Function(
        name="oldest_toolkit",
        takes=(_ARCHITECTURE,),
        gives=TEXT,
        about="The first CUDA version that compiles for the architecture.",
        example="oldest_toolkit('12.0f')",
        answer="12.9",
        run=_oldest_toolkit,
    ),
    Function(
        name="newest_toolkit",
        takes=(_ARCHITECTURE,),
        gives=TEXT,
        about="The last CUDA version that compiles for the architecture; empty when none has dropped it.",
        example="newest_toolkit('7.0')",
        answer="12.9",
        run=_newest_toolkit,
    ),
    Function(
        name="macro_family",
        takes=(("definition", TEXT),),
        gives=TEXT,
        about="The capability that a macro names by its _SM… part; empty when it names none.",
        example="macro_family('ENABLE_NVFP4_SM100=1')",
        answer="10.0",
        run=_macro_family,
    ),
)
