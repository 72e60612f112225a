"""A plan beside the binaries that were built from it, and the request that explains them.

What can be matched, by experiment on the published wheels of vLLM 0.8.5, 0.11.0 and 0.33.0: an extension's file by its
name; a fatbin to its source exactly, by the symbol table, which those wheels keep; and where the table is gone only
the number of fatbins with each set of architectures. The names of kernels tell the source of a twentieth of the
fatbins, and never another one than the symbol table.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase

from msgspec import Struct, field

from buildDoctor.core.device.architectures import ArchitectureError, parse
from buildDoctor.core.evidence import (
    ArchitectureCount,
    Binary,
    BuiltExtension,
    Plan,
    PlannedSource,
    SourceDifference,
    Unit,
)
from buildDoctor.core.plan.configured import pieces
from buildDoctor.core.plan.nvcc_flags import default_architectures

_SOURCE_SUFFIX = ".cu"
_MOST_SOURCES = 5_000
_MOST_DEVIATING = 10
"""One of so many sources may have no kernels, and so no fatbin, where only numbers are compared."""
Pieces = frozenset[str]


class Pair(Struct, frozen=True):
    """An extension and the file that is named like it."""

    extension: str
    binary: Binary
    sources: tuple[PlannedSource, ...]
    generated: tuple[str, ...]

    @property
    def named(self) -> bool:
        """Whether the file says which source each fatbin is compiled from."""
        return any(unit.source for unit in self.binary.units or ())


def built_extensions(plan: Plan, binaries: Iterable[Binary]) -> tuple[BuiltExtension, ...]:
    """Each extension of a plan that an examined file is built from, beside that file."""
    return tuple(_compared(pair, plan) for pair in pairs_of(plan, binaries))


def pairs_of(plan: Plan, binaries: Iterable[Binary]) -> tuple[Pair, ...]:
    """The extensions with their files: of the same name, and of the same sources where the file tells them."""
    listed = [binary for binary in binaries if binary.units]
    found = []
    for extension in plan.extensions or ():
        name = extension.name or ""
        sources = tuple(s for s in plan.sources or () if s.extension == name)[:_MOST_SOURCES]
        pairs = [
            Pair(name, b, sources, extension.generated or ()) for b in listed if _stem(b) == name.rpartition(".")[2]
        ]
        # Many packages call their module `_C`: without a source in common, it is the one of another project.
        pairs = [pair for pair in pairs if sources and (not pair.named or _shares_sources(pair))]
        found += pairs if len(pairs) == 1 else [pair for pair in pairs if pair.named]
    return tuple(found)


def _stem(binary: Binary) -> str:
    """The name of a module: `_C` of `wheel.whl!vllm/_C.abi3.so`."""
    return (binary.path or "").rpartition("!")[2].rpartition("/")[2].partition(".")[0]


def _shares_sources(pair: Pair) -> bool:
    """Whether at least a fifth of the planned sources are in the file; a release moves some of them."""
    stems = {_stem_of(source) for source in pair.sources}
    return 5 * len(stems & _files(pair).keys()) >= len(stems)


def _files(pair: Pair) -> Counter[str]:
    """How often each source is in the file, with and without device code."""
    return Counter(pair.binary.sources or ()) | Counter(unit.source or "" for unit in pair.binary.units or ())


def _stem_of(source: PlannedSource) -> str:
    return (source.path or "").rpartition("/")[2].rpartition(".")[0]


def _of_unit(unit: Unit) -> Pieces:
    """What a fatbin holds."""
    return pieces((*(unit.cubins or ()), *map(_virtual, unit.ptx or ())))


def _virtual(text: str) -> str:
    """The name of PTX among pieces; a text that names no architecture stays as it is."""
    try:
        return f"compute_{parse(text).number}"
    except ArchitectureError:
        return text


def _of_plan(source: PlannedSource, plan: Plan) -> Pieces | None:
    """What a source is planned to hold; the compiler's default where it is left to it."""
    if source.architectures is None:
        return None
    if source.architectures:
        return pieces(source.architectures)
    return pieces(default_architectures(plan.cuda_version)) if plan.cuda_version else None


def _compared(pair: Pair, plan: Plan) -> BuiltExtension:
    counts = tuple(_counts(pair, plan))
    binary = pair.binary.path
    if not pair.named:
        return BuiltExtension(extension=pair.extension, binary=binary, compared_by="counts", counts=counts)
    matched = _match(pair, plan)
    return BuiltExtension(
        extension=pair.extension,
        binary=binary,
        compared_by="names",
        counts=counts,
        differences=tuple(matched.differences),
        missing=tuple(matched.missing),
        generated=matched.generated,
        unplanned=tuple(sorted(matched.unplanned)),
    )


def _counts(pair: Pair, plan: Plan) -> Iterator[ArchitectureCount]:
    planned = Counter(piece for source in pair.sources for piece in _of_plan(source, plan) or ())
    found = Counter(piece for unit in pair.binary.units or () for piece in _of_unit(unit))
    for architecture in sorted(planned | found, key=_by_number):
        yield ArchitectureCount(architecture=architecture, planned=planned[architecture], found=found[architecture])


