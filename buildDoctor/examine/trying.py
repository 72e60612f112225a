"""Tries each fix on a copy of the inputs: the same scripts, the same rules, one change."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from buildDoctor.adapters.cmake.plan import PlanReading
from buildDoctor.adapters.cmake.question import Question, split_request
from buildDoctor.adapters.cmake.scripts import text_of
from buildDoctor.core.device.architectures import ArchitectureError
from buildDoctor.core.evidence import Evidence, Feature
from buildDoctor.core.findings import Fix, Outcome, Trial, by_hand
from buildDoctor.core.fixes.list_edits import EditError, edit_list, unified_diff
from buildDoctor.core.fixes.proposals import Change, Proposal, proposals_for
from buildDoctor.core.fixes.trials import judge_trial
from buildDoctor.core.judging.judge import Held, Judgement, judge
from buildDoctor.core.rules.rule import Rule
from buildDoctor.examine.gathered import Gathered
from buildDoctor.examine.setup_builds import read_again

_RANK = {Outcome.PROVEN: 0, Outcome.CANNOT_TRY: 1, Outcome.MAKES_WORSE: 2, Outcome.NO_EFFECT: 3}
_LIST_LOCATION = re.compile(r"\w+(\.\w+)*", re.ASCII)
_MOST_TRIALS = 200
_MOST_SECONDS = 60.0


class Trials(Struct):
    """The trials of one examination; a change that two findings offer is replayed once."""

    gathered: Gathered
    rules: tuple[Rule, ...]
    before: Judgement
    saved: Mapping[tuple[str, str, str], Fix] = field(default_factory=dict)
    """Fixes that were tried when the report was made, by rule, subject and title."""
    _begun: float = field(default_factory=time.monotonic)
    _done: dict[Change, tuple[PlanReading, Judgement, str | None] | str] = field(default_factory=dict)

    def fixes_for(self, held: Held) -> tuple[Fix, ...]:
        """The fixes for one finding, each tried where it can be; proven ones first."""
        fixes = [self._tried(held, proposal) for proposal in proposals_for(held, self.gathered.evidence)]
        return tuple(sorted(fixes, key=lambda fix: _RANK[fix.trial.outcome]))

    def _tried(self, held: Held, proposal: Proposal) -> Fix:
        tried_before = self.saved.get((held.rule.id, held.subject, proposal.title))
        if tried_before is not None:
            return tried_before
        trial, patch = self._trial(held, proposal)
        return Fix(
            title=proposal.title,
            safety=proposal.safety,
            patch=patch,
            command=proposal.command,
            environment=proposal.environment,
            text=proposal.text,
            verify=proposal.verify,
            trial=trial,
        )

    def _trial(self, held: Held, proposal: Proposal) -> tuple[Trial, str | None]:
        if proposal.change is None:
            return by_hand("it is a change by hand, which a replay of the build scripts cannot show"), None
        if proposal.change not in self._done:
            self._done[proposal.change] = self._replay(proposal.change)
        done = self._done[proposal.change]
        if isinstance(done, str):
            return _cannot(done), None
        reading, after, patch = done
        plan = self.gathered.evidence.plan
        if reading.plan is None or plan is None:
            return _cannot(reading.not_seen[0].reason if reading.not_seen else "there is no plan"), patch
        capabilities = self.gathered.evidence.capabilities
        # The line of an error may move with the edit; its words do not.
        known = {_words(complaint) for complaint in self.gathered.complaints}
        refusals = tuple(complaint for complaint in reading.complaints if _words(complaint) not in known)
        return judge_trial(held, self.before, after, (plan, reading.plan), capabilities, refusals), patch

    def _replay(self, change: Change) -> tuple[PlanReading, Judgement, str | None] | str:
        """The plan after a change, what holds then, and the patch; or why it cannot be tried."""
        tree, question = self.gathered.tree, self.gathered.question
        if tree is None or question is None:
            return "the source tree is not at hand: run build-doctor on it, or name it with --source"
        if len(self._done) >= _MOST_TRIALS:
            return f"{_MOST_TRIALS} changes were tried already"
        if time.monotonic() - self._begun > _MOST_SECONDS:
            return f"the trials before it took more than {_MOST_SECONDS:g} s"
        try:
            asked = _asked(question, change)
            changed, patch = self._edited(change)
        except (EditError, ArchitectureError) as error:
            return str(error)
        reading = read_again(self.gathered, tree, asked, changed)
        after = judge(replace(self.gathered.evidence, plan=reading.plan), self.rules)
        return reading, after, patch

    def _edited(self, change: Change) -> tuple[dict[str, str], str | None]:
        """The new text of the script that holds the list, and the change as a patch.

        Raises:
            EditError: the script does not hold the list as the plan says.
        """
        if not change.at or self.gathered.tree is None:
            return {}, None
        file, line = _place(self.gathered.evidence, change.at)
        text = text_of(self.gathered.tree / file)
        if "\ufffd" in text:
            raise EditError(f"{file} is not UTF-8, so it is not edited here")
        edited = edit_list(text, line, remove=change.remove, add=change.add)
        return {file: edited}, unified_diff(text, edited, file)


def _words(complaint: str) -> str:
    """An error without its place."""
    return complaint.partition(": ")[2]


def _cannot(why: str) -> Trial:
    return Trial(outcome=Outcome.CANNOT_TRY, why=why)


def _asked(question: Question, change: Change) -> Question:
    asked = question.asking(split_request(change.request)) if change.request else question
    return replace(asked, cuda=change.toolkit or question.cuda)


def _place(evidence: Evidence, path: str) -> tuple[str, int]:
    """The script and line that a piece of evidence names.

    Raises:
        EditError: it names none.
    """
    value: object = evidence
    for name in path.split(".") if _LIST_LOCATION.fullmatch(path) else ():
        value = getattr(value, name, None)
    file, line = getattr(value, "file", None), getattr(value, "line", None)
    if not isinstance(file, str) or not isinstance(line, int) or file.startswith("/"):
        raise EditError(f"{path} does not stand in a script of the tree")
    return file, line


def fixes_by_finding(trials: Trials, held: Iterable[Held]) -> list[tuple[Held, tuple[Fix, ...]]]:
    """Each finding with its fixes; where no rule's own fix of a feature is proven, with those that a search finds."""
    pairs = [(one, trials.fixes_for(one)) for one in held]
    mended = {_feature_of(one) for one, fixes in pairs if _is_mended(fixes)}
    lacking = {_feature_of(one) for one, _fixes in pairs} - mended - {""}
    unmended = [one for one, fixes in pairs if one.rule.family == "plan" and not _is_mended(fixes)]
    if not lacking and not unmended:
        return pairs
    # Most examinations search for nothing.
    from buildDoctor.examine.searched_fixes import searched_fixes, with_next_step  # noqa: PLC0415  see above

    found = searched_fixes(trials.gathered, trials.rules, trials.saved, pairs, lacking) if lacking else pairs
    return with_next_step(trials.gathered.evidence, found, mended - {""})


def _is_mended(fixes: Iterable[Fix]) -> bool:
    return any(fix.trial.outcome is Outcome.PROVEN for fix in fixes)


def _feature_of(held: Held) -> str:
    """The name of the feature that a finding is about; empty for none."""
    bound = held.bindings.get("feature")
    return (bound.value.name or "") if bound is not None and isinstance(bound.value, Feature) else ""
