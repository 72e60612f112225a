"""From what holds to findings: in words, causes first, each with the evidence that it rests on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from buildDoctor.core.evidence import ONLY_WHEN_ASKED, Evidence, Feature, NotSeen, Origin, PackageCode, Unit
from buildDoctor.core.findings import Check, Finding, Fix, Item, Severity, Undecided
from buildDoctor.core.judging.gathering import same
from buildDoctor.core.judging.judge import Held, Unclear
from buildDoctor.core.language.globs import glob_matcher
from buildDoctor.core.report import was_examined
from buildDoctor.core.reporting.clearing import is_cleared
from buildDoctor.core.reporting.log_items import LOG_LINES as _LOG_LINES
from buildDoctor.core.reporting.log_items import log_items
from buildDoctor.core.rules.layers import place_of

_SEVERITIES = tuple(Severity)
_BEGINNING = re.compile(r"[.\[]")
_LONGEST_VALUE = 200
_INDEX = re.compile(r"\[\d+\]")


def finding_of(held: Held, evidence: Evidence, fixes: tuple[Fix, ...]) -> Finding:
    """One thing that holds, in words."""
    rule = held.rule
    return Finding(
        rule=rule.id,
        title=rule.title.render(evidence, held.bindings),
        severity=rule.severity,
        confidence=rule.confidence,
        family=rule.family,
        why=rule.why.render(evidence, held.bindings),
        limits=rule.limits,
        subject=held.subject,
        evidence=tuple(_items(held, evidence)),
        fixes=fixes,
        references=rule.references,
    )


def _items(held: Held, evidence: Evidence) -> Iterable[Item]:
    lines = tuple(log_items(held, evidence))
    yield from lines
    for touched in held.touched:
        # A line of the log that shows the rule's symptom is told whole.
        if not (lines and touched.path.startswith(_LOG_LINES)):
            source = source_of(touched.path, evidence.origins)
            yield Item(path=touched.path, value=value_text(touched.value), source=source)
    if not held.touched and not lines:
        yield Item(path=held.subject, value="holds", source="the rule's own list")


def value_text(value: object) -> str:
    """A value of the evidence as short text."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple | list):
        if any(not isinstance(item, str | int) for item in value):
            return f"{len(value)} element{'s' if len(value) != 1 else ''}{_code_of(value)}"
        text = "; ".join(map(str, value)) or "empty"
    else:
        text = str(value)
    return text if len(text) <= _LONGEST_VALUE else f"{text[: _LONGEST_VALUE - 1]}…"


def _code_of(units: Iterable[object]) -> str:
    """What units have code for, which is what is claimed of them."""
    found = [unit for unit in units if isinstance(unit, Unit | PackageCode)]
    cubins, ptx = (
        "; ".join(sorted({one for unit in found for one in getattr(unit, kind) or ()}, key=_by_number))
        for kind in ("cubins", "ptx")
    )
    return "".join([f", machine code for {cubins}" if cubins else "", f", PTX for {ptx}" if ptx else ""])


def _by_number(architecture: str) -> tuple[int, str]:
    number, _, _rest = architecture.partition(".")
    return int(number) if number.isdecimal() else 0, architecture


def source_of(path: str, origins: Iterable[Origin]) -> str:
    """Where the value of a path comes from: the origin of the longest path above it."""
    return _nearest(path, {origin.path: origin.source for origin in origins}) or "not recorded"


def reason_for(path: str, not_seen: Iterable[NotSeen]) -> str | None:
    """Why the value of a path was not seen."""
    return _nearest(path, {missing.path: missing.reason for missing in reversed(tuple(not_seen))})


def _nearest(path: str, texts: Mapping[str, str]) -> str | None:
    while path:
        # `binaries[].host` answers for the host of every binary that has no answer of its own.
        if (text := texts.get(path) or texts.get(_INDEX.sub("[]", path))) is not None:
            return text
        path = path[: max(path.rfind("."), path.rfind("["), 0)]
    return None


def unasked(unclear: Iterable[Unclear], evidence: Evidence) -> tuple[str, ...]:
    """The rules about what nobody has given, by id: they have not failed to answer, there is no question."""
    absent = {
        name
        for name in ONLY_WHEN_ASKED
        if getattr(evidence, name, None) is None and not reason_for(name, evidence.not_seen)
    }
    return tuple(one.rule.id for one in unclear if any(_BEGINNING.split(path)[0] in absent for path in one.missing))


def undecided(unclear: Iterable[Unclear], evidence: Evidence) -> tuple[Undecided, ...]:
    """The rules that cannot tell, with the reasons why their evidence is missing."""
    return tuple(
        Undecided(
            rule=one.rule.id,
            needs=one.missing,
            why="; ".join(
                dict.fromkeys(reason_for(path, evidence.not_seen) or f"{path} was not seen" for path in one.missing)
            ),
        )
        for one in unclear
    )


