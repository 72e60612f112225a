"""Where a row of values changes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from buildDoctor.core.comparing.bisecting import changes


@pytest.mark.parametrize(
    ("values", "found"),
    [("", ()), ("a", ()), ("aa", ()), ("ab", (1,)), ("aaabbbb", (3,)), ("aabbbcc", (2, 5)), ("aba", ())],
    ids=["none", "one", "same", "next-to-each-other", "one-change", "two-changes", "there-and-back"],
)
def test_each_change_between_different_ends_is_found(values: str, found: tuple[int, ...]) -> None:
    assert changes(len(values), values.__getitem__) == found


@given(some.lists(some.integers(0, 3), min_size=1, max_size=60))
def test_what_is_found_is_a_change_and_leads_from_the_first_value_to_the_last(values: list[int]) -> None:
    found = changes(len(values), values.__getitem__)

    assert all(values[at] != values[at - 1] for at in found)
    reached = values[0]
    for at in found:
        assert values[at - 1] == reached
        reached = values[at]
    assert reached == values[-1]


def test_a_thousand_states_take_ten_looks() -> None:
    """Two more for the ends."""
    looked: set[int] = set()

    def value(at: int) -> bool:
        looked.add(at)
        return at >= 617

    assert changes(1024, value) == (617,)
    assert len(looked) <= 12
