"""A fix changes one file of the user's own tree, keeps what was there, and nothing else is written."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from buildDoctor.core.fixes.list_edits import unified_diff
from buildDoctor.core.fixes.patches import Applied
from buildDoctor.examine.applying import apply, refusal

DEMO = Path(__file__).parents[2] / "buildDoctor" / "demo"
TEXT = "set(ARCHS 9.0 12.0a)\nset(OTHER 1)\n"
AFTER = "set(ARCHS 9.0)\nset(OTHER 1)\n"
PATCH = unified_diff(TEXT, AFTER, "cmake/archs.cmake")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A tree with the script of the patch."""
    script = tmp_path / "tree" / "cmake" / "archs.cmake"
    script.parent.mkdir(parents=True)
    script.write_text(TEXT)
    script.chmod(0o640)
    (tmp_path / "tree" / "other.txt").write_text("other")
    return tmp_path / "tree"


def _contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_only_the_file_changes_and_is_kept_beside_itself(tree: Path) -> None:
    """The backup has the old bytes, the file the new ones and its permissions; nothing else is written."""
    before = _contents(tree)

    applied = apply(tree, PATCH)

    assert applied == Applied(file="cmake/archs.cmake", backup="archs.cmake.orig")
    expected = before | {"cmake/archs.cmake": AFTER.encode(), "cmake/archs.cmake.orig": TEXT.encode()}
    assert _contents(tree) == expected
    assert (tree / "cmake/archs.cmake").stat().st_mode & 0o777 == 0o640


def test_older_backups_stay(tree: Path) -> None:
    """Each backup gets a number of its own."""
    for name in ("archs.cmake.orig", "archs.cmake.orig.1"):
        (tree / "cmake" / name).write_text(name)

    assert apply(tree, PATCH).backup == "archs.cmake.orig.2"
    assert (tree / "cmake/archs.cmake.orig.1").read_text() == "archs.cmake.orig.1"


def test_bytes_that_are_no_text_come_through(tree: Path) -> None:
    """A script in another encoding keeps its bytes."""
    script = tree / "cmake" / "archs.cmake"
    script.write_bytes(TEXT.encode() + b"# \xe9\n")
    patch = unified_diff(TEXT + "# \udce9\n", AFTER + "# \udce9\n", "cmake/archs.cmake").replace("\udce9", "\udce9")

    assert apply(tree, patch).why_not == ""
    assert script.read_bytes() == AFTER.encode() + b"# \xe9\n"


def _changed(tree: Path) -> None:
    (tree / "cmake/archs.cmake").write_text("set(ARCHS 9.0)\n")


def _linked(tree: Path) -> None:
    script = tree / "cmake/archs.cmake"
    script.rename(tree.parent / "elsewhere.cmake")
    script.symlink_to(tree.parent / "elsewhere.cmake")


def _linked_folder(tree: Path) -> None:
    (tree / "cmake").rename(tree.parent / "elsewhere")
    (tree / "cmake").symlink_to(tree.parent / "elsewhere")


def _gone(tree: Path) -> None:
    (tree / "cmake/archs.cmake").unlink()


@pytest.mark.parametrize(
    ("meanwhile", "reason"),
    [
        pytest.param(_changed, "has changed since", id="the-file-has-changed"),
        pytest.param(_linked, "is a link", id="the-file-is-a-link"),
        pytest.param(_linked_folder, "is a link", id="its-folder-is-a-link"),
        pytest.param(_gone, "No such file", id="the-file-is-gone"),
    ],
)
def test_tree_that_is_not_as_expected_stays_as_it_is(tree: Path, meanwhile: object, reason: str) -> None:
    """It is refused in words, and nothing is written, neither in the tree nor beside it."""
    assert callable(meanwhile)
    meanwhile(tree)
    before = _contents(tree.parent)

    assert reason in apply(tree, PATCH).why_not
    assert reason in refusal(tree, PATCH)
    assert _contents(tree.parent) == before


@pytest.mark.parametrize("name", ["../outside.cmake", "/etc/hostname"])
def test_patch_that_leads_out_of_the_tree_is_refused(tree: Path, name: str) -> None:
    """The name in a patch is not trusted."""
    (tree.parent / "outside.cmake").write_text(TEXT)
    before = _contents(tree.parent)

    assert apply(tree, unified_diff(TEXT, AFTER, name)).why_not
    assert _contents(tree.parent) == before


def test_bundled_case_and_installed_packages_are_refused(tree: Path) -> None:
    """Only the user's own trees are changed."""
    text = (DEMO / "CMakeLists.txt").read_text()
    of_the_case = unified_diff(text, text.replace("12.0a", "12.0", 1), "CMakeLists.txt")
    installed = tree.parent / "site-packages" / "tree"
    shutil.copytree(tree, installed)

    assert "part of build-doctor" in refusal(DEMO, of_the_case)
    assert "installed package" in refusal(installed, PATCH)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_folder_that_cannot_be_written_is_refused(tree: Path) -> None:
    """It is said before anything is tried."""
    (tree / "cmake").chmod(0o500)

    assert "cannot be written" in refusal(tree, PATCH)
