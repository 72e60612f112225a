"""Rules over evidence: what holds, about what, on which evidence, in which order, and what the report says first."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from buildDoctor.core.evidence import Binary, Evidence, Feature, NotSeen, Origin, Plan, SupportedList, Torch, Unit
from buildDoctor.core.findings import Finding, Fix, Outcome, Safety, Severity, Trial
from buildDoctor.core.judging.judge import answer, judge
from buildDoctor.core.reporting.composing import (
    finding_of,
    in_order,
    reason_for,
    source_of,
    unasked,
    undecided,
    value_text,
    verdict,
)
from buildDoctor.core.rules.format import read_rule
from buildDoctor.core.rules.rule import Expectation, Rule

EVIDENCE = Evidence(
    capabilities=("9.0", "12.0"),
    torch=Torch(version="2.8.0+cu129"),
    plan=Plan(
        request=("9.0", "12.0"),
        supported=SupportedList(architectures=("9.0", "12.0a"), file="CMakeLists.txt", line=20),
        features=(
            Feature(name="FP4", wants=("12.0a",), gets=()),
            Feature(name="MLA", wants=("9.0a",), gets=("9.0a",)),
            Feature(name="MoE", wants=("10.0a",), gets=()),
        ),
    ),
    binaries=(Binary(path="_C.so", units=(Unit(index=0, cubins=("9.0",)),)),),
    origins=(
        Origin(path="plan", source="the scripts"),
        Origin(path="plan.supported", source="CMakeLists.txt:20"),
        Origin(path="plan.features[2]", source="CMakeLists.txt:30"),
        Origin(path="plan.features[2].gets", source="CMakeLists.txt:31"),
    ),
    not_seen=(
        NotSeen(path="gpus", reason="there is no nvidia-smi"),
        NotSeen(path="torch", reason="the first reason"),
        NotSeen(path="torch", reason="the second reason"),
    ),
)


def rule(id_: str, when: str, **more: Any) -> Rule:
    """A rule, with three examples that nobody runs."""
    data: dict[str, Any] = {
        "schema": 1, "id": id_, "title": f"{id_} holds", "severity": "error", "confidence": "certain", "family": "plan",
        "when": when, "why": "Because.", "limits": "None.",
        "example": [
            {"name": "a", "expect": "holds", "evidence": {"capabilities": ["9.0"]}},
            {"name": "b", "expect": "does-not-hold"},
            {"name": "c", "expect": "cannot-tell", "evidence": {"capabilities": "not seen"}},
        ],
        **more,
    }  # fmt: skip
    return read_rule(data)


NOTHING = rule("gets-nothing", "feature.gets == []", for_each={"feature": "plan.features"})


def report(*rules: Rule, evidence: Evidence = EVIDENCE) -> tuple[Finding, ...]:
    """What the rules find, in order, without fixes."""
    return in_order((finding_of(held, evidence, ()), held) for held in judge(evidence, rules).held)


def test_a_rule_holds_once_for_each_element_of_its_loop() -> None:
    """The subject names the element, and the evidence its place in the list."""
    judgement = judge(EVIDENCE, [NOTHING])

    assert [held.subject for held in judgement.held] == ["feature=FP4", "feature=MoE"]
    assert [[touched.path for touched in held.touched] for held in judgement.held] == [
        ["plan.features[0].gets"],
        ["plan.features[2].gets"],
    ]
    assert judgement.unclear == ()


def test_two_loops_name_both_elements() -> None:
    """One finding for each combination that holds."""
    both = rule(
        "asks-for",
        "wanted in plan.request",
        for_each={"feature": "plan.features", "wanted": "[base(a) for a in feature.wants]"},
    )

    assert [held.subject for held in judge(EVIDENCE, [both]).held] == [
        "feature=FP4, wanted=12.0",
        "feature=MLA, wanted=9.0",
    ]


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        pytest.param("'9.0' in capabilities", Expectation.HOLDS, id="holds"),
        pytest.param("'8.0' in capabilities", Expectation.DOES_NOT_HOLD, id="does not hold"),
        pytest.param("len(gpus) > 1", Expectation.CANNOT_TELL, id="needs what was not seen"),
        pytest.param("'8.0' in capabilities and len(gpus) > 1", Expectation.DOES_NOT_HOLD, id="the rest decides"),
    ],
)
def test_a_rule_has_one_of_three_answers(when: str, expected: Expectation) -> None:
    """What was not seen makes no answer, unless the rest decides already."""
    assert answer(rule("one", when), EVIDENCE) == expected


def test_a_rule_over_a_list_that_was_not_seen_cannot_tell() -> None:
    """An empty list is silence, a missing list is not."""
    over = rule("over-gpus", "gpu.capability == '9.0'", for_each={"gpu": "gpus"})

    assert answer(over, EVIDENCE) == Expectation.CANNOT_TELL
    assert answer(over, Evidence(gpus=())) == Expectation.DOES_NOT_HOLD


def test_a_rule_that_cannot_tell_says_what_it_needs_and_why_it_is_missing() -> None:
    """The reason is that of the longest path above what is missing; the first that was noted."""
    rules = [rule("a", "len(gpus) > 1"), rule("b", "torch.cuda == '12.9'"), rule("c", "driver.version == '1'")]

    found = undecided(judge(EVIDENCE, rules).unclear, EVIDENCE)

    assert [(one.rule, one.needs, one.why) for one in found] == [
        ("a", ("gpus",), "there is no nvidia-smi"),
        ("b", ("torch.cuda",), "the first reason"),
        ("c", ("driver",), "driver was not seen"),
    ]


@pytest.mark.parametrize(
    ("path", "source"),
    [
        pytest.param("plan.supported", "CMakeLists.txt:20", id="its own"),
        pytest.param("plan.supported.architectures", "CMakeLists.txt:20", id="of the part"),
        pytest.param("plan.features[2].gets[0]", "CMakeLists.txt:31", id="of the longest path"),
        pytest.param("plan.features[2].wants", "CMakeLists.txt:30", id="of the element"),
        pytest.param("plan.features[1].wants", "the scripts", id="of the whole"),
        pytest.param("plan.features[20]", "the scripts", id="not of an element whose number begins alike"),
        pytest.param("planned", "not recorded", id="not of a name that begins alike"),
        pytest.param("torch.version", "not recorded", id="none"),
    ],
)
def test_a_value_comes_from_the_nearest_origin_above_it(path: str, source: str) -> None:
    """The longest path that has one."""
    assert source_of(path, EVIDENCE.origins) == source


def test_a_reason_is_found_in_the_same_way() -> None:
    """For a path below, and none for another."""
    assert reason_for("gpus[0].name", EVIDENCE.not_seen) == "there is no nvidia-smi"
    assert reason_for("plan", EVIDENCE.not_seen) is None


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param((), "empty", id="an empty list"),
        pytest.param(("9.0", "12.0a"), "9.0; 12.0a", id="a list of texts"),
        pytest.param((1, 2), "1; 2", id="a list of numbers"),
        pytest.param((Unit(index=0),), "1 element", id="a list of one record"),
        pytest.param((Unit(index=0), Unit(index=1)), "2 elements", id="a list of records"),
        pytest.param(True, "yes", id="a truth"),
        pytest.param(False, "no", id="a falsehood"),
        pytest.param(7, "7", id="a number"),
        pytest.param("x" * 300, "x" * 199 + "…", id="a long text"),
    ],
)
def test_a_value_is_shown_as_short_text(value: object, text: str) -> None:
    """Lists by their elements, records by their number, long texts cut."""
    assert value_text(value) == text


def test_findings_come_by_severity_then_by_layer_then_as_the_evidence_names_them() -> None:
    """Errors first; of errors those of torch before those of the plan before those of the binary."""
    rules = [
        rule("note", "True", severity="note"),
        rule("binary", "True", family="binary"),
        NOTHING,
        rule("warning", "True", severity="warning", family="torch"),
        rule("torch", "True", family="torch"),
        rule("own-family", "True", family="somewhere"),
    ]

    assert [(found.rule, found.subject) for found in report(*rules)] == [
        ("torch", ""),
        ("gets-nothing", "feature=FP4"),
        ("gets-nothing", "feature=MoE"),
        ("binary", ""),
        ("own-family", ""),
        ("warning", ""),
        ("note", ""),
    ]


def test_what_a_cause_explains_stands_beneath_it() -> None:
    """The cause comes first although its layer is later, the consequence names it, and both stand where the earlier is."""
    rules = [
        rule("other", "True", family="plan"),
        rule("effect", "True", family="loader"),
        rule("cause", "True", family="binary", explains=["effect"]),
    ]

    assert [(found.rule, found.explained_by) for found in report(*rules)] == [
        ("cause", None),
        ("effect", "cause"),
        ("other", None),
    ]


def test_findings_stand_in_the_order_in_which_faults_are_put_right() -> None:
    """Hardware, torch, driver, toolkit, loader, plan, binary, runtime; a rule may state a layer that is not its family."""
    families = ["hardware", "torch", "driver", "toolkit", "loader", "plan", "binary", "runtime"]
    rules = [rule(f"a-{family}", "True", family=family) for family in reversed(families)]
    rules += [rule("stated", "True", family="log", layer="torch"), rule("own", "True", family="of-my-own")]

    expected = [f"a-{family}" for family in families]
    assert [found.rule for found in report(*rules)] == [*expected[:2], "stated", *expected[2:], "own"]


def test_nobody_asked_about_a_log_that_was_not_given() -> None:
    """Such a rule is no question without an answer; where the log could not be read, it is one."""
    one = rule("about-a-log", "len(log.lines) > 0")
    unclear = judge(Evidence(), [one]).unclear
    unread = Evidence(not_seen=(NotSeen(path="log", reason="it is gone"),))

    assert unasked(unclear, Evidence()) == ("about-a-log",)
    assert unasked(unclear, unread) == ()


def test_a_python_that_nobody_asked_is_no_gap() -> None:
    """It is asked with an option alone; where it was asked and gave no answer, that is a gap."""
    unclear = judge(Evidence(), [rule("about-a-process", "live.ended == 'answered'")]).unclear
    silent = Evidence(not_seen=(NotSeen(path="live", reason="it crashed"),))

    assert unasked(unclear, Evidence()) == ("about-a-process",)
    assert unasked(unclear, silent) == ()


def test_a_cause_explains_only_its_own_subject() -> None:
    """Two rules that loop over the same list meet at the same element only."""
    fp4 = rule("fp4-cause", "feature.name == 'FP4'", for_each={"feature": "plan.features"}, explains=["gets-nothing"])

    assert [(found.rule, found.subject, found.explained_by) for found in report(NOTHING, fp4)] == [
        ("fp4-cause", "feature=FP4", None),
        ("gets-nothing", "feature=FP4", "fp4-cause"),
        ("gets-nothing", "feature=MoE", None),
    ]


def test_a_finding_about_a_feature_has_no_cause_in_another() -> None:
    """A line of a log names a feature and no list; a cause that names no feature may be its cause."""
    causes = rule("gets-nothing", "feature.gets == []", for_each={"feature": "plan.features"}, explains=["says-log"])
    whole = rule("no-list", "True", explains=["says-log"], severity="warning")
    by_name, by_list = (rule("says-log", "True", family="log", features=[name]) for name in ("*oE*", "MLA_ARCHS"))
    evidence = replace(EVIDENCE, plan=Plan(features=(Feature(name="FP4", gets=()), Feature(name="MoE", gets=()))))
    listed = replace(EVIDENCE, plan=Plan(features=(Feature(name="MLA", variable="MLA_ARCHS", gets=()),)))

    def told(*rules: Rule, evidence: Evidence) -> list[tuple[str, str, str | None]]:
        return [(one.rule, one.subject, one.explained_by) for one in report(*rules, evidence=evidence)]

    assert told(causes, by_name, evidence=evidence) == [
        ("gets-nothing", "feature=MoE", None),
        ("says-log", "", "gets-nothing"),
        ("gets-nothing", "feature=FP4", None),
    ]
    assert told(causes, by_list, evidence=evidence)[-1] == ("says-log", "", None)
    assert told(causes, by_list, evidence=listed)[-1] == ("says-log", "", "gets-nothing")
    assert told(whole, by_name, evidence=evidence)[-1] == ("says-log", "", "no-list")


def test_a_cause_stands_among_what_is_as_bad_as_its_consequence() -> None:
    """A warning that explains an error is not told behind the other errors' causes, nor behind a warning."""
    rules = [
        rule("other", "True", family="toolkit", severity="warning"),
        rule("cause", "True", severity="warning", explains=["effect"]),
        rule("effect", "True", family="log", layer="binary"),
    ]

    assert [found.rule for found in report(*rules)] == ["cause", "effect", "other"]


