"""Findings that differ in one name alone are one, and what is said of it is true of each."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from buildDoctor.core.evidence import Binary, Evidence, Plan, Unit
from buildDoctor.core.findings import Finding, Outcome
from buildDoctor.core.fixes.trials import judge_trial
from buildDoctor.core.judging.gathering import gathered
from buildDoctor.core.judging.judge import Held, judge
from buildDoctor.core.reporting.composing import finding_of, in_order
from buildDoctor.core.reporting.suppressions import sift
from buildDoctor.core.rules.format import RuleFormatError, read_rule
from buildDoctor.core.rules.rule import Rule
from buildDoctor.core.settings import Suppression

GPUS = ("8.0", "9.0", "12.0")
LACKS = "any(u.cubins != [] for u in b.units) and not any(runs_on(a, c) for u in b.units for a in u.cubins)"
EXAMPLES = [{"name": word, "expect": word} for word in ("holds", "does-not-hold", "cannot-tell")]


def rule(loops: dict[str, str], together: dict[str, str], when: str = LACKS, **more: Any) -> Rule:
    """A rule, with three examples that nobody runs."""
    data: dict[str, Any] = {
        "schema": 1, "id": "lacks", "title": "it lacks", "severity": "error", "confidence": "certain",
        "family": "binary", "for_each": loops, "together": together, "when": when, "why": "Because.", "limits": "None.",
        "example": EXAMPLES,
    }  # fmt: skip
    return read_rule(data | more)


def files(**cubins: tuple[str, ...]) -> Evidence:
    """Files, each with a unit for some architectures."""
    binaries = tuple(
        Binary(path=f"{name}.so", package="p", units=(Unit(index=0, cubins=held),)) for name, held in cubins.items()
    )
    return Evidence(capabilities=GPUS, binaries=binaries)


BOTH = rule(
    {"c": "capabilities", "b": "binaries"},
    {"every_c": "c", "every_b": "b"},
    title="{join([b.path for b in every_b], ', ')} for {join(every_c, ', ')}",
)


def told(one: Rule, evidence: Evidence) -> list[Finding]:
    """The findings of a rule."""
    return [finding_of(held, evidence, ()) for held in gathered(judge(evidence, [one]).held)]


def test_what_differs_in_the_gpu_is_one() -> None:
    (finding,) = told(BOTH, files(a=("9.0",)))

    assert finding.title == "a.so for 8.0, 12.0"
    assert finding.subject == "c=8.0 12.0, b=a.so"


def test_files_that_lack_the_same_are_one_and_others_are_not() -> None:
    found = told(BOTH, files(a=("9.0",), b=("9.0",), c=("8.0", "9.0")))

    assert [finding.title for finding in found] == ["a.so, b.so for 8.0, 12.0", "c.so for 12.0"]


@given(st.lists(st.sets(st.sampled_from(GPUS), min_size=1), min_size=1, max_size=5))
def test_one_finding_is_true_of_each_of_its_files_on_each_of_its_gpus(held: list[set[str]]) -> None:
    evidence = files(**{f"f{at}": tuple(sorted(some)) for at, some in enumerate(held)})
    single = {(one.bindings["c"].value, one.bindings["b"].value.path) for one in judge(evidence, [BOTH]).held}  # type: ignore[attr-defined]  # a file
    found = gathered(judge(evidence, [BOTH]).held)

    pairs = [
        pair
        for one in found
        for pair in product(one.bindings["every_c"].value, [b.path for b in one.bindings["every_b"].value])  # type: ignore[call-overload,attr-defined]  # lists of texts and files
    ]
    assert len(pairs) == len(single)
    assert set(pairs) == single


def test_it_cites_what_each_part_rests_on() -> None:
    (finding,) = told(BOTH, files(a=("9.0",)))

    assert [item.path for item in finding.evidence if item.path.startswith("capabilities")] == [
        "capabilities[0]",
        "capabilities[2]",
    ]


def test_a_gpu_of_which_nothing_is_promised_leaves_the_others_as_they_are() -> None:
    """Whether code for 8.0 runs on 8.7 is promised by nobody."""
    evidence = Evidence(
        capabilities=("8.7", "12.0"), binaries=(Binary(path="a.so", units=(Unit(index=0, cubins=("8.0",)),)),)
    )

    assert [finding.title for finding in told(BOTH, evidence)] == ["a.so for 12.0"]
    assert judge(evidence, [BOTH]).unclear != ()


def test_a_list_that_is_gathered_has_each_element_once() -> None:
    units = rule(
        {"c": "capabilities", "b": "binaries", "lost": "[[u for u in b.units if not runs_on(u.cubins[0], c)]]"},
        {"every_c": "c", "units": "lost"},
        "len(lost) > 0",
        title="{len(units)} of {len(b.units)} for {every_c}",
    )
    # Two units that are alike are two.
    some = tuple(Unit(index=at, cubins=(cubin,)) for at, cubin in ((0, "9.0"), (0, "9.0"), (1, "8.0")))
    evidence = Evidence(capabilities=GPUS, binaries=(Binary(path="a.so", units=some),))

    assert [finding.title for finding in told(units, evidence)] == ["3 of 3 for 8.0;9.0;12.0"]


def test_texts_that_are_equal_are_one() -> None:
    majors = rule({"c": "capabilities", "m": "[split(c, '.')[0] + '.x']"}, {"every_c": "c", "every_m": "m"}, "c != ''")
    (held,) = gathered(judge(Evidence(capabilities=("12.0", "12.1")), [majors]).held)

    assert held.bindings["every_m"].value == ("12.x",)


def test_a_value_with_a_name_keeps_findings_apart_and_is_no_subject() -> None:
    """The name of a package that its files have, of which the finding speaks."""
    owned = rule({"b": "binaries", "owner": "[b.package]"}, {"every_b": "b"}, "b.path != ''", title="{every_b[0].path}")
    evidence = Evidence(binaries=tuple(Binary(path=path, package=path[0]) for path in ("x1", "y1", "x2")))

    assert [finding.subject for finding in told(owned, evidence)] == ["b=x1 x2", "b=y1"]


def test_it_stands_where_the_first_of_it_stood() -> None:
    other = rule({"b": "binaries"}, {}, "b.path == 'b.so'", title="b alone", id="alone")
    evidence = files(a=("9.0",), b=("8.0",))
    held = [*judge(evidence, [BOTH]).held, *judge(evidence, [other]).held]

    assert [one.subject for one in gathered(held)] == ["c=8.0 12.0, b=a.so", "c=9.0 12.0, b=b.so", "b=b.so"]


def test_a_part_is_suppressed_by_itself() -> None:
    known = Suppression(rule="lacks", subject="c=8.0, *", reason="we have none", until="", place="x.toml:1")
    kept = sift(judge(files(a=("9.0",)), [BOTH]).held, (known,), "2026-01-01", {"lacks"}).kept

    assert [one.subject for one in gathered(kept)] == ["c=12.0, b=a.so"]


def test_a_cause_explains_it_only_when_it_explains_each_part() -> None:
    def explained_by(gpus: str) -> str | None:
        cause = rule({"c": gpus}, {"all_c": "c"}, "c != ''", id="cause", explains=["lacks"])
        evidence = files(a=("9.0",))
        held = gathered(judge(evidence, [BOTH, cause]).held)
        found = in_order([(finding_of(one, evidence, ()), one) for one in held])
        return next(finding.explained_by for finding in found if finding.rule == "lacks")

    assert explained_by("capabilities") == "cause"
    assert explained_by("[c for c in capabilities if c != '12.0']") is None


def test_a_change_that_mends_a_part_has_not_mended_it() -> None:
    features = rule({"c": "capabilities"}, {"every_c": "c"}, "c not in plan.architectures")

    def trial(*architectures: str) -> Outcome:
        plans = [Plan(architectures=one) for one in (("9.0",), architectures)]
        before, after = (judge(Evidence(capabilities=GPUS, plan=plan), [features]) for plan in plans)
        (target,) = gathered(before.held)
        return judge_trial(target, before, after, (plans[0], plans[1]), GPUS).outcome

    assert trial("8.0", "9.0") is Outcome.NO_EFFECT
    assert trial("8.0", "9.0", "12.0") is Outcome.PROVEN


def test_a_rule_that_gathers_nothing_is_left_alone() -> None:
    held = judge(files(a=("9.0",)), [rule({"c": "capabilities", "b": "binaries"}, {})]).held

    assert gathered(held) == held
    assert all(one.parts == (one,) for one in held)


@pytest.mark.parametrize(
    ("together", "message"),
    [
        ({"every_c": "d"}, "there is no loop 'd' in for_each"),
        ({"b": "c"}, "'b' is already the name of a loop"),
        ({"gpus": "c"}, "'gpus' is already a part of the evidence"),
        ({"any": "c"}, "'any' is already a function"),
        ({"1c": "c"}, "'1c' cannot be a name"),
        ({"every_c": 3}, "expected text, found a whole number"),
    ],
)
def test_a_name_that_cannot_be_given_is_told(together: dict[str, str], message: str) -> None:
    with pytest.raises(RuleFormatError, match=message):
        rule({"c": "capabilities", "b": "binaries"}, together)


@pytest.mark.parametrize("name", ["c", "near", "nearer"])
def test_texts_have_no_name_that_differs_from_part_to_part(name: str) -> None:
    loops = {
        "c": "capabilities",
        "near": "[[u for b in binaries for u in b.units if runs_on(u.cubins[0], c)]]",
        "nearer": "[len(near)]",
        "b": "binaries",
    }

    assert rule(loops, {"every_c": "c"}, title="{b.path} {every_c}").together != ()
    with pytest.raises(RuleFormatError, match=f"'{name}'"):
        rule(loops, {"every_c": "c"}, title=f"{{{name}}}")


def test_a_built_in_rule_is_read_later_with_the_same_names() -> None:
    data: dict[str, Any] = {
        "schema": 1, "id": "lacks", "title": "{join(every_c, ' ')} {len(lists)}", "severity": "error",
        "confidence": "certain", "family": "binary", "for_each": {"c": "capabilities", "l": "[[c]]"},
        "together": {"every_c": "c", "lists": "l"}, "when": "c != ''", "why": "Because.", "limits": "None.",
    }  # fmt: skip
    evidence = Evidence(capabilities=GPUS)
    (held,) = gathered(judge(evidence, [read_rule(data, proven=True)]).held)

    assert isinstance(held, Held)
    assert finding_of(held, evidence, ()).title == "8.0 9.0 12.0 3"
