"""Texts with expressions in them."""

from __future__ import annotations

import pytest

from buildDoctor.core.evidence import Evidence, Feature, Plan, Python, SupportedList, Torch
from buildDoctor.core.language import Binding, LanguageError, Record, compile_template

EVIDENCE = Evidence(
    torch=Torch(version="2.8.0"), plan=Plan(request=("9.0", "12.0"), features=(), supported=SupportedList(line=20))
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("torch {torch.version}", "torch 2.8.0", id="text"),
        pytest.param("{plan.request}", "9.0;12.0", id="a list"),
        pytest.param("{[a for a in plan.request if a == 'x']}", "nothing", id="an empty list"),
        pytest.param("{torch.cuda}", "(not seen)", id="unknown"),
        pytest.param("{plan.request == []}, {plan.request != []}", "no, yes", id="conditions"),
        pytest.param("line {plan.supported.line}", "line 20", id="a number"),
        pytest.param("{version('1.2')}", "1.2", id="a version"),
        pytest.param("{{{torch.version}}}", "{2.8.0}", id="braces"),
        pytest.param("{join(plan.request, '}{')}", "9.0}{12.0", id="braces in quoted text"),
        pytest.param("no expression", "no expression", id="words only"),
        pytest.param("", "", id="nothing at all"),
    ],
)
def test_values_are_shown_in_words(text: str, expected: str) -> None:
    """What a reader sees, without knowing the language."""
    assert compile_template(text).render(EVIDENCE) == expected


def test_names_are_bound() -> None:
    """A title speaks of the element that its rule found."""
    template = compile_template("{f.name} gets nothing", {"f": Record(Feature)})
    assert template.render(EVIDENCE, {"f": Binding(Feature(name="FP4"), "plan.features[0]")}) == "FP4 gets nothing"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("one {plan.nme}", (1, 6, "'plan.nme' is not a field of the plan")),
        (
            "one\n  {plan.request\n == 1}",
            (2, 4, "'plan.request' is a list of text and '1' is a number: they cannot be compared with '=='"),
        ),
        ("one\n{1 +\n plan.nme}", (3, 2, "'plan.nme' is not a field of the plan")),
        ("a } b", (1, 3, "a '}' without '{'; write '}}' for a brace")),
        ("a {torch", (1, 3, "a '{' that is not closed; write '{{' for a brace")),
        ("{plan}", (1, 2, "'plan' is the plan; show a field of it")),
        ("{}", (1, 2, "the expression is empty")),
    ],
    ids=[
        "a field",
        "on another line",
        "on the second line of an expression",
        "a stray brace",
        "an open brace",
        "a record",
        "empty",
    ],
)
def test_positions_are_those_in_the_template(text: str, expected: tuple[int, int, str]) -> None:
    """An author looks for the mistake in the text that they wrote."""
    with pytest.raises(LanguageError) as caught:
        compile_template(text)
    assert (caught.value.line, caught.value.column, caught.value.message) == expected


def test_in_a_command_what_was_not_seen_is_a_word_to_fill_in() -> None:
    """The last name of its path, in capitals; what was seen stays."""
    template = compile_template("build-doctor --gpu {join(capabilities, ',')} --python {python.path}")

    assert template.render_command(Evidence(capabilities=("12.0", "12.1"))) == (
        "build-doctor --gpu 12.0,12.1 --python PYTHON"
    )
    assert template.render_command(Evidence(python=Python())) == "build-doctor --gpu CAPABILITIES --python PATH"
