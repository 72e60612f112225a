"""The changes that a search considers."""

from __future__ import annotations

import pytest

from buildDoctor.core.evidence import Feature, Plan
from buildDoctor.core.fixes.candidates import Candidate, Kind, candidates, is_compiled_by
from buildDoctor.core.fixes.plan_changes import PlacedList

SUPPORTED = PlacedList("SUPPORTED", "a.txt", 2, ("9.0", "12.0", "12.0a"))
OWN = PlacedList("NVFP4", "a.txt", 9, ("12.0a",))
FEATURE = Feature(name="NVFP4", variable="FP4", wants=("12.0a",), gets=())
PLAN = Plan(cuda_version="12.9", request=("9.0", "12.0+PTX"), features=(FEATURE,))


def made(plan: Plan = PLAN) -> tuple[Candidate, ...]:
    return candidates(plan, FEATURE, "12.0", [SUPPORTED], [OWN])


def titles(kind: Kind, plan: Plan = PLAN) -> list[str]:
    return [candidate.title for candidate in made(plan) if candidate.kind is kind]


def test_each_element_of_a_list_is_dropped_once() -> None:
    dropped = [c for c in made() if c.kind is Kind.SUPPORTED and c.removed and not c.added]

    assert [(c.title, c.size, c.changes.lists[0].after) for c in dropped] == [
        ("Drop 9.0 from SUPPORTED (a.txt:2)", 1, ("12.0", "12.0a")),
        ("Drop 12.0 from SUPPORTED (a.txt:2)", 1, ("9.0", "12.0a")),
        ("Drop 12.0a from SUPPORTED (a.txt:2)", 1, ("9.0", "12.0")),
    ]


@pytest.mark.parametrize(
    ("kind", "title"),
    [
        (Kind.SUPPORTED, "Add 12.0f to SUPPORTED (a.txt:2)"),
        (Kind.SUPPORTED, "Add 10.0 and 10.0a to SUPPORTED (a.txt:2)"),
        (Kind.SUPPORTED, "Put 12.0f in place of 12.0a in SUPPORTED (a.txt:2)"),
        (Kind.OWN, "Add 12.0 to the list of NVFP4 (a.txt:9)"),
        (Kind.OWN, "Put 12.0f in place of 12.0a in the list of NVFP4 (a.txt:9)"),
        (Kind.OWN, "Drop 12.0a from SUPPORTED (a.txt:2), and add 12.0f to the list of NVFP4 (a.txt:9)"),
        (Kind.REQUEST, "Ask the build for 12.0a as well"),
        (Kind.REQUEST, "Ask the build for 12.0f+PTX in place of 12.0+PTX"),
        (Kind.REQUEST, "Do not ask the build for 9.0"),
        (Kind.TOOLKIT, "Build with CUDA 13.0"),
    ],
)
def test_every_kind_of_change_is_considered(kind: Kind, title: str) -> None:
    assert title in titles(kind)


def test_nothing_is_considered_twice() -> None:
    assert len({c.changes for c in made()}) == len(made())


def test_a_toolkit_is_not_given_what_it_cannot_compile() -> None:
    """12.8 has no family targets and does not know 12.1."""
    older = [c.title for c in made(Plan(cuda_version="12.8", request=("12.0",)))]

    assert not [title for title in older if "12.0f" in title or title.startswith("Add 12.1")]
    assert "Build with CUDA 12.9" in older
    assert "Build with CUDA 12.8" not in older


@pytest.mark.parametrize(
    ("architecture", "cuda", "compiled"),
    [("12.0", "12.8", True), ("12.0", "12.6", False), ("12.0f", "12.8", False), ("7.0", "13.0", False), ("10.1", "12.9.1", True)],
    ids=["first-version", "too-old", "no-families-yet", "given-up", "last-version"],
)  # fmt: skip
def test_a_toolkit_compiles_from_its_first_to_its_last_version(architecture: str, cuda: str, *, compiled: bool) -> None:
    assert is_compiled_by(architecture, cuda) is compiled


def test_the_last_element_of_the_request_stays() -> None:
    """A build that is asked for nothing takes a list of its own."""
    alone = Plan(cuda_version="12.9", request=("12.0",))

    assert "Do not ask the build for 12.0" not in titles(Kind.REQUEST, alone)