def in_order(findings: Iterable[tuple[Finding, Held]]) -> tuple[Finding, ...]:
    """Errors before warnings before notes; in each the causes first, with their consequences beneath them."""
    pairs = list(findings)
    causes = _causes(pairs)
    children: dict[int, list[int]] = {}
    for effect, cause in causes.items():
        children.setdefault(cause, []).append(effect)
    told = [
        replace(finding, explained_by=pairs[causes[at]][0].rule) if at in causes else finding
        for at, (finding, _held) in enumerate(pairs)
    ]
    roots = [at for at in range(len(pairs)) if at not in causes]
    # The sort is stable: of equals, the one that the evidence names first stays first.
    places = [place_of(held.rule.family, held.rule.layer) for _finding, held in pairs]
    ranks = [(_SEVERITIES.index(finding.severity), place) for finding, place in zip(told, places, strict=True)]
    # A cause is as bad as the worst that it explains, and stands where the first of that would; of two in one place, the
    # one that explains more.
    whole = {root: [ranks[at] for at in _with_consequences(root, children, ranks)] for root in roots}
    roots.sort(
        key=lambda at: (
            min(bad for bad, _place in whole[at]),
            min(place for _bad, place in whole[at]),
            -len(children.get(at, ())),
        )
    )
    return tuple(told[at] for root in roots for at in _with_consequences(root, children, ranks))


def _causes(pairs: list[tuple[Finding, Held]]) -> dict[int, int]:
    """The cause of each finding that has one, by their numbers; no chain of causes comes back to its beginning."""
    explaining: dict[str, list[int]] = {}
    for at, (_finding, held) in enumerate(pairs):
        for rule in held.rule.explains:
            explaining.setdefault(rule, []).append(at)
    causes: dict[int, int] = {}
    for effect, (finding, held) in enumerate(pairs):
        for cause in explaining.get(finding.rule, ()):
            if _explains(pairs[cause][1], held) and effect not in _chain(cause, causes):
                causes[effect] = cause
                break
    return causes


def _chain(start: int, causes: Mapping[int, int]) -> list[int]:
    """A finding, its cause, the cause of that, and so on."""
    found = [start]
    while found[-1] in causes:
        found.append(causes[found[-1]])
    return found


def _with_consequences(at: int, children: Mapping[int, list[int]], ranks: Sequence[tuple[int, int]]) -> Iterator[int]:
    """A finding, and beneath it what it explains, and what that explains."""
    yield at
    for child in sorted(children.get(at, ()), key=lambda one: ranks[one]):
        yield from _with_consequences(child, children, ranks)


def _explains(cause: Held, effect: Held) -> bool:
    """Whether one thing that holds is the cause of another: its rule says so, and they do not name different subjects."""
    if cause is effect or effect.rule.id not in cause.rule.explains or cause.rule.id in effect.rule.explains:
        return False
    if not _is_about(cause, effect.rule.features):
        return False
    return all(any(_agree(one, other) for one in cause.parts) for other in effect.parts)


def _is_about(cause: Held, features: tuple[str, ...]) -> bool:
    """Whether a cause names no feature, or one of those that an effect is about."""
    values = [binding.value for part in cause.parts for binding in part.bindings.values()]
    named = [value for value in values if isinstance(value, Feature)]
    return not named or not features or any(is_one_of(feature, features) for feature in named)


def is_one_of(feature: Feature, patterns: Iterable[str]) -> bool:
    """Whether the name of a feature, or of its list, fits one of some patterns."""
    names = [name for name in (feature.name, feature.variable) if name]
    return any(fits(name) for fits in map(glob_matcher, patterns) for name in names)


def _agree(one: Held, other: Held) -> bool:
    """Whether the names that both have stand for the same."""
    shared = one.bindings.keys() & other.bindings.keys()
    return all(same(one.bindings[name].value, other.bindings[name].value) for name in shared)


def verdict(findings: tuple[Finding, ...], unclear: int, evidence: Evidence, checks: Sequence[Check] = ()) -> str:
    """The sentence that comes first: the first cause and how well its fix is known."""
    if not was_examined(evidence):
        # A tree that was named and could not be planned has a better reason than that nothing was named.
        planless = (missing.reason for missing in evidence.not_seen if missing.path == "plan")
        if stated := next((reason for reason in planless if "--source" not in reason), ""):
            return f"Nothing could be examined: {stated}."
        return "Nothing could be examined: name a shared object, a wheel, a package, or a source tree with --source."
    if is_cleared(checks):
        return (
            f"The build is in order for {', '.join(evidence.capabilities or ())}: what fails has another kind of cause."
        )
    if not findings:
        doubt = f"; {unclear} rule{'s' if unclear != 1 else ''} cannot tell" if unclear else ""
        return f"Nothing wrong was found in what could be examined{doubt}."
    first = findings[0]
    fix = first.fixes[0] if first.fixes else None
    if fix is not None and fix.trial.outcome.value == "proven":
        claim = ", as the report says" if fix.trial.claimed else ""
        return f"{first.title}. Proven fix{claim}: {fix.title}."
    return f"{first.title}."
