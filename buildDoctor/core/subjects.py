"""What a name means in a build plan: a list, a feature, a source or a kernel."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping

from msgspec import Struct

from buildDoctor.core.errors import RequestError
from buildDoctor.core.evidence import Feature, Plan, Step
from buildDoctor.core.language.globs import glob_matcher

_MOST_SHOWN = 200
"""Names that a nearest one is looked for among, of each kind."""
SUPPORTED = "supported"
"""The name under which the list of supported architectures is always found, whatever the scripts call it."""


class Subject(Struct, frozen=True, kw_only=True):
    """What a name stands for; one of the three is never empty."""

    name: str
    """As it was typed."""
    variables: tuple[str, ...] = ()
    """The lists of that name."""
    features: tuple[str, ...] = ()
    """The names of the features: of that name, with a list of that name, or built of a source of that name."""
    sources: tuple[str, ...] = ()
    """The paths of the sources of that name, or with a kernel of that name."""


def subject_of(plan: Plan, name: str, kernels: Mapping[str, tuple[str, ...]] | None = None) -> Subject:
    """What a name stands for: a list before a feature, a feature before a source.

    Args:
        plan: the plan that has it.
        name: a list, a feature, a source (a path, its last part, or a pattern with `*`) or a kernel.
        kernels: the sources that define the kernels that the name fits, by kernel.

    Raises:
        RequestError: the plan has nothing of that name; the nearest ones are named.
    """
    for find in (_list, _exact_feature, _source, _feature):
        found = find(plan, name)
        if found is not None:
            return found
    if kernels:
        paths = tuple(dict.fromkeys(path for where in kernels.values() for path in where))
        return Subject(name=name, sources=paths, features=tuple(_built_of(plan, paths)))
    raise RequestError(f"the plan has no list, feature, source or kernel {name!r}{nearest(name, names_of(plan))}")


def features_named(plan: Plan, name: str) -> tuple[Feature, ...]:
    """The features of a name: exactly, else those that hold it or fit it as a pattern; cases are not told apart."""
    wanted = name.lower()
    features = plan.features or ()
    exact = tuple(feature for feature in features if (feature.name or "").lower() == wanted)
    if exact or not wanted.strip("*"):
        return exact
    fits = _matcher(wanted if _is_pattern(wanted) else f"*{wanted}*")
    return tuple(feature for feature in features if fits((feature.name or "").lower()))


def names_of(plan: Plan) -> tuple[str, ...]:
    """Everything that a name may mean, features and lists first."""
    supported = [SUPPORTED, plan.supported.variable] if plan.supported else []
    lists = dict.fromkeys(step.variable for step in plan.steps or ())
    features = [name for feature in plan.features or () for name in (feature.name, feature.variable)]
    sources = [source.path for source in plan.sources or ()]
    every = (*features, *supported, *list(lists)[:_MOST_SHOWN], *sources)
    return tuple(dict.fromkeys(name for name in every if name))


def nearest(name: str, names: Iterable[str]) -> str:
    """The end of an error: the names next to one that is not there, or nothing."""
    # Only the last part of a path is likely to be typed.
    known = {candidate.rpartition("/")[2].lower(): candidate for candidate in reversed(tuple(names))}
    close = difflib.get_close_matches(name.rpartition("/")[2].lower(), known, n=3, cutoff=0.5)
    return f"; did you mean {' or '.join(known[one] for one in close)}?" if close else ""


def call_of(feature: Feature) -> str:
    """Where a feature's list is computed, as `Step.call` writes it."""
    return f"{feature.file}:{feature.line}"


def supported_calls(plan: Plan) -> tuple[str, ...]:
    """The call that meets the request with the supported list: the first that is given exactly that list."""
    listed = plan.supported.architectures if plan.supported else None
    own = {call_of(feature) for feature in plan.features or ()}
    found = (
        s.call for s in plan.steps or () if s.call is not None and s.call not in own and listed and s.after == listed
    )
    return tuple(call for call, _first in zip(found, range(1), strict=False))


def steps_of(plan: Plan, subject: Subject) -> tuple[Step, ...]:
    """The changes that make the lists of a subject, in their order; without a feature those of the supported list."""
    features = [feature for feature in plan.features or () if feature.name in subject.features]
    calls = {call_of(feature) for feature in features}
    variables = set(subject.variables)
    if (not features and not variables) or variables & _supported_names(plan):
        calls |= set(supported_calls(plan))
        variables |= {plan.supported.variable or ""} if plan.supported else set()
    return tuple(s for s in plan.steps or () if s.call in calls or (s.variable in variables and s.variable))


def _list(plan: Plan, name: str) -> Subject | None:
    wanted = (plan.supported.variable or SUPPORTED) if plan.supported and name.lower() == SUPPORTED else name
    features = tuple(f.name or "" for f in plan.features or () if f.variable == wanted)
    known = {step.variable for step in plan.steps or ()} | _supported_names(plan)
    if wanted not in known and not features:
        return None
    # A feature may be called like its list.
    return Subject(name=name, variables=(wanted,), features=features)


def _supported_names(plan: Plan) -> set[str]:
    """The supported list, and the list that it leaves the build."""
    if plan.supported is None:
        return set()
    calls = supported_calls(plan)
    left = [s.variable for s in plan.steps or () if s.call in calls and s.after == plan.architectures]
    return {name for name in (plan.supported.variable, *left[-1:]) if name}


def _exact_feature(plan: Plan, name: str) -> Subject | None:
    found = tuple(f.name or "" for f in plan.features or () if (f.name or "").lower() == name.lower())
    return Subject(name=name, features=found) if found else None


def _feature(plan: Plan, name: str) -> Subject | None:
    found = tuple(feature.name or "" for feature in features_named(plan, name))
    return Subject(name=name, features=found) if found else None


def _source(plan: Plan, name: str) -> Subject | None:
    if "." not in name and "/" not in name:
        return None
    whole = _matcher(name)
    last = _matcher(f"*/{name}")
    known = [source.path for source in plan.sources or ()]
    # A block that is not built adds its sources to no extension.
    known += [path for feature in plan.features or () for path in feature.sources or ()]
    paths = tuple(dict.fromkeys(path for path in known if path and (whole(path) or last(path))))
    return Subject(name=name, sources=paths, features=tuple(_built_of(plan, paths))) if paths else None


def _built_of(plan: Plan, paths: Iterable[str]) -> Iterator[str]:
    wanted = set(paths)
    return (feature.name or "" for feature in plan.features or () if wanted & set(feature.sources or ()))


def _is_pattern(name: str) -> bool:
    return any(sign in name for sign in "*?[")


def _matcher(pattern: str) -> Callable[[str], bool]:
    try:
        return glob_matcher(pattern)
    except ValueError as error:
        raise RequestError(str(error)) from error
