"""Over evidence that was all seen, an expression answers as Python does."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from buildDoctor.core.evidence import Evidence, Feature, Plan, SupportedList, Torch
from buildDoctor.core.language import FUNCTIONS, compile_expression
from buildDoctor.core.language.globs import glob_matcher
from buildDoctor.core.language.regexes import MAX_SUBJECT, Regex

WORDS = st.sampled_from(["", "9.0", "12.0", "12.0a", "fp4"])
LISTS = st.lists(WORDS, max_size=3).map(tuple)
FEATURES = st.builds(Feature, name=WORDS, wants=LISTS, gets=LISTS, line=st.integers(0, 3), built=st.booleans())
EVIDENCE = st.builds(
    Evidence,
    torch=st.builds(Torch, version=WORDS),
    plan=st.builds(
        Plan,
        request=LISTS,
        supported=st.builds(SupportedList, architectures=LISTS, line=st.integers(0, 3)),
        features=st.lists(FEATURES, max_size=3).map(tuple),
    ),
)

TEXTS = st.one_of(WORDS.map(repr), st.sampled_from(["torch.version", "f.name", "g.name"]))
TEXT_LISTS = st.sampled_from(["plan.request", "plan.supported.architectures", "f.wants", "g.gets", "['12.0', 'fp4']"])
NUMBERS = st.sampled_from(["0", "2", "plan.supported.line", "f.line", "g.line", "len(plan.request)", "len(f.gets)"])
EQUALITY = st.sampled_from(["==", "!="])
ORDER = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])
MEMBER = st.sampled_from(["in", "not in"])
SIMPLE = st.one_of(
    st.sampled_from(["True", "False", "f.built", "g.built"]),
    st.builds("{} {} {}".format, TEXTS, EQUALITY, TEXTS),
    st.builds("{} {} {} {} {}".format, NUMBERS, ORDER, NUMBERS, ORDER, NUMBERS),
    st.builds("{} + {} - 1 {} {}".format, NUMBERS, NUMBERS, ORDER, NUMBERS),
    st.builds("{} {} {}".format, TEXTS, MEMBER, TEXT_LISTS),
    st.builds("{} {} {}".format, TEXTS, MEMBER, TEXTS),
    st.builds("without({}, {}) {} {}".format, TEXT_LISTS, TEXT_LISTS, EQUALITY, TEXT_LISTS),
    st.builds("sorted(union({}, {} + {})) != ()".format, TEXT_LISTS, TEXT_LISTS, TEXT_LISTS),
    st.builds("starts({}, {}) or matches({}, '*4')".format, TEXTS, TEXTS, TEXTS),
)


def _grow(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Conditions made from conditions; each binds its loop names anew under a list that the others do not reach."""
    return st.one_of(
        st.builds("({}) and ({})".format, inner, inner),
        st.builds("({}) or ({})".format, inner, inner),
        st.builds("not ({})".format, inner),
        st.builds("(({}) if ({}) else ({}))".format, inner, inner, inner),
        st.builds("any(({}) for x in {} if x == ({}))".format, SIMPLE, TEXT_LISTS, TEXTS),
        st.builds("all(({}) for x in {} if ({}) for y in {})".format, SIMPLE, TEXT_LISTS, SIMPLE, TEXT_LISTS),
        st.builds("len([x for x in {} if ({})]) {} {}".format, TEXT_LISTS, SIMPLE, ORDER, NUMBERS),
    )


CONDITIONS = st.recursive(SIMPLE, _grow, max_leaves=6)
QUANTIFIED = st.builds(
    "{}({}({}) for f in plan.features for g in plan.features if ({}))".format,
    st.sampled_from(["any", "all"]),
    st.sampled_from(["", "not "]),
    CONDITIONS,
    CONDITIONS,
)


def python(text: str, evidence: Evidence) -> object:
    """Python's own answer, with the same functions; its lists are written as tuples, as the evidence has them."""
    functions: dict[str, Callable[..., object]] = {name: function.run for name, function in FUNCTIONS.items()}
    names: dict[str, Any] = {"torch": evidence.torch, "plan": evidence.plan, **functions}
    return eval(text.replace("['12.0', 'fp4']", "('12.0', 'fp4')"), names)  # noqa: S307 - the oracle


