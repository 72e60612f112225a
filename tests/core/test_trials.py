"""A fix is proven only if its finding is gone, nothing has come in its place, and nothing is lost."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from buildDoctor.core.evidence import Evidence, Feature, Plan, PlannedSource
from buildDoctor.core.findings import Outcome, Trial
from buildDoctor.core.fixes.trials import compare, judge_trial
from buildDoctor.core.judging.judge import judge
from buildDoctor.core.rules.format import read_rule
from buildDoctor.core.rules.rule import Rule


def rule(id_: str, when: str, **more: Any) -> Rule:
    """A rule over the features, with three examples that nobody runs."""
    data: dict[str, Any] = {
        "schema": 1, "id": id_, "title": id_, "severity": "error", "confidence": "certain", "family": "plan",
        "when": when, "why": "Because.", "limits": "None.", "for_each": {"feature": "plan.features"},
        "example": [
            {"name": "a", "expect": "holds", "evidence": {"capabilities": ["9.0"]}},
            {"name": "b", "expect": "does-not-hold"},
            {"name": "c", "expect": "cannot-tell", "evidence": {"capabilities": "not seen"}},
        ],
        **more,
    }  # fmt: skip
    return read_rule(data)


NOTHING = rule("gets-nothing", "feature.gets == []")
NO_SUFFIX = rule("no-suffix", "feature.gets == ['12.0']")
MAYBE = rule("note-only", "feature.gets == ['12.0']", severity="note")
FP4 = Feature(name="FP4", variable="FP4_ARCHS", wants=("12.0a",), gets=(), built=False, sources=("a.cu", "b.cu"))
MLA = Feature(name="MLA", variable="MLA_ARCHS", wants=("9.0a",), gets=("9.0a",), built=True, sources=("c.cu",))
PLAN = Plan(
    request=("9.0", "12.0+PTX"),
    architectures=("9.0", "12.0a"),
    features=(FP4, MLA),
    sources=(PlannedSource(path="plain.cu", extension="_C", architectures=("9.0", "12.0a")),),
)
MENDED = replace(FP4, gets=("12.0a",), built=True)


def tried(
    after: Plan, *rules: Rule, refusals: tuple[str, ...] = (), capabilities: tuple[str, ...] = ("12.0",)
) -> Trial:
    """The outcome of a change from the plan to another, for the first finding."""
    before, then = (judge(Evidence(plan=plan), rules or (NOTHING,)) for plan in (PLAN, after))
    return judge_trial(before.held[0], before, then, (PLAN, after), capabilities, refusals)


def test_what_a_log_said_before_is_not_the_work_of_a_change() -> None:
    """Its lines stay what they are; that the mended scripts and the log do not go together is no harm."""
    late = rule("log-of-another-build", "feature.name == 'FP4' and feature.built", family="log")

    assert tried(replace(PLAN, features=(MENDED, MLA)), NOTHING, late).outcome is Outcome.PROVEN


def test_a_fix_that_mends_and_loses_nothing_is_proven() -> None:
    """With what it does, in words."""
    trial = tried(replace(PLAN, features=(MENDED, MLA)))

    assert trial == Trial(
        outcome=Outcome.PROVEN,
        why="replayed on a copy: the finding is gone, no other comes, nothing is lost",
        effect=("FP4 (FP4_ARCHS): empty -> 12.0a, 2 sources more", "nothing lost"),
    )


def test_a_fix_that_changes_nothing_has_no_effect() -> None:
    """The plan is the same."""
    assert tried(PLAN) == Trial(outcome=Outcome.NO_EFFECT, why="replayed on a copy: the plan stays as it is")


def test_a_fix_that_changes_something_else_has_no_effect() -> None:
    """The plan is another, the finding still there."""
    trial = tried(replace(PLAN, architectures=("9.0", "10.0a", "12.0a")))

    assert (trial.outcome, trial.why) == (Outcome.NO_EFFECT, "replayed on a copy: the finding is still there")
    assert trial.effect == ("architectures of the build: 9.0;12.0a -> 9.0;10.0a;12.0a",)


def test_a_fix_that_brings_another_fault_makes_it_worse() -> None:
    """The other rule and its subject are named; a note is no fault."""
    after = replace(PLAN, features=(replace(MENDED, gets=("12.0",)), MLA))

    worse, note = tried(after, NOTHING, NO_SUFFIX), tried(after, NOTHING, MAYBE)

    assert (worse.outcome, worse.why) == (
        Outcome.MAKES_WORSE,
        "the finding is gone, but this comes: no-suffix (feature=FP4)",
    )
    assert note.outcome is Outcome.PROVEN


def test_a_fix_that_moves_the_fault_to_another_feature_makes_it_worse() -> None:
    """The same rule about another subject is another finding."""
    after = replace(PLAN, features=(MENDED, replace(MLA, gets=(), built=False)))

    assert tried(after).why == "the finding is gone, but this comes: gets-nothing (feature=MLA)"


LOSSES = {
    "a feature is not built for a requested GPU": (
        replace(PLAN, features=(MENDED, replace(MLA, gets=("10.0a",)))),
        "MLA on 9.0",
    ),
    "a feature is not built though it has an architecture": (
        replace(PLAN, features=(MENDED, replace(MLA, built=False))),
        "MLA on 9.0",
    ),
    "a feature is not there any more": (replace(PLAN, features=(MENDED,)), "MLA on 9.0"),
    "the plain sources lose a GPU": (
        replace(PLAN, features=(MENDED, MLA), architectures=("12.0a",)),
        "every plain source on 9.0",
    ),
    "machine code becomes PTX": (
        replace(PLAN, features=(MENDED, MLA), architectures=("9.0", "compute_120")),
        "every plain source on 12.0",
    ),
    "a source is not compiled any more": (replace(PLAN, features=(MENDED, MLA), sources=()), "1 source of _C"),
    "a source is compiled for less": (
        replace(
            PLAN,
            features=(MENDED, MLA),
            sources=(PlannedSource(path="plain.cu", extension="_C", architectures=("9.0",)),),
        ),
        "1 source of _C on 12.0",
    ),
}


@pytest.mark.parametrize(("after", "lost"), [pytest.param(*case, id=name) for name, case in LOSSES.items()])
def test_a_fix_that_loses_something_makes_it_worse(after: Plan, lost: str) -> None:
    """What is served less well than before is named, for the requested GPUs and the diagnosed ones."""
    trial = tried(after)

    assert (trial.outcome, trial.why) == (Outcome.MAKES_WORSE, f"the finding is gone, but this is lost: {lost}")


def test_a_gpu_that_nobody_asked_for_is_no_loss() -> None:
    """Only the requested and the diagnosed GPUs count."""
    plan = replace(PLAN, architectures=("9.0", "12.0a", "8.0"))
    after = replace(plan, features=(MENDED, MLA), architectures=("9.0", "12.0a"))

    assert compare(plan, after, ("12.0",)).lost == ()
    assert compare(plan, after, ("8.0",)).lost == ("every plain source on 8.0",)


def test_a_fix_that_the_scripts_refuse_makes_it_worse() -> None:
    """An error that the scripts give with the change only is told."""
    trial = tried(replace(PLAN, features=(MENDED, MLA)), refusals=("CMakeLists.txt:7: too old",))

    assert (trial.outcome, trial.why) == (
        Outcome.MAKES_WORSE,
        "the build scripts refuse it: CMakeLists.txt:7: too old",
    )


def test_a_finding_that_cannot_be_told_any_more_is_not_gone() -> None:
    """Where the changed plan does not show what the rule needs, nothing is proven."""
    trial = tried(replace(PLAN, features=None))

    assert trial.outcome is Outcome.CANNOT_TRY
    assert trial.why == (
        "with the change it cannot be told whether the finding is gone: plan.features is not seen then"
    )


def test_many_differences_are_counted() -> None:
    """The first twelve are told, and how many more there are."""
    features = tuple(Feature(name=f"f{n}", variable=f"F{n}", wants=("9.0",), gets=()) for n in range(20))
    before, after = (Plan(features=tuple(replace(f, gets=gets) for f in features)) for gets in ((), ("9.0",)))

    effect = compare(before, after, ()).effect

    assert len(effect) == 13
    assert effect[0] == "f0 (F0): empty -> 9.0"
    assert effect[-1] == "and 8 more"
