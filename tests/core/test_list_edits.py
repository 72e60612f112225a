"""Edits change the one list that they name, and nothing else in the script."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from buildDoctor.adapters.cmake.find_cmake import find_cmake
from buildDoctor.core.fixes.list_edits import EditError, edit_list, unified_diff

REMOVED = {
    "from the middle of a quoted list": ('set(A "7.0;8.0;9.0")', "8.0", 'set(A "7.0;9.0")'),
    "from the beginning of a quoted list": ('set(A "7.0;8.0;9.0")', "7.0", 'set(A "8.0;9.0")'),
    "from the end of a quoted list": ('set(A "7.0;8.0;9.0")', "9.0", 'set(A "7.0;8.0")'),
    "the only one of a quoted list": ('set(A "7.0")', "7.0", 'set(A "")'),
    "from the middle of a bare list": ("set(A 7.0 8.0 9.0)", "8.0", "set(A 7.0 9.0)"),
    "from the beginning of a bare list": ("set(A 7.0 8.0 9.0)", "7.0", "set(A 8.0 9.0)"),
    "from the end of a bare list": ("set(A 7.0 8.0 9.0)", "9.0", "set(A 7.0 8.0)"),
    "the only one of a bare list": ("set(A 7.0)", "7.0", 'set(A "")'),
    "a bare one that holds a list": ("set(A 7.0;8.0 9.0)", "8.0", "set(A 7.0 9.0)"),
    "from several lines": ("set(A\n  7.0\n  8.0\n  9.0)", "8.0", "set(A\n  7.0\n  9.0)"),
    "the first of several lines": ("set(A\n  7.0\n  8.0)", "7.0", "set(A\n  8.0)"),
    "the last of several lines": ("set(A\n  7.0\n  8.0\n)", "8.0", "set(A\n  7.0\n)"),
    "one of several in quotes of their own": ('set(A "7.0" "8.0" "9.0")', "8.0", 'set(A "7.0" "9.0")'),
    "the first of several in quotes of their own": ('set(A "7.0" "8.0")', "7.0", 'set(A "8.0")'),
    "one that is there twice": ('set(A "7.0;8.0;7.0")', "7.0", 'set(A "8.0")'),
    "one that is there twice, bare": ("set(A 7.0 8.0 7.0)", "7.0", "set(A 8.0)"),
    "and not a longer one": ('set(A "12.0;12.0a;2.0")', "12.0", 'set(A "12.0a;2.0")'),
    "behind a comment": ("set(A\n  7.0 # old\n  8.0)", "8.0", "set(A\n  7.0 # old\n  )"),
    "before a comment": ("set(A\n  7.0 # old\n  8.0)", "7.0", "set(A # old\n  8.0)"),
    "with parentheses in a comment": ("set(A # all (of them)\n  7.0\n  8.0)", "8.0", "set(A # all (of them)\n  7.0)"),
    "and not from a comment": ("set(A # 8.0 is new\n  7.0 8.0)", "8.0", "set(A # 8.0 is new\n  7.0)"),
    "and not from the comment behind": ('set(A "7.0;8.0") # 8.0', "8.0", 'set(A "7.0") # 8.0'),
    "in front of CACHE": ('set(A "7.0;8.0" CACHE STRING "8.0")', "8.0", 'set(A "7.0" CACHE STRING "8.0")'),
    "in front of PARENT_SCOPE": ("set(A 7.0 8.0 PARENT_SCOPE)", "8.0", "set(A 7.0 PARENT_SCOPE)"),
    "from what is appended": ('list(APPEND A "7.0;8.0")', "8.0", 'list(APPEND A "7.0")'),
    "from the list of a call": ('meet(R "7.0;8.0" "8.0")', "8.0", 'meet(R "7.0" "8.0")'),
    "in capitals and with spaces": ('  SET ( A   "7.0;8.0" )', "8.0", '  SET ( A   "7.0" )'),
    "with line ends of Windows": ('set(A "7.0;8.0")\r\nset(B 8.0)\r\n', "8.0", 'set(A "7.0")\r\nset(B 8.0)\r\n'),
    "from several lines of Windows": ("set(A\r\n  7.0\r\n  8.0)\r\n", "8.0", "set(A\r\n  7.0)\r\n"),
}
ADDED = {
    "to a quoted list": ('set(A "7.0;8.0")', 'set(A "7.0;8.0;9.0")'),
    "to a quoted list of one": ('set(A "7.0")', 'set(A "7.0;9.0")'),
    "to an empty quoted list": ('set(A "")', 'set(A "9.0")'),
    "to a bare list": ("set(A 7.0 8.0)", "set(A 7.0 8.0 9.0)"),
    "to a bare list with semicolons": ("set(A 7.0;8.0)", "set(A 7.0;8.0;9.0)"),
    "to several lines": ("set(A\n  7.0\n  8.0\n)", "set(A\n  7.0\n  8.0\n  9.0\n)"),
    "to several lines of Windows": ("set(A\r\n  7.0\r\n  8.0)", "set(A\r\n  7.0\r\n  8.0\r\n  9.0)"),
    "to several in quotes of their own": ('set(A "7.0" "8.0")', 'set(A "7.0" "8.0" "9.0")'),
    "before a comment at the end": ("set(A\n  7.0\n  8.0 # new\n)", "set(A\n  7.0\n  8.0\n  9.0 # new\n)"),
    "behind a comment in the middle": ("set(A\n  7.0 # old\n  8.0)", "set(A\n  7.0 # old\n  8.0\n  9.0)"),
    "in front of CACHE": ('set(A "7.0" CACHE STRING "all")', 'set(A "7.0;9.0" CACHE STRING "all")'),
    "in front of PARENT_SCOPE": ("set(A 7.0 8.0 PARENT_SCOPE)", "set(A 7.0 8.0 9.0 PARENT_SCOPE)"),
    "to the list of a call": ('meet(R "7.0" "8.0")', 'meet(R "7.0;9.0" "8.0")'),
}


@pytest.mark.parametrize(("text", "element", "expected"), [pytest.param(*c, id=n) for n, c in REMOVED.items()])
def test_an_element_is_taken_out(text: str, element: str, expected: str) -> None:
    """With one separator, wherever it stands in the list."""
    assert edit_list(text, 1, remove=(element,)) == expected


@pytest.mark.parametrize(("text", "expected"), [pytest.param(*c, id=n) for n, c in ADDED.items()])
def test_an_element_is_added_at_the_end(text: str, expected: str) -> None:
    """In the way in which the others are written."""
    assert edit_list(text, 1, add=("9.0",)) == expected


@pytest.mark.parametrize(
    ("text", "element"), [pytest.param(text, element, id=name) for name, (text, element, _) in REMOVED.items()]
)
def test_cmake_reads_the_edited_list_without_the_element(text: str, element: str, tmp_path: Path) -> None:
    """The oracle: CMake's own value before, without the element, is its value after."""
    if "meet" in text or "PARENT_SCOPE" in text:
        pytest.skip("this command sets nothing here")

    before, after = (_value(script, tmp_path) for script in (text, edit_list(text, 1, remove=(element,))))

    assert after == [one for one in before if one != element]