def _by_number(text: str) -> tuple[object, ...]:
    try:
        return False, parse(text)
    except ArchitectureError:
        return True, text


class _Matched(Struct):
    """Fatbins and sources, matched by name."""

    differences: list[SourceDifference] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    unplanned: list[str] = field(default_factory=list)
    generated: int = 0
    strange: list[Pieces] = field(default_factory=list)
    """What the fatbins hold that no planned source has."""


def _match(pair: Pair, plan: Plan) -> _Matched:
    planned: dict[str, list[PlannedSource]] = defaultdict(list)
    units: dict[str, list[Unit]] = defaultdict(list)
    for source in pair.sources:
        planned[_stem_of(source)].append(source)
    for unit in pair.binary.units or ():
        units[unit.source or ""].append(unit)
    matched, files = _Matched(), _files(pair)
    for stem, sources in planned.items():
        left = _match_stem(matched, (sources, units.pop(stem, [])), files[stem], plan)
        units[stem] = left
    for stem, others in units.items():
        _note_others(matched, stem, others, pair.generated)
    return matched


def _match_stem(
    matched: _Matched, both: tuple[list[PlannedSource], list[Unit]], in_file: int, plan: Plan
) -> list[Unit]:
    """Match the sources of one name with the fatbins of that name; gives the fatbins that are left."""
    left: dict[Pieces, list[Unit]] = defaultdict(list)
    for unit in both[1]:
        left[_of_unit(unit)].append(unit)
    sources = []
    for source in both[0]:
        same = left.get(_of_plan(source, plan) or frozenset())
        if same:
            same.pop()
        else:
            sources.append(source)
    units = [unit for some in left.values() for unit in some]
    for source, unit in zip(sources, units, strict=False):
        decided = _of_plan(source, plan)
        if decided is not None:
            matched.differences.append(_difference(source, decided, unit))
    # A source without kernels has a host side in the file and no fatbin.
    without_kernels = in_file - len(both[1])
    absent = sources[len(units) :]
    matched.missing += [source.path or "" for source in absent[max(without_kernels, 0) :]]
    return units[len(sources) :]


def _difference(source: PlannedSource, decided: Pieces, unit: Unit) -> SourceDifference:
    planned, found = (tuple(sorted(some, key=_by_number)) for some in (decided, _of_unit(unit)))
    return SourceDifference(path=source.path, extension=source.extension, planned=planned, compiled=found)


def _note_others(matched: _Matched, stem: str, units: list[Unit], patterns: tuple[str, ...]) -> None:
    """Fatbins that no planned source explains: written while configuring, or from elsewhere."""
    if not units or not stem:
        return
    matched.strange += [_of_unit(unit) for unit in units]
    if any(fnmatchcase(f"{stem}{_SOURCE_SUFFIX}", pattern.rpartition("/")[2]) for pattern in patterns):
        matched.generated += len(units)
    else:
        matched.unplanned.append(stem)


def explains(plan: Plan, binaries: Iterable[Binary]) -> bool:
    """Whether files are what a plan gives: every fatbin has the architectures that are planned for its source.

    Fatbins of sources that are not in the plan may be there, as scripts write some while configuring, if a list of the
    plan has the same architectures.
    """
    pairs = pairs_of(plan, binaries)
    return bool(pairs) and all(_explained(pair, plan) for pair in pairs)


def _explained(pair: Pair, plan: Plan) -> bool:
    known = {decided for source in plan.sources or () if (decided := _of_plan(source, plan))}
    lists = {pieces(feature.gets) for feature in plan.features or () if feature.gets}
    whole = pieces(plan.architectures or ())
    allowed = known | lists | {each | whole for each in lists}
    if pair.named:
        matched = _match(pair, plan)
        return not matched.differences and not matched.missing and allowed.issuperset(matched.strange)
    planned = Counter(decided for source in pair.sources if (decided := _of_plan(source, plan)))
    found = Counter(map(_of_unit, pair.binary.units or ()))
    lacking = sum((planned - found).values())
    more = found - planned
    return lacking * _MOST_DEVIATING <= max(sum(planned.values()), 2 * _MOST_DEVIATING) and allowed.issuperset(more)


def likely_requests(plan: Plan, binaries: Iterable[Binary]) -> tuple[tuple[str, ...], ...]:
    """Requests that may have given the files, the likeliest first: what most fatbins hold, and all that any holds."""
    units = [unit for pair in pairs_of(plan, binaries) for unit in pair.binary.units or ()]
    if not units:
        return ()
    sets = Counter(map(_of_unit, units))
    whole = frozenset(piece for some in sets for piece in some)
    found = [_request(some) for some, _count in sets.most_common(3)]
    return tuple(dict.fromkeys(filter(None, (*found, _request(whole)))))


def _request(some: Pieces) -> tuple[str, ...]:
    """The request for a set of images: numbers without suffix, with `+PTX` where there is PTX."""
    cubins = []
    for piece in some:
        try:
            target = parse(piece)
        except ArchitectureError:
            continue
        if not target.ptx:
            cubins.append(target)
    bases = dict.fromkeys(target.base for target in sorted(cubins))
    return tuple(f"{base}+PTX" if f"compute_{base.replace('.', '')}" in some else base for base in bases)
