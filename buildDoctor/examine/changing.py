"""From changes as they are typed to a plan with them."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct, field

from buildDoctor.core.errors import RequestError
from buildDoctor.core.evidence import Plan
from buildDoctor.core.fixes.asked_changes import CUDA, REQUEST, AskedChange, read_change
from buildDoctor.core.fixes.plan_changes import Changes, ListChange, PlacedList, WhatIf
from buildDoctor.core.fixes.trials import compare
from buildDoctor.examine.placed_lists import list_named
from buildDoctor.examine.plan_asking import AskedPlan
from buildDoctor.examine.setup_builds import read_again
from buildDoctor.examine.what_if import question_of, what_if


class _Reading(Struct):
    """The changes so far."""

    asked: AskedPlan
    plan: Plan | None = None
    """The plan with the other toolkit and request, whose lists may stand elsewhere."""
    cuda: str = ""
    request: tuple[str, ...] | None = None
    lists: dict[tuple[str, int], tuple[PlacedList, tuple[str, ...]]] = field(default_factory=dict)

    def take(self, change: AskedChange) -> None:
        name = change.name.lower()
        if name == CUDA:
            self.cuda = change.elements[0]
        elif name == REQUEST:
            self.request = change.applied(self.request if self.request is not None else self.asked.plan.request or ())
            if not self.request:
                raise RequestError(f"--what-if {change.text!r}: nothing would be left to ask for")
        else:
            placed = list_named(self.plan or self.asked.plan, self.asked.tree, change)
            before = self.lists.get((placed.file, placed.line), (placed, placed.elements))[1]
            self.lists[placed.file, placed.line] = placed, change.applied(before)

    def changes(self) -> Changes:
        return Changes(
            cuda=self.cuda,
            request=" ".join(self.request or ()),
            lists=tuple(
                ListChange(file=placed.file, line=placed.line, before=placed.elements, after=after)
                for placed, after in self.lists.values()
            ),
        )


def changes_of(asked: AskedPlan, texts: Iterable[str]) -> Changes:
    """Changes as they are typed, with each list's place in the scripts.

    Raises:
        RequestError: one is malformed, or names a list or an element that is not there.
    """
    reading = _Reading(asked)
    every = [read_change(text) for text in texts]
    inputs = [change for change in every if change.name.lower() in {CUDA, REQUEST}]
    for change in inputs:
        reading.take(change)
    if inputs and len(inputs) < len(every):
        result = changed_plan(asked, reading.changes())
        if result.plan is None:
            raise RequestError(f"--what-if: {result.why}")
        reading.plan = result.plan
    for change in every:
        if change not in inputs:
            reading.take(change)
    return reading.changes()


def changed_plan(asked: AskedPlan, changes: Changes) -> WhatIf:
    """What the build would decide after the changes; a setup.py is read again for its toolkit and its request."""
    capabilities = asked.evidence.capabilities or ()
    if asked.plan.builder != "setup.py":
        return what_if(asked.plan, asked.tree, changes, capabilities=capabilities, asked=asked.question)
    if changes.lists:
        return WhatIf(why="lists are edited in CMake scripts only; a setup.py takes cuda=… and request=…")
    reading = read_again(asked.gathered, asked.tree, question_of(asked.plan, changes, asked.question))
    if reading.plan is None:
        return WhatIf(why=" ".join(gap.reason for gap in reading.not_seen) or "there is no plan")
    compared, gained = (
        compare(*pair, capabilities) for pair in ((asked.plan, reading.plan), (reading.plan, asked.plan))
    )
    return WhatIf(plan=reading.plan, compared=compared, gained=gained.lost)
