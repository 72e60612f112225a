"""Searches for the changes that bring a kernel back: many are considered, the promising ones replayed whole."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import replace

from buildDoctor.adapters.cmake.plan import PlanReading, read_plan
from buildDoctor.adapters.cmake.question import Question, split_request
from buildDoctor.core.device.architectures import ArchitectureError
from buildDoctor.core.evidence import Evidence, Plan
from buildDoctor.core.findings import Outcome, Trial
from buildDoctor.core.fixes.candidates import Candidate, Kind, candidates
from buildDoctor.core.fixes.list_edits import EditError
from buildDoctor.core.fixes.plan_changes import Changes
from buildDoctor.core.fixes.searching import (
    Found,
    Goal,
    Refuted,
    Tried,
    is_less,
    is_often_proposed,
    is_weaker,
    ranked,
    side_effects,
    trial_of,
    why_not,
)
from buildDoctor.core.flow import serving
from buildDoctor.core.judging.judge import Held, Judgement, judge
from buildDoctor.core.plan.lists import natural_key
from buildDoctor.core.rules.rule import Rule
from buildDoctor.core.subjects import call_of
from buildDoctor.examine.placed_lists import lists_of_feature, placed_lists
from buildDoctor.examine.probing import MOST_PROBES, Lists, function_at, probe, targets_of
from buildDoctor.examine.what_if import edited, question_of

_WORKERS = 2
"""The replay is a process of its own; what Python does around it runs one at a time."""
_MOST_SECONDS = 60.0
_MOST_WORSE = 3

Outcomes = tuple[PlanReading, str] | str
"""The plan with a change and its patch, or why there is none."""


class Search(Struct):
    """The search in one tree; a change that several goals consider is replayed once."""

    evidence: Evidence
    plan: Plan
    tree: Path
    question: Question
    rules: tuple[Rule, ...]
    complaints: tuple[str, ...] = ()
    """Errors that the build scripts give without any change."""
    most_replays: int = 80
    """How many changes are replayed whole for one goal."""
    _begun: float = field(default_factory=time.monotonic)
    _done: dict[Changes, Outcomes] = field(default_factory=dict)
    _probed: dict[object, tuple[tuple[str, ...], ...] | None] = field(default_factory=dict)
    _before: Judgement | None = None

    def find(self, goal: Goal) -> Found:
        """The proven changes for one goal, and why often proposed ones do not help."""
        every = self._candidates(goal)
        likely, filtered = self._filtered(goal, every)
        chosen = likely[: self.most_replays]
        proposed = [candidate for candidate in every if is_often_proposed(candidate, self.plan)]
        self._replay_all([*chosen, *(one for one in proposed if one not in chosen)])
        tried = [self._tried(goal, candidate) for candidate in chosen]
        proven = ranked(one for one in tried if one.trial.outcome is Outcome.PROVEN)
        worse = ranked(one for one in tried if one.trial.outcome is Outcome.MAKES_WORSE)
        return Found(
            goal=goal,
            candidates=len(every),
            filtered=filtered,
            replayed=len(chosen),
            left_out=len(likely) - len(chosen),
            proven=proven,
            refuted=tuple(self._refuted(goal, proposed)),
            worse=() if proven else worse[:_MOST_WORSE],
        )

    def is_gone(self, held: Held, candidate: Candidate) -> bool:
        """Whether a finding is gone with a candidate that was replayed."""
        done = self._done[candidate.changes]
        if isinstance(done, str) or done[0].plan is None:
            return False
        after = self._judged(done[0].plan)[1]
        return not any(held.keys & one.keys for one in after.held)

    def _candidates(self, goal: Goal) -> tuple[Candidate, ...]:
        supported = self.plan.supported
        placed = (
            [(supported.variable or "the supported list", supported.file or "", supported.line or 0)]
            if supported
            else []
        )
        own = lists_of_feature(self.plan, self.tree, goal.feature) if goal.feature else ()
        return candidates(self.plan, goal.feature, goal.capability, placed_lists(self.tree, placed), own)

    def _filtered(self, goal: Goal, every: Sequence[Candidate]) -> tuple[list[Candidate], int]:
        """Those that are worth a whole replay, the most promising first, and how many are not."""
        asked = [(candidate, lists) for candidate in every for lists in self._lists(goal, candidate)]
        hopeful = {candidate for candidate in every if not self._lists(goal, candidate)}
        whole = set(hopeful)
        for at in range(0, len(asked), MOST_PROBES):
            part = asked[at : at + MOST_PROBES]
            predicted = self._predicted(goal, tuple(lists for _c, lists in part))
            if predicted is None:
                return sorted(every, key=lambda candidate: candidate.size), 0
            for (candidate, _lists), left in zip(part, predicted, strict=True):
                served = serving(left, goal.capability)
                hopeful |= {candidate} if served else set()
                whole |= {candidate} if served and not is_less(goal, served) else set()
        likely = [candidate for candidate in every if candidate in hopeful]
        likely.sort(key=lambda candidate: (candidate not in whole, candidate.size))
        return likely, len(every) - len(likely)

    def _predicted(self, goal: Goal, lists: tuple[Lists, ...]) -> tuple[tuple[str, ...], ...] | None:
        """What the list functions give; features that ask the same function for the same list share the answer."""
        feature = goal.feature
        key = (function_at(self.tree, call_of(feature)), feature.wants, feature.gets, lists) if feature else lists
        if key not in self._probed:
            self._probed[key] = probe(self.plan, self.tree, self.question, feature, lists)
        return self._probed[key]

    def _lists(self, goal: Goal, candidate: Candidate) -> tuple[Lists, ...]:
        """What to ask the list functions about a candidate; nothing where only a whole replay can tell."""
        if candidate.kind is Kind.SUPPORTED:
            return (Lists(supported=candidate.changes.lists[0].after),)
        if candidate.kind is Kind.OWN and goal.feature is not None:
            *first, own = candidate.changes.lists
            # A list in several parts is changed in one of them.
            whole = set(own.before) == set(goal.feature.wants or ())
            return (Lists(supported=first[0].after if first else None, wants=own.after),) if whole else ()
        if candidate.kind is Kind.REQUEST:
            return tuple(Lists(targets=targets) for targets in self._targets(candidate))
        return ()

    def _targets(self, candidate: Candidate) -> tuple[tuple[str, ...], ...]:
        """What the scripts may make of another request: its numbers in order, with and without their suffixes."""
        today = _in_order(self.plan.request or ())
        if today != targets_of(self.plan):
            return ()
        request = split_request(candidate.changes.request)
        plain = tuple(element.rstrip("af") for element in (item.removesuffix("+PTX") for item in request))
        return tuple(dict.fromkeys((_in_order(request), _in_order(plain))))

    def _replay_all(self, chosen: Iterable[Candidate]) -> None:
        """Replay what was not replayed before, two at a time."""
        missing = [c for c in dict.fromkeys(map(_changes, chosen)) if c not in self._done]
        with ThreadPoolExecutor(_WORKERS) as pool:
            self._done.update(zip(missing, pool.map(self._replayed, missing), strict=True))

    def _replayed(self, changes: Changes) -> Outcomes:
        if time.monotonic() - self._begun > _MOST_SECONDS:
            return f"the changes before it took more than {_MOST_SECONDS:g} s"
        try:
            question = question_of(self.plan, changes, self.question)
            texts, patch = edited(self.tree, changes.lists)
        except (EditError, ArchitectureError) as error:
            return str(error)
        return read_plan(self.tree, question, texts), patch

    def _tried(self, goal: Goal, candidate: Candidate) -> Tried:
        done = self._done[candidate.changes]
        if isinstance(done, str) or done[0].plan is None:
            why = done if isinstance(done, str) else " ".join(gap.reason for gap in done[0].not_seen)
            return Tried(candidate=candidate, trial=Trial(outcome=Outcome.CANNOT_TRY, why=why))
        reading, patch = done
        after = done[0].plan
        known = {_words(complaint) for complaint in self.complaints}
        refusals = tuple(one for one in reading.complaints if _words(one) not in known)
        return Tried(
            candidate=candidate,
            trial=trial_of(goal, self.evidence, after, lambda: self._judged(after), refusals),
            side_effects=side_effects(goal, self.plan, after),
            patch=patch,
            weaker=is_weaker(goal, after),
        )

    def _judged(self, after: Plan) -> tuple[Judgement, Judgement]:
        """What the rules say without a change and with it."""
        if self._before is None:
            self._before = judge(self.evidence, self.rules)
        return self._before, judge(replace(self.evidence, plan=after), self.rules)

    def _refuted(self, goal: Goal, proposed: Iterable[Candidate]) -> Iterable[Refuted]:
        """Why what is often proposed does not help; changes that fail for the same reason stand together."""
        failed = []
        for candidate in proposed:
            tried = self._tried(goal, candidate)
            done = self._done[candidate.changes]
            if tried.trial.outcome is Outcome.NO_EFFECT and not isinstance(done, str) and done[0].plan is not None:
                failed.append((candidate, why_not(goal, candidate, done[0].plan)))
        # The pair of a number and its suffix says all that the single ones say.
        failed.sort(key=lambda one: (one[0].added[0].rstrip("af"), -one[0].size))
        for _number, group in groupby(failed, lambda one: one[0].added[0].rstrip("af")):
            members = list(group)
            yield Refuted(titles=tuple(one.title for one, _why in members), why=members[0][1])


def _in_order(request: Iterable[str]) -> tuple[str, ...]:
    """The architectures of a request in ascending order, each once, as scripts read them out of the compiler's flags."""
    plain = dict.fromkeys(element.removesuffix("+PTX") for element in request)
    return tuple(sorted(plain, key=natural_key))


def _changes(candidate: Candidate) -> Changes:
    return candidate.changes


def _words(complaint: str) -> str:
    """An error without its place, which may move with the edit."""
    return complaint.partition(": ")[2]
