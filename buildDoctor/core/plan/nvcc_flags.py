"""The architectures and macros in the flags of one nvcc call."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from buildDoctor.core.device.architectures import ArchitectureError, parse
from buildDoctor.core.plan.records import gencode_architectures
from buildDoctor.core.plan.torch_helper import merged

_PAIRED = frozenset({"-gencode", "--generate-code"})
_ARCH = re.compile(r"(?:-arch|--gpu-architecture)(?:[= ](?P<value>.+))?", re.DOTALL)
_CODE = re.compile(r"(?:-code|--gpu-code)(?:[= ](?P<value>.+))?", re.DOTALL)
_VIRTUAL = re.compile(r"\barch=compute_\w+", re.ASCII)
_CODES = re.compile(r"(?<![\w-])code=(?:\[(?P<several>[\w,]+)\]|(?P<one>\w+(?:,(?:sm|compute|lto)_\w+)*))", re.ASCII)
_SPELT = re.compile(r"\b(?:sm|compute)_(\d{2,3}[af]?)\b")
_NUMBER = re.compile(r"(\d{1,2})(\d)([af]?)(\+PTX)?", re.ASCII)
_OLD_DEFAULT, _DEFAULT = "5.2", "7.5"
_DEFAULT_CHANGED = 13
_QUOTES = str.maketrans("", "", "\"'\\")


def default_architectures(cuda: str) -> tuple[str, ...]:
    """What nvcc compiles for when no flag says it."""
    return (f"{_DEFAULT if int(cuda.split('.', maxsplit=1)[0]) >= _DEFAULT_CHANGED else _OLD_DEFAULT}+PTX",)


def named_architectures(flags: Iterable[str]) -> tuple[str, ...] | None:
    """The architectures that flags name; empty when they name none, nothing when they leave it to the compiler.

    Args:
        flags: each as the compiler gets it, such as `-gencode`, `arch=compute_90,code=sm_90` or `-arch=sm_90`.
    """
    words = [word.translate(_QUOTES) for word in flags]
    found = list(gencode_architectures(" ".join(map(_in_order, _gencodes(words)))))
    short, codes = _value(words, _ARCH), ",".join(_values(words, _CODE))
    if short is None:
        return merged(found)
    try:
        found += _of_short_form(short, codes)
    except ArchitectureError:
        return None
    return merged(found)


def defined_macros(flags: Iterable[str]) -> tuple[str, ...]:
    """The macros that flags define, such as `ENABLE_FP4=1`."""
    return tuple(dict.fromkeys(flag[2:] for flag in flags if flag.startswith("-D") and len(flag) > 2))


def turns_helper_off(flags: Iterable[str]) -> bool:
    """Whether torch's helper adds no architectures to these flags: it looks for the four letters in each of them."""
    return any("arch" in flag and "TORCH_EXTENSION_NAME" not in flag for flag in flags)


def spelt_architectures(texts: Iterable[str]) -> tuple[str, ...]:
    """The architectures that texts spell out as `sm_90` or `compute_90`, in dotted form, oldest first."""
    numbers = {parse(f"sm_{number}") for text in texts for number in _SPELT.findall(text)}
    return tuple(architecture.dotted for architecture in sorted(numbers))


def architecture_of(text: str) -> str | None:
    """The dotted form of `80`, `120a`, `9.0`, `9.0+PTX` or `sm_90`; nothing for any other text."""
    if found := _NUMBER.fullmatch(text):
        return f"{found[1]}.{found[2]}{found[3]}{found[4] or ''}"
    try:
        return parse(text).dotted
    except ArchitectureError:
        return None


def _gencodes(words: list[str]) -> Iterator[str]:
    """The values of the -gencode flags."""
    for before, word in zip(["", *words], words, strict=False):
        if before in _PAIRED or word.startswith(tuple(f"{flag}{mark}" for flag in _PAIRED for mark in "= ")):
            yield word


def _in_order(value: str) -> str:
    """A value with `arch` before `code` and the cubins of `code` before its PTX; nvcc takes any order."""
    virtual, codes = _VIRTUAL.search(value), _CODES.search(value)
    if virtual is None or codes is None:
        return value
    several = (codes["several"] or codes["one"]).split(",")
    return f"{virtual[0]},code={','.join(sorted(several, key=lambda code: code.startswith('compute_')))}"


def _values(words: list[str], flag: re.Pattern[str]) -> list[str]:
    """The values of the flags of a kind, whether each stands in the same word or in the next."""
    pairs = zip(words, [*words[1:], ""], strict=False)
    return [found["value"] or following for word, following in pairs if (found := flag.fullmatch(word))]


def _value(words: list[str], flag: re.Pattern[str]) -> str | None:
    """The value of the last flag of a kind."""
    return next(reversed(_values(words, flag)), None)


def _of_short_form(value: str, codes: str) -> Iterator[str]:
    """What `-arch` means: `sm_90` is the cubin and its PTX, `compute_90` the PTX, unless `-code` says more.

    Raises:
        ArchitectureError: it is `native`, `all` or the like.
    """
    target = parse(value)
    if codes:
        virtual = f"compute_{target.number}"
        yield from gencode_architectures(_in_order(f"arch={virtual},code=[{codes.replace('[', '').replace(']', '')}]"))
    elif target.ptx:
        yield value
    else:
        yield f"{target.dotted}+PTX"
