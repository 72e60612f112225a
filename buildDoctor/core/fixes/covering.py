"""The smallest request that covers some GPUs: what to try, in which order, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations

from msgspec import Struct
from msgspec.structs import replace

from buildDoctor.core.device.architectures import parse
from buildDoctor.core.evidence import Evidence, Feature, Plan
from buildDoctor.core.fixes.candidates import is_compiled_by
from buildDoctor.core.flow import Layer, State, row_of_feature
from buildDoctor.core.plan.lists import natural_key
from buildDoctor.core.traces import Way

_LAST_LAYERS = (Layer.FEATURE, Layer.COMPILE)
_SUFFIXES = ("", "a", "f")
PLAIN = ""
"""Stands for the sources that belong to no feature."""


class Need(Struct, frozen=True, kw_only=True):
    """Something that a GPU is to get."""

    capability: str
    name: str
    """The name that was asked for; empty for the plain sources."""
    features: tuple[str, ...]
    """The features of that name that are written for the GPU; one of them is enough."""


class Unmet(Struct, frozen=True, kw_only=True):
    """A need that no request meets, and where it is lost when the build is asked for that GPU alone."""

    need: Need
    way: Way | None
    """The way of the first feature of that name; `None` when none of that name is written for the GPU."""


class Cover(Struct, frozen=True, kw_only=True):
    """The outcome for some GPUs."""

    capabilities: tuple[str, ...]
    names: tuple[str, ...]
    """The features that were asked for, as they were typed."""
    request: tuple[str, ...] | None
    """The smallest request that meets every need that can be met; absent when none was found."""
    tried: int
    """How many requests were replayed."""
    served: tuple[tuple[Need, tuple[str, ...]], ...] = ()
    """What meets each need in that plan."""
    unmet: tuple[Unmet, ...] = ()


def needs_of(
    evidence: Evidence, plan: Plan, capabilities: Iterable[str], named: Mapping[str, tuple[Feature, ...]]
) -> tuple[Need, ...]:
    """What the GPUs need: the plain sources, and of each name a feature that is written for the GPU.

    Args:
        evidence: all that was seen.
        plan: a plan of the tree.
        capabilities: the GPUs.
        named: the features by the name that was asked for.
    """
    found = []
    for capability in capabilities:
        found.append(Need(capability=capability, name=PLAIN, features=()))
        for name, features in named.items():
            meant = tuple(f.name or "" for f in features if _is_meant(evidence, plan, capability, f))
            found.append(Need(capability=capability, name=name, features=meant))
    return tuple(found)


def _is_meant(evidence: Evidence, plan: Plan, capability: str, feature: Feature) -> bool:
    row = row_of_feature(replace(evidence, plan=plan), capability, (0, feature))
    return all(cell.state is not State.BY_DESIGN for cell in row.cells)


def is_met(need: Need, evidence: Evidence, plan: Plan) -> tuple[str, ...] | None:
    """What of a plan meets a need, such as `12.0a`; nothing when it is not met."""
    changed = replace(evidence, plan=plan)
    features = [(at, f) for at, f in enumerate(plan.features or ()) if f.name in need.features]
    for item in features if need.name else [None]:
        row = row_of_feature(changed, need.capability, item)
        cells = {cell.layer: cell for cell in row.cells}
        states = [cells[layer].state for layer in _LAST_LAYERS if layer in cells]
        if states and State.LOST not in states and State.BY_DESIGN not in states:
            cell = cells.get(Layer.FEATURE) or cells[Layer.SUPPORTED]
            return tuple(cell.value.split(", "))
    return None


def elements(plan: Plan, capabilities: Iterable[str]) -> tuple[str, ...]:
    """The architectures that a request may be made of: each GPU, its family and what is supported of its major version."""
    asked = tuple(capabilities)
    majors = {capability.partition(".")[0] for capability in asked}
    known = [parse(a).base for a in ((plan.supported.architectures if plan.supported else None) or ())]
    numbers = dict.fromkeys((*asked, *(base for base in known if base.partition(".")[0] in majors), *_heads(asked)))
    forms = [f"{number}{suffix}" for suffix in _SUFFIXES for number in numbers]
    plain = [form for form in forms if is_compiled_by(form, plan.cuda_version or "")]
    return (*plain, *(f"{number}+PTX" for number in numbers if number in plain))


def _heads(capabilities: Iterable[str]) -> Iterator[str]:
    """The first chip of each GPU's family, whose code may run on it."""
    return (f"{capability.partition('.')[0]}.0" for capability in capabilities)


def requests(alone: Mapping[str, frozenset[Need]], wanted: frozenset[Need]) -> Iterator[tuple[str, ...]]:
    """The requests whose elements, each by itself, meet every need: the fewest first, then those without PTX.

    Args:
        alone: the needs that each element meets when the build is asked for it alone.
        wanted: the needs.
    """
    useful = [element for element, met in alone.items() if met & wanted]
    for size in range(1, len(wanted) + 1):
        for request in sorted(combinations(useful, size), key=_order):
            if wanted <= frozenset[Need]().union(*(alone[element] for element in request)):
                yield tuple(sorted(request, key=natural_key))


def _order(request: tuple[str, ...]) -> tuple[int, int]:
    """Without PTX before with it, then plain numbers before those with a suffix."""
    suffixed = sum(element.removesuffix("+PTX").endswith(("a", "f")) for element in request)
    return sum(element.endswith("+PTX") for element in request), suffixed
