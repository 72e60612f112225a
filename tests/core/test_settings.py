"""What a project may say about rules, and what is wrong with it."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from buildDoctor.core.findings import Severity
from buildDoctor.core.settings import Named, Settings, is_date, read_settings, unknown_names

SUPPRESSION = {"rule": "stub-only-kernel", "reason": "We ship none."}


def read(data: dict[str, object]) -> tuple[Settings, list[str]]:
    settings, mistakes = read_settings(data, lambda path: "/".join(map(str, path)))
    return settings, [f"{'/'.join(map(str, mistake.path))}: {mistake.message}" for mistake in mistakes]


def test_settings_are_read_whole() -> None:
    settings, mistakes = read(
        {
            "select": ["plan"],
            "ignore": ["suffix-lost"],
            "severity": {"other-gpus-only": "warning"},
            "suppress": [{**SUPPRESSION, "subject": "e=*", "until": "2026-12-31"}],
        }
    )

    assert mistakes == []
    assert settings.select == (Named(name="plan", place="select/0"),)
    assert settings.ignore == (Named(name="suffix-lost", place="ignore/0"),)
    assert [(one.rule, one.severity) for one in settings.severities] == [("other-gpus-only", Severity.WARNING)]
    (suppression,) = settings.suppressions
    assert (suppression.subject, suppression.until, suppression.place) == ("e=*", "2026-12-31", "suppress/0")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param({"selct": []}, "selct: 'selct' is not a key of the settings; did you mean 'select'?", id="a key"),
        pytest.param({"ignore": "plan"}, "ignore: expected a list of text, found text", id="text for a list"),
        pytest.param({"severity": []}, "severity: expected a table, found a list", id="a list for a table"),
        pytest.param(
            {"severity": {"a": "fatal"}}, "severity/a: 'fatal' is not one of error, warning, note", id="a severity"
        ),
        pytest.param(
            {"suppress": {}}, "suppress: expected tables, written [[suppress]]; found a table", id="one table"
        ),
        pytest.param({"suppress": [{"rule": "a"}]}, "suppress/0: a suppression needs the key 'reason'", id="no reason"),
        pytest.param(
            {"suppress": [{**SUPPRESSION, "reason": " "}]},
            "suppress/0/reason: a suppression says why; this reason is empty",
            id="an empty reason",
        ),
        pytest.param(
            {"suppress": [{**SUPPRESSION, "until": "2026-02-30"}]},
            "suppress/0/until: '2026-02-30' is no day: write for example 2026-12-31",
            id="a day that is not in the calendar",
        ),
        pytest.param(
            {"suppress": [{**SUPPRESSION, "subject": "x" * 500}]},
            "suppress/0/subject: the pattern has 500 characters; 200 are allowed",
            id="a pattern that is too long",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_key(data: dict[str, object], expected: str) -> None:
    assert read(data)[1] == [expected]


@given(st.dates())
def test_every_day_of_the_calendar_is_a_day(day: dt.date) -> None:
    assert is_date(day.isoformat())


@given(st.from_regex(r"\A[0-9]{4}-[0-9]{2}-[0-9]{2}\Z"))
def test_a_text_is_a_day_where_the_calendar_has_it(text: str) -> None:
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        # The core also takes the year 0, which no calendar has.
        assert not is_date(text) or text.startswith("0000")
    else:
        assert is_date(text)


def test_names_that_do_not_exist_are_told_with_the_nearest() -> None:
    settings, _ = read(
        {"select": ["plann"], "severity": {"plan": "note"}, "suppress": [{**SUPPRESSION, "rule": "stub-only-kernal"}]}
    )

    wrong = unknown_names(settings, frozenset({"stub-only-kernel"}), frozenset({"plan"}))
    assert [f"{'/'.join(map(str, mistake.path))}: {mistake.message}" for mistake in wrong] == [
        "select/0: there is no rule or family of rules called 'plann'; did you mean 'plan'?",
        "severity/plan: there is no rule called 'plan'",
        "suppress/0/rule: there is no rule called 'stub-only-kernal'; did you mean 'stub-only-kernel'?",
    ]
