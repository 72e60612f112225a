"""From what a file's load asks for to evidence: what is missing, what lacks a version, and what would be there twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from buildDoctor.adapters.loader.elsewhere import Elsewhere
from buildDoctor.adapters.loader.process import Asked, Object, Process
from buildDoctor.core.evidence import MixedLibrary, ResolvedLibrary
from buildDoctor.core.symbols import Owner, owner_of_library

MOST_LISTED = 50
"""Versions, symbols and files of one library after so many are not listed."""
ONE_OF_A_KIND = Owner.CUDA, Owner.CPP
"""The owners of libraries of which a process should hold one."""
MANY_OF_A_KIND = ("libgomp",)
"""Packages bring their own of these, under names of their own, and it does little harm."""


class Judged(Struct, frozen=True):
    """A file that is loaded, and everything that this asks for."""

    process: Process
    file: Object
    asked: list[Asked]
    elsewhere: Elsewhere


def resolved_of(judged: Judged) -> Iterator[ResolvedLibrary]:
    """The libraries that the evidence lists, in the order in which they are asked for."""
    first: dict[str, Asked] = {}
    lacking: dict[str, list[str]] = {}
    for one in judged.asked:
        first.setdefault(one.name, one)
        lacking.setdefault(one.name, []).extend(_lacks(judged.process, one))
    for one in first.values():
        if one.asker is judged.file or one.found is None or lacking[one.name] or _is_of_a_kind(one.name):
            yield _evidence(judged, one, tuple(dict.fromkeys(lacking[one.name]))[:MOST_LISTED])


def _evidence(judged: Judged, one: Asked, lacks: tuple[str, ...]) -> ResolvedLibrary:
    path = one.found.path if one.found else ""
    return ResolvedLibrary(
        name=one.name,
        path=path,
        by=one.by,
        needed_by=one.asker.path,
        direct=one.asker is judged.file,
        problem=one.problem,
        lacks=lacks,
        shadowed=tuple(_shadowed(judged.process, one))[:MOST_LISTED],
        elsewhere=judged.elsewhere.files(one.name) if one.found is None else (),
    )


def _lacks(process: Process, one: Asked) -> Iterator[str]:
    """What the file that asks expects of the one that it gets, and what that does not have."""
    if one.found is None:
        return
    offers = one.found.needs.offers
    for versions in one.asker.needs.versions:
        # A library without versions serves all: the loader only warns about it.
        if versions.library == one.name and offers:
            yield from (name for name in versions.names if name not in offers)
    if one.name.startswith("libnvJitLink.so"):
        expected, _ = process.jit_link_symbols(one.asker.real)
        yield from sorted(expected - process.jit_link_symbols(one.found.real)[1]) if expected else ()


def _shadowed(process: Process, one: Asked) -> Iterator[str]:
    """Other files of the name that the same search would come to later."""
    if one.found is None or not _is_of_a_kind(one.name):
        return
    seen = {one.found.real}
    for hit in process.search(one.name, one.asker):
        if hit.real not in seen:
            seen.add(hit.real)
            yield hit.path


def mixed_in(loaded: Iterable[Object], new: set[str]) -> Iterator[MixedLibrary]:
    """The kinds of library of which a process holds two files, one of them among those that are new.

    Args:
        loaded: What the process holds, in order.
        new: The paths on this machine of what is judged.
    """
    kinds: dict[str, dict[str, str]] = {}
    versions: dict[str, list[str]] = {}
    for one in loaded:
        # What a file calls itself counts: its own file name may be anything.
        name = one.needs.soname or one.name
        if _is_of_a_kind(name):
            kinds.setdefault(kind_of(name), {}).setdefault(one.real, one.path)
            versions.setdefault(kind_of(name), []).append(name.partition(".so.")[2].partition(".")[0])
    for kind, files in kinds.items():
        if len(files) > 1 and new & set(files):
            numbers = tuple(dict.fromkeys(versions[kind]))
            yield MixedLibrary(kind=kind, paths=tuple(files.values())[:MOST_LISTED], versions=numbers)


def _is_of_a_kind(name: str) -> bool:
    return owner_of_library(name) in ONE_OF_A_KIND and kind_of(name) not in MANY_OF_A_KIND


def kind_of(name: str) -> str:
    """A library's name without its version: `libcudart`."""
    return name.partition(".so")[0]
