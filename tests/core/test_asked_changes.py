"""Changes as a user types them."""

from __future__ import annotations

import pytest

from buildDoctor.core.errors import RequestError
from buildDoctor.core.fixes.asked_changes import read_change

LIST = ("9.0", "12.0", "12.0a")


@pytest.mark.parametrize(
    ("text", "name", "after"),
    [
        ("supported-=12.0a", "supported", ("9.0", "12.0")),
        ("supported -= sm_120a", "supported", ("9.0", "12.0")),
        ("supported+=10.0,10.0a", "supported", (*LIST, "10.0", "10.0a")),
        ("supported+=9.0", "supported", LIST),
        ("request=8.0 9.0;9.0", "request", ("8.0", "9.0")),
        ("NVFP4 SM120-=9.0;12.0", "NVFP4 SM120", ("12.0a",)),
        ("request+=12.0+PTX", "request", (*LIST, "12.0+PTX")),
    ],
    ids=[
        "take-out",
        "in-nvccs-form",
        "add-two",
        "add-what-is-there",
        "replace",
        "name-with-a-space",
        "value-with-a-plus",
    ],
)
def test_a_change_says_what_the_list_becomes(text: str, name: str, after: tuple[str, ...]) -> None:
    change = read_change(text)

    assert (change.name, change.applied(LIST)) == (name, after)


@pytest.mark.parametrize(
    "text",
    ["", "supported", "=9.0", "supported=", "supported-=", "cuda+=13.0", "cuda=12.8 13.0"],
    ids=["nothing", "a-name-alone", "no-name", "no-value", "nothing-to-take-out", "a-second-toolkit", "two-toolkits"],
)
def test_half_a_change_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(RequestError, match=r"write .*cuda=13\.0"):
        read_change(text)


@pytest.mark.parametrize(
    ("text", "error"),
    [("x-=10.0", "10.0 is not in the list, which holds 9.0, 12.0, 12.0a"), ("x+=ninety", "'ninety' is not an NVIDIA")],
    ids=["not-in-the-list", "no-architecture"],
)
def test_a_change_that_cannot_be_made_says_why(text: str, error: str) -> None:
    with pytest.raises(RequestError, match=error):
        read_change(text).applied(LIST)
