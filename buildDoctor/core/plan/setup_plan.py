"""The plan of a setup.py, from all the ways through it: what they agree on is known, what they differ in is not."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Iterator
from itertools import combinations
from typing import TypeVar

from msgspec import Struct

from buildDoctor.core.evidence import Extension, NotSeen, Origin, Plan, PlannedSource, Step
from buildDoctor.core.plan.nvcc_flags import spelt_architectures
from buildDoctor.core.plan.setup_ways import AskedExtension, DecidedBy, Machine, Resolved, Way, resolve

_MOST_CONDITIONS = 3
_ABOUT_ARCHITECTURES = re.compile(r"ARCH|GENCODE|CAPABILIT|COMPUTE|(?:^|_)SM(?:$|_|S)")
_Key = tuple[str, int]
_Fact = TypeVar("_Fact", bound=Hashable)


class Found(Struct, frozen=True, kw_only=True):
    """A plan with where it comes from and what is missing; without a plan the reason stands in `gaps`."""

    plan: Plan | None
    origins: tuple[Origin, ...] = ()
    gaps: tuple[NotSeen, ...] = ()


class _Outcome(Struct, frozen=True):
    """An extension on one way."""

    extension: AskedExtension
    resolved: Resolved


def plan_from_ways(
    ways: Iterable[Way], texts: Iterable[str], machine: Machine, *, source: str, request: tuple[str, ...] | None
) -> Found:
    """What a setup.py decides, given that its build goes through.

    Args:
        ways: all the ways through the script.
        texts: the texts in the script, for the architectures that they spell out.
        machine: the machine of the build.
        source: the folder of the source tree.
        request: the architectures that the build is asked for, if any.
    """
    given = tuple(ways)
    ways = tuple(way for way in given if not way.stop)
    if not ways:
        reasons = dict.fromkeys(way.stop for way in given)
        return Found(plan=None, gaps=(NotSeen(path="plan", reason=f"the script stops: {'; '.join(reasons)}"),))
    merge = _Merge(ways, [_outcomes(way, machine) for way in ways])
    extensions = tuple(merge.extension(key) for key in merge.keys)
    sources = tuple(found for key in merge.keys for found in merge.sources(key))
    known = [planned.architectures for planned in sources if planned.architectures is not None]
    whole = (
        tuple(dict.fromkeys(a for architectures in known for a in architectures))
        if len(known) == len(sources)
        else None
    )
    plan = Plan(
        source=source, cuda_version=machine.cuda, request=request, architectures=whole, features=(), sources=sources,
        extensions=extensions, steps=_common_steps(ways), builder="setup.py", spelt=spelt_architectures(texts),
        rejected=merge.rejected(machine),
        variables=tuple(dict.fromkeys(v for way in ways for v in way.variables if _ABOUT_ARCHITECTURES.search(v))),
    )  # fmt: skip
    return Found(plan=plan, origins=tuple(merge.origins()), gaps=tuple(merge.gaps()))


def _outcomes(way: Way, machine: Machine) -> dict[_Key, _Outcome]:
    """The extensions of a way by name; of several with one name each has its own number."""
    found: dict[_Key, _Outcome] = {}
    for extension in way.extensions:
        number = sum(name == extension.name for name, _ in found)
        found[extension.name, number] = _Outcome(extension, resolve(extension, way, machine))
    return found


def _common_steps(ways: tuple[Way, ...]) -> tuple[Step, ...]:
    """The changes to lists that every way makes."""
    others = [set(way.steps) for way in ways[1:]]
    return tuple(step for step in ways[0].steps if all(step in other for other in others))


class _Merge:
    """All ways side by side."""

    def __init__(self, ways: tuple[Way, ...], outcomes: list[dict[_Key, _Outcome]]) -> None:
        self._ways = ways
        self._outcomes = outcomes
        self.keys = list(dict.fromkeys(key for outcome in outcomes for key in outcome))
        self._gaps: list[NotSeen] = []

    def extension(self, key: _Key) -> Extension:
        """An extension, with every source that any way gives it."""
        place = self.keys.index(key)
        if any(key not in outcome or not outcome[key].extension.certain for outcome in self._outcomes):
            self._miss(f"plan.extensions[{place}]", f"whether {key[0]} is built", lambda o: key in o)
        decided = self._agreed(key, lambda o: o.resolved.decided_by)
        own_ways = dict.fromkeys(o.extension.built_by for o in self._having(key) if o.extension.built_by)
        self._gaps += [
            NotSeen(
                path=f"plan.extensions[{place}].architectures_from",
                reason=f"{key[0]} is built by the script's own {own}",
            )
            for own in own_ways
        ]
        every = dict.fromkeys(source for o in self._having(key) for source in o.extension.sources)
        doubts = dict.fromkeys(o.extension.sources_doubt for o in self._having(key) if o.extension.sources_doubt)
        self._gaps += [
            NotSeen(path=f"plan.extensions[{place}].sources", reason=f"{key[0]} may have further sources: {doubt}")
            for doubt in doubts
        ]
        return Extension(
            name=key[0], sources=tuple(every), generated=None if doubts else (),
            architectures_from=decided.value if decided is not None else None,
        )  # fmt: skip

    def sources(self, key: _Key) -> Iterator[PlannedSource]:
        """The CUDA sources of an extension with their architectures, as far as all ways agree."""
        first = len(self._gaps)
        architectures = self._agreed(key, lambda o: o.resolved.architectures)
        definitions = self._agreed(key, lambda o: o.extension.definitions)
        for source in dict.fromkeys(s for o in self._having(key) for s in o.extension.sources if s.endswith(".cu")):
            everywhere = all(key in outcome and source in outcome[key].extension.sources for outcome in self._outcomes)
            planned = PlannedSource(
                path=source,
                extension=key[0],
                architectures=architectures if everywhere else None,
                definitions=definitions if everywhere else None,
            )
            yield planned
            if (planned.architectures is None or planned.definitions is None) and len(self._gaps) == first:
                self._explain(key, source)

    def _explain(self, key: _Key, source: str) -> None:
        """Say once for an extension why the architectures or macros of its sources are not known."""
        doubts = dict.fromkeys(o.resolved.doubt for o in self._having(key) if o.resolved.doubt)
        if doubts:
            reason = f"what {key[0]} is compiled for is not known: {'; '.join(doubts)}"
            self._gaps.append(NotSeen(path="plan.sources", reason=reason))
        elif any(key not in outcome for outcome in self._outcomes):
            # That is said of the extension itself.
            return
        elif all(o.extension.definitions is None for o in self._having(key)):
            self._gaps.append(NotSeen(path="plan.sources", reason=f"the macros of {key[0]} cannot be followed"))
        else:
            what = f"what of {key[0]} is compiled, such as {source}, for which architectures and with which macros,"
            self._miss("plan.sources", what, lambda o: _shape(o.get(key)))

    def _agreed(self, key: _Key, of: Callable[[_Outcome], _Fact]) -> _Fact | None:
        """What all ways say; nothing when they differ, or when one does not have the extension."""
        if any(key not in outcome or not outcome[key].extension.certain for outcome in self._outcomes):
            return None
        values = {of(outcome[key]) for outcome in self._outcomes}
        return values.pop() if len(values) == 1 else None

    def _having(self, key: _Key) -> list[_Outcome]:
        return [outcome[key] for outcome in self._outcomes if key in outcome]

    def _miss(self, path: str, what: str, of: Callable[[dict[_Key, _Outcome]], Hashable]) -> None:
        conditions = self._conditions([of(outcome) for outcome in self._outcomes])
        hangs = " and ".join(conditions) or "conditions that are not known"
        self._gaps.append(NotSeen(path=path, reason=f"{what} hangs on {hangs}"))

    def _conditions(self, values: list[Hashable]) -> list[str]:
        """The unknown conditions that make a difference all by themselves: two ways differ in nothing else."""
        answers = [dict(way.answers) for way in self._ways]
        found: dict[str, None] = {}
        for (mine, value), (others, other) in combinations(zip(answers, values, strict=True), 2):
            if value == other:
                continue
            differing = [condition for condition in mine if others.get(condition, mine[condition]) != mine[condition]]
            found |= dict.fromkeys(differing if len(differing) == 1 else ())
        return list(found)[:_MOST_CONDITIONS]

    def rejected(self, machine: Machine) -> tuple[str, ...] | None:
        """What torch's helper does not accept; nothing where it decides and its lists were not seen."""
        resolved = [outcome.resolved for outcomes in self._outcomes for outcome in outcomes.values()]
        if machine.helper is None and any(one.decided_by is DecidedBy.TORCH for one in resolved):
            reason = "what torch's build helper accepts is not known; name torch's environment with --python EXE"
            self._gaps.append(NotSeen(path="plan.rejected", reason=reason))
            return None
        return tuple(dict.fromkeys(architecture for one in resolved for architecture in one.unknown_to_torch))

    def origins(self) -> Iterator[Origin]:
        """Where each extension stands."""
        yield Origin(path="plan", source="setup.py, followed on its syntax tree and not run")
        for place, key in enumerate(self.keys):
            extension = self._having(key)[0].extension
            yield Origin(path=f"plan.extensions[{place}]", source=f"{extension.file}:{extension.line}")

    def gaps(self) -> list[NotSeen]:
        """All that the ways leave open."""
        reasons = dict.fromkeys(doubt for way in self._ways for doubt in way.doubts)
        notes = dict.fromkeys(note for way in self._ways for note in way.notes)
        return [
            NotSeen(
                path="plan.supported", reason="a setup.py filters the request by no list that build-doctor recognises"
            ),
            *self._gaps,
            *(
                NotSeen(path="plan.extensions", reason=f"there may be further extensions: {reason}")
                for reason in reasons
            ),
            *(NotSeen(path="plan.extensions", reason=f"this was not followed: {note}") for note in notes),
        ]


def _shape(outcome: _Outcome | None) -> Hashable:
    """What ways may differ in about an extension."""
    return outcome and (outcome.extension.sources, outcome.resolved.architectures, outcome.extension.definitions)
