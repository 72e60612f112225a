from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from buildDoctor.core.fixes.list_edits import EditError, unified_diff
from buildDoctor.core.fixes.patches import patched, patched_file

LINES = st.lists(st.text(st.sampled_from("ab \t\r\x0c+-@\\"), max_size=4), max_size=12).map("\n".join)
TEXT = "one\ntwo\nthree\n"
PATCH = unified_diff(TEXT, "one\n2\nthree\n", "a.txt")


@given(before=LINES, after=LINES)
def test_patch_of_two_texts_leads_from_one_to_the_other(before: str, after: str) -> None:
    """Whatever the lines hold, line ends of every kind and a last line without one included."""
    if before != after:
        assert patched(before, unified_diff(before, after, "x")) == after


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param("one\n2\nthree\n", "line 1 is not what the patch replaces", id="applied-already"),
        pytest.param("one\ntwo\n", "line 1 is not", id="a-line-of-the-context-is-gone"),
        pytest.param("zero\none\ntwo\nthree\n", "line 1 is not", id="moved-by-one-line"),
        pytest.param("", "line 1 is not", id="empty"),
    ],
)
def test_text_that_the_patch_does_not_expect_is_refused(text: str, reason: str) -> None:
    """Nothing is guessed: each line has to stand where the patch says."""
    with pytest.raises(EditError, match=reason):
        patched(text, PATCH)


@pytest.mark.parametrize(
    "patch",
    [
        pytest.param("", id="empty"),
        pytest.param(PATCH + PATCH.replace("a.txt", "b.txt"), id="two-files"),
        pytest.param(PATCH.replace("--- a/a.txt", "--- /dev/null"), id="a-new-file"),
    ],
)
def test_patch_of_anything_but_one_file_is_refused(patch: str) -> None:
    """Which file changes is never in doubt."""
    with pytest.raises(EditError, match="exactly one file"):
        patched_file(patch)


def test_patch_names_its_file() -> None:
    """The name is relative to the tree."""
    assert patched_file(PATCH) == "a.txt"
