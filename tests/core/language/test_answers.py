"""What expressions answer, with which reasons."""

from __future__ import annotations

import pytest

from buildDoctor.core.evidence import Binary, Evidence, Feature, Host, Image, Kernel, Plan, SupportedList, Torch
from buildDoctor.core.language import (
    TEXT,
    Binding,
    BudgetError,
    Evaluation,
    Record,
    Touched,
    compile_expression,
)

FEATURES = (
    Feature(name="FP4", wants=("12.0a",), gets=()),
    Feature(name="MLA", wants=("9.0a",), gets=("9.0a",)),
    Feature(name="MoE", wants=("10.0a",)),
)
EVIDENCE = Evidence(
    capabilities=("12.0",),
    torch=Torch(version="2.8.0+cu129"),
    plan=Plan(
        request=("9.0", "12.0"),
        supported=SupportedList(architectures=("9.0", "12.0a"), file="CMakeLists.txt", line=20),
        features=FEATURES,
    ),
    binaries=(
        Binary(
            path="_C.so",
            images=(Image(kind="cubin", architecture="gfx90a"), Image(kind="cubin", architecture="10.1")),
            kernels=(Kernel(name="scaled_fp4", unit=0), Kernel(name="gemm", unit=3)),
            host=Host(symbols=()),
        ),
    ),
)

NO_ARCHITECTURE = "not an NVIDIA architecture: write 12.0, 12.0a, 12.0f, 9.0+PTX or sm_120a"


def ask(text: str) -> Evaluation:
    return compile_expression(text).evaluate(EVIDENCE)


