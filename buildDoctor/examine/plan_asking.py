"""The plan of one tree, with what is needed to ask about it again."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from buildDoctor.adapters.cmake.question import Question
from buildDoctor.core.errors import RequestError
from buildDoctor.core.evidence import Evidence, Plan
from buildDoctor.core.report import Report
from buildDoctor.core.subjects import Subject, subject_of
from buildDoctor.core.traces import Trace, trace
from buildDoctor.examine.gathered import Gathered
from buildDoctor.examine.judging import report_on
from buildDoctor.examine.kernel_sources import kernel_sources
from buildDoctor.examine.look import look
from buildDoctor.examine.options import Options, Progress
from buildDoctor.examine.rulebook import Rulebook, rulebook_of


def _silent(_step: str) -> None:
    """No progress is shown."""


class AskedPlan(Struct, frozen=True):
    """A plan and its tree."""

    gathered: Gathered
    book: Rulebook
    plan: Plan
    tree: Path
    question: Question
    given: str
    """The tree, as the user wrote it."""

    @property
    def evidence(self) -> Evidence:
        """All that was seen."""
        return self.gathered.evidence

    def report(self) -> Report:
        """The report on the tree, by the rules of the plan."""
        return report_on(self.gathered, (self.given,), self.book, _silent)

    def subject(self, name: str) -> Subject:
        """What a name stands for in this plan and tree.

        Raises:
            RequestError: it stands for nothing.
        """
        try:
            return subject_of(self.plan, name)
        except RequestError:
            # The sources are read only when nothing else has that name.
            return subject_of(self.plan, name, kernel_sources(self.plan, self.tree, name))

    def trace(self, name: str) -> Trace:
        """How the lists of a name are made, and how far it comes on each GPU.

        Raises:
            RequestError: the plan has nothing of that name.
        """
        return trace(self.evidence, self.plan, self.subject(name))


def ask_plan(options: Options, progress: Progress = _silent) -> AskedPlan:
    """Look at the tree that the options name, and at nothing else.

    Raises:
        RequestError: there is no plan, or an option is wrong.
    """
    alone = replace(options, targets=(), select=("plan", "toolkit"))
    book = rulebook_of(alone)
    gathered = look(alone, (), progress)
    plan, tree, question = gathered.evidence.plan, gathered.tree, gathered.question
    if plan is None or tree is None or question is None:
        reasons = [missing.reason for missing in gathered.evidence.not_seen if missing.path == "plan"]
        raise RequestError("\n".join(gathered.failures) or " ".join(reasons))
    return AskedPlan(gathered, book, plan, tree, question, alone.source or ".")
