"""Names of kernels and functions that a person can read."""

from __future__ import annotations

import re

from buildDoctor.core.symbols import qualified_name
from buildDoctor.faces.wording.plain import visible

_DEFAULTS = (
    (re.compile(r"\((?:unnamed|anonymous)[^()]*\)|\(anonymous namespace\)"), "{anonymous}"),
    (re.compile(r"std::integral_constant<int, (-?\d+)>"), r"\1"),
    (re.compile(r"cute::C<(-?\d+)>"), r"\1"),
    (re.compile(r"\((?:int|bool|unsigned int|unsigned long|long)\)(-?\d+)"), r"\1"),
    (re.compile(r"\b(?:void|static) (?=\S)"), ""),
)


def readable(name: str, demangled: str | None = None) -> str:
    """A kernel's name for a person: as C++ writes it, with the noise taken out; else what its mangled name says plainly.

    Args:
        name: as the symbol table has it.
        demangled: as C++ writes it, when that is known.
    """
    if demangled and demangled != name:
        return visible(_shortened(demangled))
    return visible(qualified_name(name))


def _shortened(text: str) -> str:
    """A demangled name without its parameters and without what only repeats itself."""
    for pattern, replacement in _DEFAULTS:
        text = pattern.sub(replacement, text)
    return _without_parameters(text)


def _without_parameters(text: str) -> str:
    """The name before its parameter list: the last opening bracket at the outermost level of the templates."""
    depth, cut = 0, len(text)
    for at, character in enumerate(text):
        if character == "<":
            depth += 1
        elif character == ">":
            depth -= 1
        elif character == "(" and depth == 0 and at:
            cut = at
            break
    return text[:cut]
