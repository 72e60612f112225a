"""The library targets of a build, and what each of their CUDA sources is compiled for.

What counts for a source are the CUDA_ARCHITECTURES of its target and the flags of its folder, its target, what that links
to, and its own; CMake puts all of them on one command line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from msgspec import Struct, field

from buildDoctor.core.evidence import Extension, PlannedSource
from buildDoctor.core.plan.cmake_architectures import Decided, decided_by_property, with_ptx_joined
from buildDoctor.core.plan.generator import evaluated
from buildDoctor.core.plan.nvcc_flags import named_architectures
from buildDoctor.core.plan.target_records import Stated, Statements, Target, placed

_CUDA, _HIP = "CUDA", "HIP"
_OBJECTS = re.compile(r"\$<TARGET_OBJECTS:([^<>]+)>")
_EDGE = re.compile(r"\$<|>|;")
_PAIRED = frozenset({"-gencode", "--generate-code"})
_MOST_LINKED = 200
_BUILT_IN = frozenset({"static", "object", ""})


class Planned(Struct, frozen=True, kw_only=True):
    """The targets as evidence, and what of them is not known."""

    extensions: tuple[Extension, ...]
    sources: tuple[PlannedSource, ...]
    hip_architectures: tuple[str, ...] = ()
    doubts: tuple[tuple[str, str], ...] = ()
    """The path below `plan` that a doubt is about, and the doubt."""


class _Resolver(Struct):
    """Puts together what counts for each source."""

    statements: Statements
    named: Mapping[str, str]
    native: tuple[str, ...] | None
    sources: list[PlannedSource] = field(default_factory=list)
    doubts: dict[tuple[str, str], None] = field(default_factory=dict)
    hip: list[str] = field(default_factory=list)
    """The targets that have HIP sources."""

    def doubt(self, path: str, reason: str) -> None:
        self.doubts[(path, reason)] = None

    def extension(self, target: Target) -> Extension | None:
        """A target as evidence; nothing for a program without CUDA sources, which is no part of an extension."""
        sources, objects = self._sources(target)
        device = [source for source in sources if self._language(target, source) in {_CUDA, _HIP}]
        if target.kind == "program" and not device:
            return None
        if any(self._language(target, source) == _HIP for source in device):
            self.hip.append(target.name)
        self._plan(target, device)
        linked = (self.statements.named(name) for name in (*objects, *_values(target.links)))
        links = [one.name for one in linked if one is not None and one.kind in _BUILT_IN]
        return Extension(
            name=target.name,
            sources=sources,
            generated=target.generated,
            kind=target.kind or "library",
            links=tuple(dict.fromkeys(links)),
        )

    def _sources(self, target: Target) -> tuple[tuple[str, ...], list[str]]:
        """The sources, and the object libraries whose objects are sources as well."""
        found: dict[str, None] = {}
        objects: list[str] = []
        for text in target.sources:
            objects += _OBJECTS.findall(text)
            value = evaluated(_OBJECTS.sub("", text))
            if value is None:
                self.doubt("extensions", f"whether {target.name} has the sources {text} is decided while building")
            found |= dict.fromkeys(placed(target.folder, one) for one in (value or "").split(";") if one)
        return tuple(found), objects

    def _language(self, target: Target, source: str) -> str:
        stated = self.statements.languages.get((target.folder, source))
        return stated or (_CUDA if source.endswith(".cu") else _HIP if source.endswith(".hip") else "CXX")

    def _plan(self, target: Target, device: Iterable[str]) -> None:
        folder = self.statements.folders[target.folder]
        options = [*folder.flags.split(), *self._words(target, target.flags), *self._all(target, "options")]
        macros = [*_defined(options), *_undashed(self._all(target, "definitions"))]
        for source in device:
            own = [
                word
                for values in self.statements.options.get((target.folder, source), {}).values()
                for word in self._words(target, values)
            ]
            more = [*_defined(own), *_undashed(self.statements.definitions.get((target.folder, source), ()))]
            decided = Decided(architectures=None)
            if self._language(target, source) == _CUDA:
                decided = self._decided(target, [*options, *own])
            if decided.doubt:
                self.doubt("sources", f"what the CUDA sources of {target.name} are compiled for: {decided.doubt}")
            self.sources.append(
                PlannedSource(
                    path=source,
                    extension=target.name,
                    architectures=decided.architectures,
                    definitions=tuple(dict.fromkeys((*macros, *more))),
                )
            )

    def _decided(self, target: Target, words: list[str]) -> Decided:
        """The architectures of one source."""
        decided = Decided(architectures=())
        if target.architectures is not None:
            decided = decided_by_property(target.architectures, self.named, self.native)
        if decided.architectures is None:
            return decided
        flags = _of_flags(tuple(words))
        if flags is None:
            return Decided(
                architectures=None, doubt="its flags leave it to the compiler (-arch=native, all or the like)"
            )
        return Decided(architectures=with_ptx_joined((*decided.architectures, *flags)))

    def _all(self, target: Target, kind: str) -> list[str]:
        """The words of a kind that count for a target: its own, and those that its links pass on."""
        stated: Stated = getattr(target, kind)
        words = self._words(target, stated.own)
        seen, pending = {target.name}, _values(target.links)
        while pending and len(seen) < _MOST_LINKED:
            name = pending.pop(0)
            linked = self.statements.named(name)
            if linked is None or linked.name in seen:
                continue
            seen.add(linked.name)
            words += self._words(target, getattr(linked, kind).passed_on)
            pending += linked.links.passed_on
        return words

    def _words(self, target: Target, values: Iterable[str]) -> list[str]:
        """The flags in the values of a command, whose expressions may be cut apart at their semicolons."""
        words, doubtful = _flag_words(";".join(values))
        for piece in doubtful:
            self.doubt("sources", f"whether {target.name} is compiled with {piece} is decided while building")
        return list(words)


@lru_cache(maxsize=1024)
def _flag_words(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The flags of a list, and those of its elements about architectures that only a real configuration decides."""
    words: list[str] = []
    doubtful: list[str] = []
    for piece in _pieces(text):
        value = evaluated(piece)
        if value is None and "arch" in piece:
            doubtful.append(piece)
        for item in (value or "").split(";"):
            words += item.removeprefix("SHELL:").split()
    return tuple(words), tuple(doubtful)