def paths(evaluation: Evaluation) -> list[str]:
    return [touched.path for touched in evaluation.touched]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("torch.cuda == '12.9'", None, id="what was not seen equals nothing and differs from nothing"),
        pytest.param("torch.cuda != '12.9'", None, id="nor does it differ from anything"),
        pytest.param("not torch.cuda == '12.9'", None, id="the opposite of unknown is unknown"),
        pytest.param("plan.request == [] and torch.cuda == '12.9'", False, id="false and unknown is false"),
        pytest.param("torch.cuda == '12.9' and plan.request == []", False, id="unknown and false is false"),
        pytest.param("plan.request != [] and torch.cuda == '12.9'", None, id="true and unknown is unknown"),
        pytest.param("torch.cuda == '12.9' or plan.request != []", True, id="unknown or true is true"),
        pytest.param("torch.cuda == '12.9' or plan.request == []", None, id="unknown or false is unknown"),
        pytest.param("driver.version == '580'", None, id="a field of what was not seen"),
        pytest.param("any(g.index == 0 for g in gpus)", None, id="a loop over what was not seen"),
        pytest.param("any(f.gets == [] for f in plan.features)", True, id="any with one true and one unknown element"),
        pytest.param("any(f.gets == ['1.0'] for f in plan.features)", None, id="any with false and unknown elements"),
        pytest.param(
            "all(f.gets == [] for f in plan.features)", False, id="all with one false and one unknown element"
        ),
        pytest.param("all(f.gets != ['1.0'] for f in plan.features)", None, id="all with true and unknown elements"),
        pytest.param("any(f.name == 'MoE' for f in plan.features if f.gets == [])", None, id="an element possibly in"),
        pytest.param(
            "any(f.name == 'x' for f in plan.features if f.gets == [])", False, id="possibly in, surely false"
        ),
        pytest.param("all(f.name != 'x' for f in plan.features if f.gets == [])", True, id="possibly in, surely true"),
        pytest.param("len(f for f in plan.features if f.gets == [])", None, id="a count with an element possibly in"),
        pytest.param("len(f for f in plan.features if f.name == 'FP4')", 1, id="a count with every filter known"),
        pytest.param("[f.gets for f in plan.features]", None, id="a list with an unknown element"),
        pytest.param("'a' if torch.cuda == '12.9' else 'a'", None, id="a choice by an unknown condition"),
        pytest.param("1 if plan.request == [] else 2", 2, id="a choice by a known condition"),
        pytest.param("any(a == b for a in plan.request for b in capabilities if a == '12.0')", True, id="two clauses"),
        pytest.param("plan.request + ['x']", ("9.0", "12.0", "x"), id="two lists put together"),
        pytest.param("plan.features[-1].name", "MoE", id="an element from the end"),
        pytest.param("plan.features[3].name == 'x'", None, id="an element that is not there"),
        pytest.param("3 - 5 + len('ab')", 0, id="sums and differences"),
        pytest.param("1 < len(plan.request) <= 2", True, id="a chain of comparisons"),
        pytest.param("runs_on('8.6', '8.7')", None, id="an answer that NVIDIA does not promise"),
        pytest.param("min(len(f.wants) for f in plan.features if f.name == 'x')", None, id="the smallest of nothing"),
    ],
)
def test_values(text: str, value: object) -> None:
    """Evidence that was not seen makes an answer unknown, unless the rest decides."""
    assert ask(text).value == value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "any(f.wants != [] and f.gets == [] for f in plan.features)",
            ["plan.features[0].wants", "plan.features[0].gets"],
            id="any that is true: the elements that made it true",
        ),
        pytest.param(
            "torch.version != '' and any(k.unit == 3 for b in binaries for k in b.kernels)",
            ["torch.version", "binaries[0].kernels[1].unit"],
            id="and what was touched outside",
        ),
        pytest.param(
            "all(f.wants != ['9.0a'] for f in plan.features)",
            ["plan.features[1].wants"],
            id="all that is false: the elements that made it false",
        ),
        pytest.param(
            "any(a == torch.version for a in plan.request)", ["plan.request", "torch.version"], id="any: false"
        ),
        pytest.param("all(a != '7.5' for a in plan.request)", ["plan.request"], id="all that is true: the list"),
        pytest.param("plan.request == [] and torch.version == '2'", ["plan.request", "torch.version"], id="and: false"),
        pytest.param(
            "torch.version == '2' or plan.request != []", ["plan.request"], id="or that is true: what decided"
        ),
        pytest.param(
            "any(has_suffix(a) for a in plan.supported.architectures)",
            ["plan.supported.architectures[1]"],
            id="an element that is a value itself",
        ),
        pytest.param(
            "any(f.gets == [] for f in [g for g in plan.features if g.name == 'FP4'])",
            ["plan.features", "plan.features[0].gets"],
            id="an element of a list that a loop made",
        ),
        pytest.param("len(without(plan.request, ['9.0'])) == 1", ["plan.request"], id="a list that a function made"),
        pytest.param("split(torch.version, '+')[1] == 'cu129'", ["torch.version"], id="an element of a computed list"),
        pytest.param(
            "any(any(g.name == 'FP4' or g.wants == [] for g in plan.features if f.name == 'FP4') == (f.name == 'FP4')"
            " for f in plan.features if f.name != 'MoE')",
            ["plan.features[0].name", "plan.features[1].name", "plan.features"],
            id="nothing of an element that another turn of the outer loop looked at",
        ),
        pytest.param("plan.request != [] and plan.request != ['x']", ["plan.request"], id="each path once"),
    ],
)
def test_an_answer_names_the_evidence_that_it_rests_on(text: str, expected: list[str]) -> None:
    """A finding cites what decided, and nothing else."""
    assert paths(ask(text)) == expected


def test_touched_evidence_comes_with_its_value() -> None:
    """A path and what stands there."""
    assert ask("plan.request != []").touched == (Touched("plan.request", ("9.0", "12.0")),)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("torch.cuda == '12.9'", ("torch.cuda",), id="a field"),
        pytest.param("driver.version == driver.cuda", ("driver",), id="the first part of the way that is missing"),
        pytest.param("any(g.index == 0 for g in gpus)", ("gpus",), id="the list of a loop"),
        pytest.param("any(f.gets == ['x'] for f in plan.features)", ("plan.features[2].gets",), id="of an element"),
        pytest.param("torch.cuda == '1' and driver.cuda == '1'", ("torch.cuda", "driver"), id="several"),
        pytest.param("torch.cuda == '1' and plan.request != []", ("torch.cuda",), id="only what is unknown"),
        pytest.param("len(f for f in plan.features if f.gets == [])", ("plan.features[2].gets",), id="a filter"),
        pytest.param("[f.gets for f in plan.features]", ("plan.features[2].gets",), id="an element of a made list"),
        pytest.param("plan.features[-1].gets == []", ("plan.features[2].gets",), id="an element from the end"),
        pytest.param("plan.features[3].name == 'x'", ("plan.features[3]",), id="an element that is not there"),
        pytest.param(
            "runs_on(binaries[0].images[1].architecture, '10.3')",
            None,
            id="a function that is sure",
        ),
        pytest.param(
            "runs_on(binaries[0].images[0].architecture, '12.0')",
            (f"binaries[0].images[0].architecture: 'gfx90a' is {NO_ARCHITECTURE}",),
            id="a text that is no architecture",
        ),
        pytest.param(
            "version(plan.features[0].name) > version('1')",
            ("plan.features[0].name: 'FP4' is not a version",),
            id="a text that is no version",
        ),
        pytest.param(
            "max(len(f.wants) for f in plan.features if f.name == 'x') > 1",
            ("plan.features: an empty list has no largest element",),
            id="the largest of nothing",
        ),
    ],
)
def test_an_unknown_answer_names_what_is_missing(text: str, expected: tuple[str, ...] | None) -> None:
    """Whoever reads 'cannot tell' sees what to look at."""
    evaluation = ask(text)
    assert evaluation.known == (expected is None)
    assert evaluation.missing == (expected or ())


