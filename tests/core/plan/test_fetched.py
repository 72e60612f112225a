"""What the scripts fetch: the version of CUTLASS is the one that the revision names."""

from __future__ import annotations

import pytest

from buildDoctor.core.plan.fetched import fetched_cutlass
from buildDoctor.core.plan.records import TraceRecord


def declared(*arguments: str) -> list[TraceRecord]:
    """A script that declares something to fetch at its line 7."""
    return [TraceRecord("fetchcontent_declare", arguments, "CMakeLists.txt", 7, 1)]


@pytest.mark.parametrize(
    ("revision", "version"),
    [("v4.2.1", "4.2.1"), ("3.9.0", "3.9.0"), ("f115c3f85467d5d9619119d1dbeb9c03c3d73864", None), ("main", None), ("", None)],
)  # fmt: skip
def test_a_revision_names_a_version_or_none(revision: str, version: str | None) -> None:
    (found,) = fetched_cutlass(
        declared("Cutlass", "GIT_REPOSITORY", "somewhere", "GIT_TAG", revision, "GIT_SHALLOW", "TRUE")
    )

    assert (found.version, found.place) == (version, "CMakeLists.txt:7")


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(("flashmla", "GIT_TAG", "v4.2.1"), id="something else"),
        pytest.param(("cutlass", "SOURCE_DIR", "/src/cutlass"), id="a folder"),
        pytest.param(("cutlass", "GIT_TAG"), id="no revision behind the word"),
        pytest.param((), id="nothing"),
    ],
)
def test_what_is_no_revision_of_cutlass_is_passed_over(arguments: tuple[str, ...]) -> None:
    assert fetched_cutlass(declared(*arguments)) == ()
