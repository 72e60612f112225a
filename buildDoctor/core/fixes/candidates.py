"""The changes that may bring a kernel back: each drops, adds or replaces one thing that takes part in the decision."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum

from msgspec import Struct

from buildDoctor.core.device.architectures import ArchitectureError, newest_toolkit, oldest_toolkit, parse
from buildDoctor.core.evidence import Feature, Plan
from buildDoctor.core.fixes.plan_changes import Changes, ListChange, PlacedList
from buildDoctor.core.traces import capabilities_of

TOOLKITS = ("11.8", "12.0", "12.1", "12.4", "12.6", "12.8", "12.9", "13.0", "13.1", "13.4")
"""The toolkit versions that are tried: those at which projects change their lists."""
_NUMBERS = ("7.0", "7.5", "8.0", "8.6", "8.9", "9.0", "10.0", "10.3", "11.0", "12.0", "12.1")
_SUFFIXES = ("", "a", "f")
_MOST = 1_000


class Kind(StrEnum):
    """What a candidate changes."""

    SUPPORTED = "supported"
    """The project's list of supported architectures."""
    REQUEST = "request"
    """What the build is asked for."""
    OWN = "own list"
    """The list of one feature. Whether its kernels compile for another architecture, no replay can tell."""
    TOOLKIT = "toolkit"
    """The CUDA version."""


class Candidate(Struct, frozen=True, kw_only=True):
    """One change that may help."""

    kind: Kind
    title: str
    size: int
    """How many elements it takes out and puts in."""
    changes: Changes
    removed: tuple[str, ...] = ()
    added: tuple[str, ...] = ()


def candidates(
    plan: Plan, feature: Feature | None, capability: str, supported: Iterable[PlacedList], own: Iterable[PlacedList]
) -> tuple[Candidate, ...]:
    """The candidates for one feature, or for the plain sources, on one GPU; those nearest to the GPU first.

    Args:
        plan: the plan as it is.
        feature: the feature; `None` for the plain sources.
        capability: the GPU.
        supported: where the list of supported architectures is spelt out.
        own: where the feature's own list is spelt out.
    """
    near = _near(plan, feature, capability)
    cuda = plan.cuda_version or ""
    name = f"the list of {feature.name}" if feature else ""
    of_supported = [c for placed in supported for c in _of_list(Kind.SUPPORTED, placed, near, cuda, placed.name)]
    of_own = [c for placed in own for c in _of_list(Kind.OWN, placed, near, cuda, name)]
    found = [
        *of_supported,
        *_of_request(plan.request or (), near, cuda),
        *of_own,
        *_of_both(of_supported, of_own, capability),
    ]
    found += [
        Candidate(kind=Kind.TOOLKIT, title=f"Build with CUDA {version}", size=1, changes=Changes(cuda=version))
        for version in TOOLKITS
        if not cuda.startswith(version)
    ]
    return tuple(found[:_MOST])


def is_compiled_by(architecture: str, cuda: str) -> bool:
    """Whether a toolkit's nvcc takes an architecture."""
    version = _numbers(cuda)
    newest = newest_toolkit(architecture)
    return _numbers(oldest_toolkit(architecture)) <= version and (newest is None or version[:2] <= _numbers(newest))


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())


def _near(plan: Plan, feature: Feature | None, capability: str) -> tuple[str, ...]:
    """The numbers to try, those of the GPU, the feature and the request before all others."""
    wanted = capabilities_of((feature.wants or ()) if feature else ())
    asked = capabilities_of(plan.request or ())
    return tuple(dict.fromkeys((capability, *wanted, *asked, *_NUMBERS)))


def _of_list(kind: Kind, placed: PlacedList, near: Iterable[str], cuda: str, name: str) -> Iterator[Candidate]:
    where = f"{placed.file}:{placed.line}"

    def candidate(verb: str, removed: tuple[str, ...], added: tuple[str, ...]) -> Candidate:
        after = (*(item for item in placed.elements if item not in removed), *added)
        change = ListChange(file=placed.file, line=placed.line, before=placed.elements, after=after)
        return Candidate(
            kind=kind,
            title=f"{verb} {name} ({where})",
            size=len(removed) + len(added),
            changes=Changes(lists=(change,)),
            removed=removed,
            added=added,
        )

    for gone in placed.elements:
        yield candidate(f"Drop {gone} from", (gone,), ())
    for number in near:
        forms = [a for a in (f"{number}{suffix}" for suffix in _SUFFIXES) if is_compiled_by(a, cuda)]
        missing = [form for form in forms if form not in placed.elements]
        for form in missing:
            yield candidate(f"Add {form} to", (), (form,))
        for form in missing[1:] if missing[:1] == [number] else ():
            yield candidate(f"Add {number} and {form} to", (), (number, form))
    for gone in placed.elements:
        for form in _other_forms(gone, cuda):
            if form not in placed.elements:
                yield candidate(f"Put {form} in place of {gone} in", (gone,), (form,))


def _of_both(of_supported: Iterable[Candidate], of_own: Iterable[Candidate], capability: str) -> Iterator[Candidate]:
    """The GPU's own number in the supported list, together with a form for its family in the feature's list."""
    major = f"{capability.partition('.')[0]}."
    masters = [
        c
        for c in of_supported
        if c.added == (capability,) or (c.removed and not c.added and c.removed[0].startswith(capability))
    ]
    owns = [c for c in of_own if len(c.added) == 1 and c.added[0].startswith(major)]
    for first in masters:
        for second in owns:
            yield Candidate(
                kind=Kind.OWN,
                title=f"{first.title}, and {second.title[0].lower()}{second.title[1:]}",
                size=first.size + second.size,
                changes=Changes(lists=(*first.changes.lists, *second.changes.lists)),
                removed=(*first.removed, *second.removed),
                added=(*first.added, *second.added),
            )


def _of_request(request: tuple[str, ...], near: Iterable[str], cuda: str) -> Iterator[Candidate]:
    def candidate(title: str, removed: tuple[str, ...], added: tuple[str, ...]) -> Candidate:
        after = (*(item for item in request if item not in removed), *added)
        return Candidate(
            kind=Kind.REQUEST,
            title=title,
            size=len(removed) + len(added),
            changes=Changes(request=" ".join(after)),
            removed=removed,
            added=added,
        )

    for number in near:
        for form in (f"{number}{suffix}" for suffix in _SUFFIXES):
            if form not in request and is_compiled_by(form, cuda):
                yield candidate(f"Ask the build for {form} as well", (), (form,))
    for gone in request:
        if len(request) > 1:
            yield candidate(f"Do not ask the build for {gone}", (gone,), ())
        for form in _other_forms(gone, cuda):
            if form not in request:
                yield candidate(f"Ask the build for {form} in place of {gone}", (gone,), (form,))


def _other_forms(architecture: str, cuda: str) -> Iterator[str]:
    """The same number with the other suffixes, as far as the toolkit knows them."""
    try:
        target = parse(architecture)
    except ArchitectureError:
        return
    for suffix in _SUFFIXES:
        form = f"{target.base}{suffix}{'+PTX' if target.ptx else ''}"
        if suffix != target.suffix and is_compiled_by(f"{target.base}{suffix}", cuda):
            yield form
