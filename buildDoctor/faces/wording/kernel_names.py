"""Names of kernels and functions that a person can read."""

from __future__ import annotations

import re

from buildDoctor.core.symbols import qualified_name
from buildDoctor.faces.wording.plain import visible

_NOISE = (
    (re.compile(r"\((?:unnamed|anonymous)[^()]*\)|\(anonymous namespace\)"), "{anonymous}"),
    (re.compile(r"std::integral_constant<int, (-?\d+)>"), r"\1"),
    (re.compile(r"cute::C<(-?\d+)>"), r"\1"),
    (re.compile(r"\((?:int|bool|unsigned int|unsigned long|long)\)(-?\d+)"), r"\1"),
    (re.compile(r"^(?:void|static) "), ""),
)
_QUALIFIERS = re.compile(r"\b(?:[A-Za-z_]\w*::)+(?=[A-Za-z_])")


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
    """A demangled name without its parameters, and without the namespaces of its template arguments."""
    for pattern, replacement in _NOISE:
        text = pattern.sub(replacement, text)
    name, arguments = _parts(text)
    return name + _QUALIFIERS.sub("", arguments)


def _parts(text: str) -> tuple[str, str]:
    """The name before its template arguments, and these; without what comes after, the parameters."""
    depth, opened = 0, len(text)
    for at, character in enumerate(text):
        if character == "<":
            opened = min(opened, at)
            depth += 1
        elif character == ">":
            depth -= 1
        elif character == "(" and depth == 0 and at:
            return text[: min(opened, at)], text[opened:at]
    return text[:opened], text[opened:]
