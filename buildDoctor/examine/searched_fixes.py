"""Further fixes of findings: what a search proves, where no fix of the rules is proven."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from msgspec.structs import replace

from buildDoctor.core.candidates import Kind
from buildDoctor.core.findings import Fix, Safety
from buildDoctor.core.judge import Held
from buildDoctor.core.rules import Rule
from buildDoctor.core.searching import Goal, Tried, goals
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