def test_a_chain_of_causes_loses_no_finding() -> None:
    """A consequence of a consequence stands beneath both."""
    rules = [rule("c", "True"), rule("b", "True", explains=["c"]), rule("a", "True", explains=["b"])]

    assert [(found.rule, found.explained_by) for found in report(*rules)] == [("a", None), ("b", "a"), ("c", "b")]


@pytest.mark.parametrize("length", [2, 3, 5])
def test_a_circle_of_causes_loses_no_finding(length: int) -> None:
    """Rules that explain each other in a circle are all told, and one of them is the first."""
    ids = [f"rule-{number}" for number in range(length)]
    rules = [rule(id_, "True", explains=[ids[(at + 1) % length]]) for at, id_ in enumerate(ids)]

    found = report(*rules)

    assert sorted(one.rule for one in found) == ids
    assert found[0].explained_by is None


def test_the_order_of_the_rules_does_not_change_who_explains_whom() -> None:
    """The same findings, the same causes."""
    rules = [rule("c", "True"), rule("b", "True", explains=["c"]), rule("a", "True", explains=["b"])]

    assert report(*rules) == report(*reversed(rules))


def fix(outcome: Outcome) -> Fix:
    """A fix with an outcome."""
    return Fix(title="Drop it", safety=Safety.SAFE, trial=Trial(outcome=outcome, why=""))


