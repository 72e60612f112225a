"""Which requests are tried, and in which order."""

from __future__ import annotations

from itertools import islice

from hypothesis import given
from hypothesis import strategies as some

from buildDoctor.core.evidence import Plan, SupportedList
from buildDoctor.core.fixes.covering import Need, elements, requests


def need(capability: str) -> Need:
    return Need(capability=capability, name="", features=())


HOPPER, BLACKWELL, SPARK = need("9.0"), need("12.0"), need("12.1")


def test_the_fewest_elements_come_first_and_ptx_last() -> None:
    alone = {
        "9.0": frozenset({HOPPER}), "12.0": frozenset({BLACKWELL, SPARK}), "12.1a": frozenset({SPARK}),
        "9.0+PTX": frozenset({HOPPER, BLACKWELL, SPARK}), "8.0": frozenset[Need](),
    }  # fmt: skip

    assert list(islice(requests(alone, frozenset({HOPPER, BLACKWELL, SPARK})), 2)) == [("9.0+PTX",), ("9.0", "12.0")]
    assert next(requests(alone, frozenset({HOPPER, SPARK}))) == ("9.0+PTX",)
    assert next(requests(alone, frozenset({SPARK}))) == ("12.0",)


def test_what_no_element_gives_is_given_by_no_request() -> None:
    assert list(requests({"9.0": frozenset({HOPPER})}, frozenset({HOPPER, SPARK}))) == []


@given(some.dictionaries(some.sampled_from(["8.0", "9.0", "9.0+PTX", "12.0", "12.0a", "12.1"]), some.sets(some.sampled_from([HOPPER, BLACKWELL, SPARK]))))  # fmt: skip
def test_every_request_meets_all_needs_and_none_is_smaller_than_the_first(alone: dict[str, set[Need]]) -> None:
    frozen = {element: frozenset(met) for element, met in alone.items()}
    wanted = frozenset({HOPPER, SPARK})
    found = list(requests(frozen, wanted))

    assert all(wanted <= frozenset[Need]().union(*(frozen[one] for one in request)) for request in found)
    assert [len(request) for request in found] == sorted(len(request) for request in found)


def test_the_elements_are_those_of_the_gpus_and_of_what_is_supported_beside_them() -> None:
    plan = Plan(cuda_version="12.9", supported=SupportedList(architectures=("7.0", "9.0", "10.0", "10.1")))
    found = elements(plan, ("10.3",))

    assert found[:3] == ("10.3", "10.0", "10.1")
    assert {"10.3a", "10.0f", "10.3+PTX"} <= set(found)
    assert not {"7.0", "9.0"} & set(found)


def test_an_element_is_one_that_the_toolkit_compiles() -> None:
    assert elements(Plan(cuda_version="12.8"), ("12.1",)) == ("12.0", "12.0a", "12.0+PTX")