def _value(script: str, folder: Path) -> list[str]:
    """The elements of A after a script."""
    file = folder / "script.cmake"
    file.write_bytes(f'{script}\nmessage("@${{A}}@")\n'.encode())
    ended = subprocess.run([str(find_cmake()), "-P", str(file)], capture_output=True, text=True, check=True)
    return [one for one in ended.stderr.strip().strip("@").split(";") if one]


def test_several_edits_are_made_at_once() -> None:
    """Elements are taken out first, then added; what is there already is not added again."""
    text = 'x()\nset(A "7.0;8.0;9.0")\n'

    assert edit_list(text, 2, remove=("7.0", "9.0"), add=("8.0", "10.0")) == 'x()\nset(A "8.0;10.0")\n'


REFUSED = {
    "an element that is not there": ('set(A "7.0")', {"remove": ("8.0",)}, "8.0 is not an element of the list"),
    "a part of an element": ('set(A "12.0a")', {"remove": ("12.0",)}, "12.0 is not an element of the list"),
    "an element that is there already": ('set(A "7.0")', {"add": ("7.0",)}, "the list holds these elements already"),
    "a list that stands elsewhere": ("set(A ${B} 8.0)", {"remove": ("8.0",)}, "does not spell its list out"),
    "a list that stands elsewhere, quoted": ('set(A "${B};8.0")', {"add": ("9.0",)}, "does not spell its list out"),
    "no list": ("set(A)", {"add": ("9.0",)}, "does not spell its list out"),
    "no command": ("7.0 8.0", {"remove": ("8.0",)}, "line 1 begins no command"),
    "a command that does not end": ('set(A "7.0;8.0"\n', {"remove": ("8.0",)}, "does not end"),
    "a text that does not end": ('set(A "7.0;8.0)\n', {"remove": ("8.0",)}, "does not end"),
}


@pytest.mark.parametrize(("text", "edit", "why"), [pytest.param(*c, id=n) for n, c in REFUSED.items()])
def test_an_edit_that_does_not_fit_is_refused(text: str, edit: dict[str, tuple[str, ...]], why: str) -> None:
    """Nothing is guessed: the reason says what is not as expected."""
    with pytest.raises(EditError, match=why):
        edit_list(text, 1, **edit)


def test_a_line_that_is_not_there_is_refused() -> None:
    """The script has fewer lines."""
    with pytest.raises(EditError, match="the script has no line 9"):
        edit_list("set(A 7.0)\n", 9, add=("8.0",))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("a\nb\nc\n", "a\nx\nc\n", id="plain"),
        pytest.param("a\r\nb\r\n", "a\r\nx\r\n", id="line ends of Windows"),
        pytest.param("a\nb", "a\nx", id="no line end at the end"),
        pytest.param("a\n\x0cb\x1c\nc\n", "a\n\x0cb\x1c\nx\n", id="control characters that Python takes for line ends"),
    ],
)
def test_a_patch_makes_the_change(before: str, after: str, tmp_path: Path) -> None:
    """`git apply` takes the patch and gives the edited text, byte for byte."""
    (tmp_path / "file").write_bytes(before.encode())

    subprocess.run(
        ["git", "apply", "-p1", "-"], input=unified_diff(before, after, "file").encode(), cwd=tmp_path, check=True
    )

    assert (tmp_path / "file").read_bytes() == after.encode()
