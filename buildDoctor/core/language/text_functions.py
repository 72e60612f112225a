"""Functions over text."""

from __future__ import annotations

import re
from functools import lru_cache

from buildDoctor.core.language.errors import Unsure
from buildDoctor.core.language.globs import glob_matcher
from buildDoctor.core.language.regexes import MAX_SUBJECT, Regex
from buildDoctor.core.language.schema import NUMBER, TEXT, TRUTH, ListOf
from buildDoctor.core.language.signatures import Function

_NUMBER = re.compile(r"-?\d{1,18}", re.ASCII)
_DRIVERS = re.compile(r"lib(cuda|nvidia-ml|nvcuvid|nvidia-encode)\.so")
_EVERY_BUILDS = re.compile(
    r"lib(cudart|cublas|cublasLt|cusparse|cusolver|cufft|curand|cudnn|nvrtc|nvJitLink|nccl|cupti|torch|c10|stdc\+\+|gcc_s|gomp|python3)"
)
_PLAIN_WORD = re.compile(r"[\w@%+=:,./-]+", re.ASCII)

_glob = lru_cache(maxsize=256)(glob_matcher)


def _matches(text: str, glob: str) -> bool:
    try:
        return _glob(glob)(text)
    except ValueError as error:
        raise Unsure(str(error)) from None


def _split(text: str, separator: str) -> tuple[str, ...]:
    if not separator:
        raise Unsure("an empty separator splits nothing")
    return tuple(text.split(separator))


def _number(text: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise Unsure(f"{text!r} is not a whole number")
    return int(text)


def _short_path(path: str) -> str:
    return path.rpartition("!")[2] if "!" in path else path.rpartition("/")[2]


def _listed(elements: tuple[str, ...], most: int) -> str:
    shown = elements if len(elements) <= most + 1 else elements[:most]
    left = len(elements) - len(shown)
    return f"{', '.join(shown)} and {left} more" if left else ", ".join(shown)


def _library_kind(name: str) -> str:
    if _DRIVERS.match(name):
        return "driver"
    return "common" if _EVERY_BUILDS.match(name) else "special"


def quoted_word(text: str) -> str:
    """A text as one word of a shell's command line."""
    # Between single quotes nothing has a meaning: the `!` of a file in a wheel has one between double quotes.
    return text if _PLAIN_WORD.fullmatch(text) else "'" + text.replace("'", "'\"'\"'") + "'"


TEXT_FUNCTIONS = (
    Function(
        name="matches",
        takes=(("text", TEXT), ("glob", TEXT)),
        gives=TRUTH,
        about="Whether the whole text fits the pattern: * any text, ? any character, [ab] one of these.",
        example="matches('scaled_fp4_quant', '*fp4*')",
        answer=True,
        run=_matches,
        prepare=glob_matcher,
    ),
    Function(
        name="like",
        takes=(("text", TEXT), ("regex", TEXT)),
        gives=TRUTH,
        about=f"Whether the regular expression is found in the first {MAX_SUBJECT} characters of the text.",
        example=r"like('ENABLE_NVFP4_SM100=1', r'NVFP4_SM1[02]\d')",
        answer=True,
        run=lambda text, regex: Regex(regex).found_in(text),
        prepare=lambda regex: Regex(regex).finder(),
        literal=True,
        per_character=True,
    ),
    Function(
        name="starts",
        takes=(("text", TEXT), ("prefix", TEXT)),
        gives=TRUTH,
        about="Whether the text starts with the prefix.",
        example="starts('sm_120', 'sm_')",
        answer=True,
        run=str.startswith,
    ),
    Function(
        name="ends",
        takes=(("text", TEXT), ("suffix", TEXT)),
        gives=TRUTH,
        about="Whether the text ends with the suffix.",
        example="ends('9.0+PTX', '+PTX')",
        answer=True,
        run=str.endswith,
    ),
    Function(
        name="short_path",
        takes=(("path", TEXT),),
        gives=TEXT,
        about="The last part of a path; of a file in a wheel the path inside the wheel.",
        example="short_path('vllm.whl!vllm/_C.abi3.so')",
        answer="vllm/_C.abi3.so",
        run=_short_path,
    ),
    Function(
        name="lower",
        takes=(("text", TEXT),),
        gives=TEXT,
        about="The text in small letters.",
        example="lower('NVFP4')",
        answer="nvfp4",
        run=str.lower,
    ),
    Function(
        name="join",
        takes=(("list", ListOf(TEXT)), ("separator", TEXT)),
        gives=TEXT,
        about="The elements as one text, with the separator between them.",
        example="join(['9.0', '12.0'], ';')",
        answer="9.0;12.0",
        run=lambda elements, separator: separator.join(elements),
    ),
    Function(
        name="listed",
        takes=(("list", ListOf(TEXT)), ("most", NUMBER)),
        gives=TEXT,
        about="The elements with commas; of more than so many and one, how many are left out.",
        example="listed(['a', 'b', 'c', 'd'], 2)",
        answer="a, b and 2 more",
        run=_listed,
    ),
    Function(
        name="quoted",
        takes=(("text", TEXT),),
        gives=TEXT,
        about="The text as one word of a shell's command line.",
        example="quoted('vllm.whl!vllm/_C.abi3.so')",
        answer="'vllm.whl!vllm/_C.abi3.so'",
        run=quoted_word,
    ),
    Function(
        name="library_kind",
        takes=(("name", TEXT),),
        gives=TEXT,
        about="Whose library it is: `driver`; `common` for CUDA, torch, Python and the compiler; else `special`.",
        example="library_kind('libcudart.so.12')",
        answer="common",
        run=_library_kind,
    ),
    Function(
        name="split",
        takes=(("text", TEXT), ("separator", TEXT)),
        gives=ListOf(TEXT),
        about="The parts of the text between separators.",
        example="split('9.0;12.0', ';')",
        answer=("9.0", "12.0"),
        run=_split,
    ),
    Function(
        name="number",
        takes=(("text", TEXT),),
        gives=NUMBER,
        about="The whole number that a text is; unknown when it is none.",
        example="number('580') >= 570",
        answer=True,
        run=_number,
    ),
)