@given(QUANTIFIED, EVIDENCE)
@settings(max_examples=400, deadline=None)
def test_an_expression_answers_as_python_does(text: str, evidence: Evidence) -> None:
    """The language is a part of Python's: what it allows means the same."""
    evaluation = compile_expression(text).evaluate(evidence)
    assert evaluation.value is python(text, evidence)
    assert evaluation.missing == ()


@given(QUANTIFIED, EVIDENCE)
@settings(max_examples=200, deadline=None)
def test_reasons_can_be_given_for_every_answer(text: str, evidence: Evidence) -> None:
    """What is touched stands in the evidence at its path."""
    for touched in compile_expression(text).evaluate(evidence).touched:
        read = compile_expression(touched.path).evaluate(evidence)
        assert read.value == touched.value


@given(QUANTIFIED, EVIDENCE)
@settings(max_examples=200, deadline=None)
def test_every_part_has_the_value_that_it_has_alone(text: str, evidence: Evidence) -> None:
    """The whole is shown with its own answer, and so is each part that reads no loop's name."""
    words = {True: "true", False: "false"}
    waiting = [compile_expression(text).parts(evidence)]
    assert waiting[0].value == words[bool(compile_expression(text).evaluate(evidence).value)]
    while waiting:
        part = waiting.pop()
        waiting += part.parts
        if part.is_condition and not re.search(r"\b[fgxy]\b", part.text):
            assert part.value == words[bool(compile_expression(part.text).evaluate(evidence).value)]


@given(QUANTIFIED, EVIDENCE)
@settings(max_examples=200, deadline=None)
def test_less_evidence_never_turns_an_answer_round(text: str, evidence: Evidence) -> None:
    """Where something was not seen, the answer is that of the whole evidence, or unknown with a reason."""
    less = Evidence(torch=Torch(), plan=evidence.plan)
    evaluation = compile_expression(text).evaluate(less)
    if evaluation.known:
        assert evaluation.value is compile_expression(text).evaluate(evidence).value
    else:
        assert evaluation.missing == ("torch.version",)


PIECES = st.sampled_from(["a", "b", ".", "[ab]", "[^a]", r"\d", r"\.", "(?:a|b)", "(ab|)", "^", "$", "1", "c"])
REPEATS = st.sampled_from(["", "", "*", "+", "?", "{2}", "{1,}", "{0,2}"])


@given(
    st.lists(st.builds(lambda piece, sign: piece if piece in "^$" else piece + sign, PIECES, REPEATS), max_size=6),
    st.text("abc.1", max_size=12),
)
@settings(max_examples=1_000, deadline=None)
def test_a_regular_expression_finds_what_python_finds(pieces: list[str], text: str) -> None:
    """The quick way and the exhaustive one agree."""
    pattern = "".join(pieces)
    expected = re.search(pattern, text) is not None
    assert Regex(pattern).found_in(text) == expected
    assert Regex(pattern).finder()(text) == expected


@given(st.text("ab*?", max_size=6), st.text("abc", max_size=8))
@settings(max_examples=1_000, deadline=None)
def test_a_glob_fits_what_its_regular_expression_fits(pattern: str, text: str) -> None:
    """`*` stands for any text and `?` for any character."""
    expected = re.fullmatch(pattern.replace("*", ".*").replace("?", "."), text) is not None
    assert glob_matcher(pattern)(text) == expected


def test_the_ends_of_a_glob_do_not_overlap_in_the_text() -> None:
    """One character cannot serve both ends."""
    assert not glob_matcher("ab*ba")("aba")
    assert glob_matcher("ab*ba")("abba")


def test_a_regular_expression_that_stops_python_does_not_stop_the_doctor() -> None:
    """The time grows with the text, whatever the pattern."""
    assert not Regex("(a*)*(a|a)*a?a?a?b.*.*.*x").found_in("a" * 5_000 + "b")


def test_the_end_is_the_end_of_the_text_however_a_pattern_is_followed() -> None:
    """Python's `$` is also met before a last line end; here it is not, for short patterns as for long ones."""
    assert not Regex("a$").finder()("a\n")
    assert not Regex("(a|a)*a{20}a$").finder()("a" * 30 + "\n")
    assert Regex("a$").finder()("a")


def test_only_the_first_characters_are_looked_at_however_a_pattern_is_followed() -> None:
    """As the page says: a long name takes no longer than its beginning."""
    text = "a" * MAX_SUBJECT + "b"
    assert not Regex("b").finder()(text)
    assert not Regex("(b|c)").finder()(text)
    assert Regex("ab").finder()(text[1:])
