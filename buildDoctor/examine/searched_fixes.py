"""Further fixes of findings: what a search proves, where no fix of the rules is proven."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from msgspec.structs import replace

from buildDoctor.core.evidence import Evidence
from buildDoctor.core.findings import Fix, Outcome, Safety, Severity, by_hand
from buildDoctor.core.fixes.candidates import Kind
from buildDoctor.core.fixes.searching import Goal, Tried, goals, search_command
from buildDoctor.core.judging.judge import Held
from buildDoctor.core.reporting.composing import is_one_of
from buildDoctor.core.rules.rule import Rule
from buildDoctor.examine.gathered import Gathered
from buildDoctor.examine.search import Search

_MOST_GOALS = 3
_MOST_REPLAYS = 16
"""Fewer than a search by itself takes: a report waits for it."""
_MOST_FIXES = 2
_MARK = " (found by a search)"

Pairs = list[tuple[Held, tuple[Fix, ...]]]


def searched_fixes(
    gathered: Gathered,
    rules: tuple[Rule, ...],
    saved: Mapping[tuple[str, str, str], Fix],
    pairs: Pairs,
    lacking: Collection[str],
) -> Pairs:
    """The findings with their fixes, and with what a search proves for those about a feature without a proven fix.

    Args:
        gathered: what was examined, with the tree where it is at hand.
        rules: the rules that are judged by.
        saved: the fixes of a saved report, by rule, subject and title; what a search found then is kept.
        pairs: the findings with the fixes of their rules.
        lacking: the names of the features for which none is proven.
    """
    question, plan, tree = gathered.question, gathered.evidence.plan, gathered.tree
    if question is None or plan is None or tree is None or plan.builder == "setup.py":
        return [(held, (*_kept(held, saved), *fixes)) for held, fixes in pairs]
    search = Search(gathered.evidence, plan, tree, question, rules, gathered.complaints, most_replays=_MOST_REPLAYS)
    chosen = [goal for goal in goals(gathered.evidence, lacking) if goal.feature][:_MOST_GOALS]
    found = [(goal, search.find(goal).proven) for goal in chosen]
    # The search is asked only where nothing else is proven, so what it proves comes first.
    return [(held, (*_fixes(held, search, found), *fixes)) for held, fixes in pairs]


def with_next_step(evidence: Evidence, pairs: Pairs, mended: Collection[str]) -> Pairs:
    """The findings with their fixes; of a loss in the scripts for which none is proven, first with the search for one.

    Args:
        evidence: what was seen.
        pairs: the findings with all fixes that there are.
        mended: the names of the features for which another finding has a proven fix.
    """
    plan = evidence.plan
    if plan is None or plan.builder != "cmake":
        return pairs
    lost = [goal for goal in goals(evidence) if goal.name not in mended]
    said = tuple(pattern for held, _fixes in pairs if held.rule.family == "log" for pattern in held.rule.features)
    named = [goal for goal in lost if goal.feature is not None and is_one_of(goal.feature, said)]
    return [(held, (*_next_step(held, fixes, evidence, lost, named), *fixes)) for held, fixes in pairs]


def _next_step(
    held: Held, fixes: tuple[Fix, ...], evidence: Evidence, lost: Sequence[Goal], named: Sequence[Goal]
) -> Iterator[Fix]:
    """The command that searches for what brings back what a finding is about; of what a log names before all else."""
    bad = held.rule.family == "plan" and held.rule.severity is Severity.ERROR
    if not bad or any(fix.trial.outcome is Outcome.PROVEN for fix in fixes):
        return
    feature, capability = held.bindings.get("feature"), held.bindings.get("c")
    if feature is None and capability is None:
        return
    known = [goal for goal in lost if capability is None or goal.capability == capability.value]
    chosen = [goal for goal in known if feature is not None and goal.feature == feature.value]
    if feature is None:
        chosen = [goal for goal in known if goal in named]
    if chosen or (feature is None and known):
        names = dict.fromkeys(goal.name for goal in chosen)
        yield Fix(
            title="Search for a change that brings it back",
            safety=Safety.DISPLAY,
            command=search_command(evidence, names),
            trial=by_hand("it is a change that a search has to find, which takes longer than a report may"),
        )


def _kept(held: Held, saved: Mapping[tuple[str, str, str], Fix]) -> Iterator[Fix]:
    """What a search found when the report was made."""
    for (rule, subject, title), fix in saved.items():
        if (rule, subject) == (held.rule.id, held.subject) and title.endswith(_MARK):
            yield fix


def _fixes(held: Held, search: Search, found: Sequence[tuple[Goal, tuple[Tried, ...]]]) -> tuple[Fix, ...]:
    """What brings back what a finding is about, and makes the finding go away."""
    made: list[Fix] = []
    for goal, proven in found:
        feature, capability = held.bindings.get("feature"), held.bindings.get("c")
        if feature is None or feature.value != goal.feature:
            continue
        if capability is not None and capability.value != goal.capability:
            continue
        # Less than the kernel's own list asks for may not compile: that is left to those who search.
        offered = [tried for tried in proven if not tried.weaker and search.is_gone(held, tried.candidate)]
        made += map(_fix, offered[:_MOST_FIXES])
    return tuple(dict.fromkeys(made))


def _fix(tried: Tried) -> Fix:
    candidate, changes = tried.candidate, tried.candidate.changes
    harmless = candidate.kind is Kind.SUPPORTED and not candidate.added
    doubt = "; whether these kernels compile for it, only a build can tell" if candidate.kind is Kind.OWN else ""
    return Fix(
        title=f"{candidate.title}{_MARK}",
        safety=Safety.SAFE if harmless else Safety.UNSAFE,
        patch=tried.patch or None,
        environment=(("TORCH_CUDA_ARCH_LIST", changes.request),) if changes.request else None,
        text=f"Build with CUDA {changes.cuda}." if changes.cuda else None,
        trial=replace(tried.trial, why=f"{tried.trial.why}{doubt}"),
    )
