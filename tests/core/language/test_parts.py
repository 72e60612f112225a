"""What each part of an expression came to."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from buildDoctor.core.evidence import Evidence, Feature, Plan, Torch
from buildDoctor.core.language import Part, compile_expression, in_short
from buildDoctor.core.language.parts import MOST_ELEMENTS

FEATURES = tuple(Feature(name=f"F{at}", wants=("9.0",), gets=("9.0",) if at else (), line=at) for at in range(9))
EVIDENCE = Evidence(
    torch=Torch(version="2.8.0"), plan=Plan(request=("9.0", "12.0"), features=(*FEATURES, Feature(name="blind")))
)


def walk(part: Part) -> Iterator[Part]:
    yield part
    for inner in part.parts:
        yield from walk(inner)


def lines(text: str) -> list[str]:
    """Every part as `text = value`, from top to bottom."""
    return [f"{part.text} = {part.value}" for part in walk(compile_expression(text).parts(EVIDENCE))]


def test_every_part_has_its_own_value() -> None:
    text = "torch.version == '2.8.0' and len(plan.request) > 2"

    assert lines(text) == [
        f"{text} = false",
        "torch.version == '2.8.0' = true",
        "torch.version = '2.8.0'",
        "len(plan.request) > 2 = false",
        "len(plan.request) = 2",
        "plan.request = ['9.0', '12.0']",
    ]


def test_what_was_not_seen_is_named_where_it_is_read() -> None:
    (part,) = [
        part for part in walk(compile_expression("torch.cuda == '12.9'").parts(EVIDENCE)) if part.text == "torch.cuda"
    ]

    assert (part.value, part.note) == ("unknown", "torch.cuda was not seen")


def test_a_function_that_cannot_say_gives_its_reason() -> None:
    part = compile_expression("major('gfx90a') == 9").parts(EVIDENCE).parts[0]

    assert part.value == "unknown"
    assert part.note.startswith("'gfx90a' is not an NVIDIA architecture")


@pytest.mark.parametrize(
    ("text", "elements"),
    [
        pytest.param("any(f.gets == [] for f in plan.features)", ["F0"], id="the one that made it true"),
        pytest.param("all(f.gets != [] for f in plan.features)", ["F0"], id="the one that made it false"),
        pytest.param("any(f.name == '' for f in plan.features)", ["F0", "F1", "F2"], id="the first where none decided"),
        pytest.param("all(f.line < 90 for f in plan.features)", ["blind"], id="the one that is unknown"),
        pytest.param("len([f for f in plan.features if f.name == 'F7']) > 0", ["F7"], id="the one that was taken"),
    ],
)
def test_of_a_loop_the_elements_that_tell_most_are_shown(text: str, elements: list[str]) -> None:
    shown = [part for part in walk(compile_expression(text).parts(EVIDENCE)) if part.text == "f"]

    assert [part.value for part in shown] == [f"the feature {name}" for name in elements]
    assert len(shown) <= MOST_ELEMENTS


def test_a_comment_does_not_swallow_what_follows() -> None:
    text = "torch.version == '2.8.0'  # this one\nand plan.request != []"

    assert lines(text)[0] == "torch.version == '2.8.0' and plan.request != [] = true"


def test_a_chain_of_comparisons_is_shown_link_by_link() -> None:
    assert "1 < len(plan.request) = true" in lines("1 < len(plan.request) < 2")
    assert "len(plan.request) < 2 = false" in lines("1 < len(plan.request) < 2")


def test_a_large_expression_is_not_told_without_end() -> None:
    """However much there is to look at, the story stays short."""
    text = " or ".join(["any(any(f.name == g.name + 'x' for g in plan.features) for f in plan.features)"] * 40)

    assert len(list(walk(compile_expression(text).parts(EVIDENCE)))) < 2_000


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(
            tuple(str(number) for number in range(20)), "['0', '1', '2', '3', '4', '5', … 20 in all]", id="many"
        ),
        pytest.param("x" * 900, None, id="long"),
        pytest.param((), "[]", id="none"),
        pytest.param(True, "true", id="a condition"),
        pytest.param(FEATURES[0], "the feature F0", id="a record"),
    ],
)
def test_a_value_is_shown_short(value: object, expected: str | None) -> None:
    assert len(in_short(value)) <= 200
    assert expected is None or in_short(value) == expected
