"""Functions over versions."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING

from buildDoctor.core.language.errors import Unsure
from buildDoctor.core.language.schema import NUMBER, TEXT, TRUTH, VERSION
from buildDoctor.core.language.signatures import Function

if TYPE_CHECKING:
    from packaging.specifiers import SpecifierSet
    from packaging.version import Version


@lru_cache(maxsize=1024)
def _version(text: str) -> Version:
    from packaging.version import Version  # noqa: PLC0415 - costs 20 ms, and few rules need it

    try:
        return Version(text)
    except ValueError:  # no version, or a number that Python does not read
        raise Unsure(f"{text!r} is not a version") from None


@lru_cache(maxsize=256)
def _specifier(text: str) -> SpecifierSet:
    from packaging.specifiers import InvalidSpecifier, SpecifierSet  # noqa: PLC0415 - as above

    try:
        return SpecifierSet(text, prereleases=True)
    except InvalidSpecifier:
        raise ValueError(f"{text!r} is no range of versions: write for example '>=2.7,<2.9'") from None


def _within(specifier: SpecifierSet) -> Callable[[str], bool]:
    return lambda text: _version(text) in specifier


def _release(text: str, parts: int) -> str:
    numbers = _version(text).release
    if not 0 < parts <= len(numbers):
        raise Unsure(f"{text!r} has {len(numbers)} numbers, not {parts}")
    return ".".join(map(str, numbers[:parts]))


VERSION_FUNCTIONS = (
    Function(
        name="version",
        takes=(("text", TEXT),),
        gives=VERSION,
        about="The version that a text names, to compare it with another; unknown when it names none.",
        example="version('12.10') > version('12.9')",
        answer=True,
        run=_version,
    ),
    Function(
        name="release",
        takes=(("text", TEXT), ("parts", NUMBER)),
        gives=TEXT,
        about="The first so many numbers of a version; unknown when it has fewer.",
        example="release('12.9.86', 2)",
        answer="12.9",
        run=_release,
    ),
    Function(
        name="satisfies",
        takes=(("text", TEXT), ("range", TEXT)),
        gives=TRUTH,
        about="Whether a version is in a range, as requirements write it; the range must stand there as text.",
        example="satisfies('2.8.0+cu129', '>=2.7,<2.9')",
        answer=True,
        run=lambda text, specifier: _within(_specifier(specifier))(text),
        prepare=lambda text: _within(_specifier(text)),
        literal=True,
    ),
)