@lru_cache(maxsize=1024)
def _of_flags(words: tuple[str, ...]) -> tuple[str, ...] | None:
    """The architectures that flags name; nothing when they leave it to the compiler."""
    return named_architectures(_with_gencode(words))


def planned_targets(
    statements: Statements, named: Mapping[str, str] | None = None, native: Iterable[str] | None = None
) -> Planned:
    """The libraries of a build with their sources, and every CUDA source with what it is compiled for.

    A source with an empty list is compiled for whatever the compiler takes by default.

    Args:
        statements: what the scripts state.
        named: CMake's own lists for the toolkit, by the names `all` and `all-major`.
        native: the capabilities of the machine that configures, where they are known.
    """
    resolver = _Resolver(statements, named or {}, None if native is None else tuple(native))
    made = [resolver.extension(target) for target in statements.targets.values() if target.kind != "interface"]
    extensions = tuple(one for one in made if one is not None)
    return Planned(
        extensions=extensions,
        sources=tuple(resolver.sources),
        hip_architectures=_hip_architectures(statements, resolver),
        doubts=tuple(resolver.doubts),
    )


def _hip_architectures(statements: Statements, resolver: _Resolver) -> tuple[str, ...]:
    """What the HIP sources are compiled for; where none is told apart, what the targets say."""
    # Every target takes over CMake's own list, and a target of C++ alone makes nothing of it.
    targets = [statements.targets[name] for name in resolver.hip] or statements.targets.values()
    return tuple(dict.fromkeys(one for t in targets for one in (t.hip_architectures or "").split(";") if one))


def _values(links: Stated) -> list[str]:
    """What a target links to, without the expressions around the names."""
    found = [evaluated(one) or "" for one in links.own]
    return [name for one in found for name in one.split(";") if name]


def _pieces(text: str) -> Iterator[str]:
    """The elements of a list, in which a generator expression with semicolons is one."""
    start = depth = 0
    for found in _EDGE.finditer(text):
        if found[0] == "$<":
            depth += 1
        elif found[0] == ">":
            depth = max(depth - 1, 0)
        elif not depth:
            yield text[start : found.start()]
            start = found.end()
    yield text[start:]


def _with_gencode(words: Iterable[str]) -> Iterator[str]:
    """The flags, with the `-gencode` before an `arch=` that a list of options without duplicates has lost."""
    before = ""
    for word in words:
        if word.startswith("arch=compute_") and before not in _PAIRED:
            yield "-gencode"
        yield word
        before = word


def _defined(words: Iterable[str]) -> Iterator[str]:
    """The macros among flags."""
    return (word[2:] for word in words if word.startswith("-D") and len(word) > 2)


def _undashed(words: Iterable[str]) -> Iterator[str]:
    return (word.removeprefix("-D") for word in words if word)


def architectures_of_all(sources: Iterable[PlannedSource]) -> tuple[str, ...] | None:
    """Every architecture that something is compiled for; nothing when it is not known of all sources."""
    lists = [source.architectures for source in sources]
    if not lists or any(one is None for one in lists):
        return None
    return with_ptx_joined(item for one in lists for item in one or ()) or None