def test_the_verdict_is_the_first_cause_and_its_proven_fix() -> None:
    """Only a proven fix is promised."""
    (held, _other) = judge(EVIDENCE, [NOTHING]).held
    proven, tried = (finding_of(held, EVIDENCE, (fix(outcome),)) for outcome in (Outcome.PROVEN, Outcome.NO_EFFECT))

    assert verdict((proven,), 0, EVIDENCE) == "gets-nothing holds. Proven fix: Drop it."
    assert verdict((tried,), 0, EVIDENCE) == "gets-nothing holds."


def test_the_verdict_of_silence_says_how_much_of_it_is_doubt() -> None:
    """Nothing found, nothing told, nothing examined are three different sentences."""
    assert verdict((), 0, EVIDENCE) == "Nothing wrong was found in what could be examined."
    assert verdict((), 1, EVIDENCE).endswith("could be examined; 1 rule cannot tell.")
    assert verdict((), 2, EVIDENCE).endswith("could be examined; 2 rules cannot tell.")
    assert verdict((), 2, Evidence()).startswith("Nothing could be examined")


def test_a_finding_without_evidence_is_refused() -> None:
    """What rests on nothing is not said."""
    held = judge(EVIDENCE, [NOTHING]).held[0]
    found = finding_of(held, EVIDENCE, ())

    with pytest.raises(ValueError, match="the finding of gets-nothing cites no evidence"):
        Finding(
            rule=found.rule, title="", severity=Severity.ERROR, confidence=found.confidence, family="", why="",
            limits="", subject="", evidence=(),
        )  # fmt: skip


def test_a_list_of_units_is_cited_with_what_it_has_code_for() -> None:
    """That is what is claimed of it; a number of elements shows nothing."""
    units = (Unit(index=0, cubins=("9.0", "12.0a"), ptx=("9.0",)), Unit(index=1, cubins=("9.0",), ptx=()))

    assert value_text(units) == "2 elements, machine code for 9.0; 12.0a, PTX for 9.0"
    assert value_text(units[1:]) == "1 element, machine code for 9.0"
    assert value_text((Unit(index=2),)) == "1 element"