def test_a_bound_name_has_its_path() -> None:
    """What a rule's loop binds is cited by its place in the evidence."""
    expression = compile_expression("feature.gets == []", {"feature": Record(Feature)})
    evaluation = expression.evaluate(EVIDENCE, {"feature": Binding(FEATURES[0], "plan.features[0]")})
    assert evaluation.touched == (Touched("plan.features[0].gets", ()),)


def test_elements_of_a_filtered_list_keep_their_paths() -> None:
    """A rule's loop may choose among the elements and still cites the right one."""
    expression = compile_expression("[f for f in plan.features if f.name == 'MLA']")
    assert expression.elements(EVIDENCE) == (Binding(FEATURES[1], "plan.features[1]"),)
    assert expression.element_type == Record(Feature)


def test_elements_of_a_computed_list_cite_what_they_were_computed_from() -> None:
    """A value without a place still rests on evidence."""
    (element,) = compile_expression("without(plan.request, ['9.0'])").elements(EVIDENCE) or ()
    assert (element.value, element.path) == ("12.0", "")
    evaluation = compile_expression("base(a) == '12.0'", {"a": TEXT}).evaluate(EVIDENCE, {"a": element})
    assert paths(evaluation) == ["plan.request"]


def test_elements_of_an_unknown_list_are_unknown() -> None:
    """Nothing to loop over is not the same as not having looked."""
    assert compile_expression("gpus").elements(EVIDENCE) is None


def test_an_unknown_answer_always_says_something_is_missing() -> None:
    """An evaluation without any path to name must not pass for one that does not hold."""
    expression = compile_expression("feature.gets == []", {"feature": Record(Feature)})
    assert expression.evaluate(EVIDENCE, {"feature": Binding(Feature())}).missing == ("evidence that has no path",)


def test_a_loop_names_a_hundred_witnesses_at_most() -> None:
    """A finding about a whole library stays readable."""
    kernels = tuple(Kernel(name="k", unit=0) for _ in range(1_000))
    evaluation = compile_expression("any(k.unit == 0 for b in binaries for k in b.kernels)").evaluate(
        Evidence(binaries=(Binary(kernels=kernels),))
    )
    assert len(evaluation.touched) == 100


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("all(a + b != 'x' for a in plan.request for b in plan.request)", id="a loop in a loop"),
        pytest.param("all(a in plan.request for a in plan.request)", id="a search in a list"),
        pytest.param("len([a for a in plan.request for b in plan.request]) == 0", id="a list"),
        pytest.param("all(union(plan.request, plan.request) == plan.request for a in plan.request)", id="functions"),
        pytest.param("all(join(plan.request, a) != a for a in plan.request)", id="texts that grow"),
    ],
)
def test_an_evaluation_stops_at_its_budget(text: str) -> None:
    """However long the lists are, a rule ends soon."""
    evidence = Evidence(plan=Plan(request=tuple(map(str, range(3_000)))))
    with pytest.raises(BudgetError):
        compile_expression(text).evaluate(evidence)


def test_twenty_thousand_kernels_are_within_the_budget() -> None:
    """The lists of the largest libraries are no reason to stop."""
    kernels = tuple(Kernel(name=f"kernel{number}", unit=number % 7) for number in range(20_000))
    text = "any(any(k.unit == 3 and matches(k.name, '*fp4*') for k in b.kernels) for b in binaries)"
    assert compile_expression(text).evaluate(Evidence(binaries=(Binary(kernels=kernels),))).value is False
