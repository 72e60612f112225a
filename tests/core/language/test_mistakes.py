"""What is said about expressions that are wrong."""

from __future__ import annotations

import sys

import pytest

from buildDoctor.core.language import LanguageError, compile_expression

TEXT_HAS_NO_ORDER = "as text '9.0' comes after '12.0', so write version(…)"
MISTAKES = {
    "plan.featurs": (1, 1, "'plan.featurs' is not a field of the plan; did you mean 'features'?"),
    "any(f.nme == '' for f in plan.features)": (
        1,
        5,
        "'f.nme' is not a field of the feature; did you mean 'name'?",
    ),
    "plann.request": (1, 1, "'plann' is not known; did you mean 'plan'?"),
    "lenn([])": (1, 1, "'lenn' is not a function; did you mean 'len'?"),
    "not_seen": (1, 1, "'not_seen' is not known"),
    "\n  plan.request == []\n  and plan.x == 1": (3, 7, "'plan.x' is not a field of the plan"),
    "'ä' == plan.nme": (1, 8, "'plan.nme' is not a field of the plan"),
    "plan.features.name": (
        1,
        1,
        "'plan.features' is a list of features and has no fields; loop over it, as in any(… for x in …)",
    ),
    "torch.version.major": (1, 1, "'torch.version' is text and has no fields"),
    "plan.request == '12.0'": (
        1,
        1,
        "'plan.request' is a list of text and '12.0' is text: they cannot be compared with '=='",
    ),
    "torch.cuda > '12.9'": (
        1,
        1,
        f"'torch.cuda' is text and '12.9' is text: they cannot be compared with '>'; {TEXT_HAS_NO_ORDER}",
    ),
    "plan == plan": (
        1,
        1,
        "'plan' is the plan and 'plan' is the plan: they cannot be compared with '=='; compare a field of theirs",
    ),
    "version(torch.cuda) > 12": (
        1,
        1,
        "'version(torch.cuda)' is a version and '12' is a number: they cannot be compared with '>'",
    ),
    "1 in torch.version": (1, 1, "'1' is a number and 'torch.version' is text: they cannot be compared with 'in'"),
    "plan.request and plan.supported.line == 1": (
        1,
        1,
        "each side of 'and' must be true or false; 'plan.request' is a list of text",
    ),
    "not 1": (1, 5, "what follows 'not' must be true or false; '1' is a number"),
    "len(3)": (1, 5, "the list of len(list) must be a list or text; '3' is a number"),
    "max(plan.request)": (
        1,
        5,
        "the list of max(list) must be a list of numbers or versions; 'plan.request' is a list of text",
    ),
    "without(plan.request, [1])": (
        1,
        23,
        "the other of without(list, other) must be a list of text; '[1]' is a list of numbers",
    ),
    "join(plan.request)": (1, 1, "join takes 2 arguments, not 1: write join(list, separator)"),
    "len(list=[])": (1, 5, "len takes no named arguments: write len(list)"),
    "any(plan.request)": (1, 5, "any takes conditions; 'plan.request' is a list of text"),
    "any(a for a in plan.request)": (1, 5, "what any looks at must be true or false; 'a' is text"),
    "any(a for a in torch.version)": (1, 16, "a loop runs over a list; 'torch.version' is text"),
    "any(True for plan in [1])": (1, 14, "'plan' is already a part of the evidence; choose another name"),
    "any(True for len in [1])": (1, 14, "'len' is already a function; choose another name"),
    "any(True for a in [1] for a in [1])": (1, 27, "'a' is already the name of another loop"),
    "any(True for a, b in [1])": (1, 14, "a loop gives one name, not '(a, b)'"),
    "1 if plan.request == [] else 'x'": (
        1,
        1,
        "both results must be of one kind: '1' is a number and 'x' is text",
    ),
    "[1, 'x']": (1, 5, "a list has elements of one kind: 'x' is text"),
    "plan.request[len(plan.request)]": (
        1,
        14,
        "an element is chosen by a number that stands there, not by 'len(plan.request)'",
    ),
    "'x'[0]": (1, 1, "'x' is text and has no elements"),
    "1 + 'x'": (1, 1, "'1' is a number and 'x' is text: '+' does not fit them"),
    "2 * 3": (1, 1, "'2 * 3' is not part of the language of rules: there are + and - only"),
    "torch.cuda == None": (
        1,
        15,
        "None is no value: what was not seen makes the answer 'cannot tell' by itself",
    ),
    "torch.cuda is 1": (1, 1, "'is' is not part of the language of rules; write == or !="),
    "len": (1, 1, "'len' is a function: write len(list)"),
    "1.5": (1, 1, "'1.5' is not part of the language of rules"),
    "f'{plan}'": (1, 1, "an f-string is not part of the language of rules"),
    "lambda: 1": (1, 1, "a lambda is not part of the language of rules"),
    "(x := 1)": (1, 2, "an assignment is not part of the language of rules"),
    "[*plan.request]": (1, 2, "a starred element is not part of the language of rules"),
    "{'a': 1}": (1, 1, "a dictionary is not part of the language of rules"),
    "plan.__class__": (1, 1, "'plan.__class__' is not a field of the plan"),
    "torch.version.upper()": (1, 1, "only functions can be called, not 'torch.version.upper'"),
    "__import__('os')": (1, 1, "'__import__' is not a function"),
    "": (1, 1, "the expression is empty"),
    "1, 2": (1, 1, "one expression is expected"),
    "1) + (2": (1, 2, "not an expression: the brackets do not match"),
    "1] + [2": (1, 1, "one expression is expected"),
    "plan.request[": (1, 1, "not an expression: the brackets do not match"),
    "1 +": (1, 4, "not an expression: invalid syntax"),
    # Python says where a text with a doubtful escape begins, and since 3.12 where the escape is.
    r"like('a', '\d')": (
        1,
        11 if sys.version_info < (3, 12) else 12,
        "not an expression: invalid escape sequence '\\d'",
    ),
    "like('a', torch.cuda)": (1, 11, "the regex of like(text, regex) must stand there as text"),
    "like('a', '[[a]')": (1, 11, "the regular expression has '[[a]', which cannot be read"),
    "like('a', '(')": (1, 11, "the regular expression has a '(' that is not closed"),
}


@pytest.mark.parametrize(("text", "expected"), MISTAKES.items(), ids=list(MISTAKES))
def test_a_mistake_is_found_before_anything_runs(text: str, expected: tuple[int, int, str]) -> None:
    """The message says where it is, what is wrong, and what is near."""
    with pytest.raises(LanguageError) as caught:
        compile_expression(text)
    assert (caught.value.line, caught.value.column, caught.value.message) == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("1" * 4_001, id="a long text"),
        pytest.param("not " * 61 + "True", id="deep nesting"),
        pytest.param("(" * 1_000 + ")" * 1_000, id="deep brackets"),
        pytest.param("-" * 3_000 + "1", id="many signs"),
        pytest.param("[" + "1," * 1_999 + "1]", id="many parts"),
        pytest.param("'\0'", id="a null character"),
    ],
)
def test_a_hostile_text_is_refused(text: str) -> None:
    """The size and depth of what is checked and run have a limit."""
    with pytest.raises(LanguageError):
        compile_expression(text)


def test_comments_and_line_breaks_are_allowed() -> None:
    """A condition may be laid out for reading."""
    assert compile_expression("\n1 == 1  # so it is\nand 2 == 2\n").text.startswith("\n1")
