"""The commit where a feature's result changed."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from buildDoctor.core.comparing.revised import Revisions
from buildDoctor.core.errors import RequestError
from buildDoctor.examine.options import Options
from buildDoctor.examine.revisions import find_revisions

DEMO = Path(__file__).parents[2] / "buildDoctor" / "demo"
ENVIRONMENT = {
    "PATH": os.environ["PATH"], "HOME": "/nonexistent", "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.org", "GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a@example.org",
}  # fmt: skip


def commit(folder: Path, message: str, old: str = "", new: str = "") -> None:
    """A commit that replaces a text of CMakeLists.txt, or adds a comment."""
    script = folder / "CMakeLists.txt"
    text = script.read_text(encoding="utf-8")
    assert old in text
    script.write_text(text.replace(old, new) if old else f"{text}# {message}\n", encoding="utf-8")
    for words in (["add", "--all"], ["commit", "--quiet", "--message", message]):
        subprocess.run(["git", *words], cwd=folder, env=ENVIRONMENT, check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """The case, mended in the middle of its history, and broken in another way near its end."""
    folder = tmp_path / "tree"
    shutil.copytree(DEMO, folder, ignore=shutil.ignore_patterns("*.so"))
    subprocess.run(["git", "init", "--quiet", "."], cwd=folder, env=ENVIRONMENT, check=True)
    commit(folder, "the case")
    for number in range(3):
        commit(folder, f"noise {number}")
    commit(folder, "drop 12.0a", "9.0;12.0;12.0a", "9.0;12.0")
    commit(folder, "noise")
    commit(folder, "no Hopper", "8.9;9.0;12.0", "8.9;12.0")
    commit(folder, "noise")
    return folder


def find(repository: Path, text: str, *features: str, static: bool = False) -> Revisions:
    options = Options(source=str(repository), cuda="12.9", arch_list="9.0 12.0", static=static)
    return find_revisions(options, text, features, lambda _step: None)


def test_each_feature_is_traced_to_its_commit(repository: Path) -> None:
    """Two features change in two places; the files and the supported list are named."""
    found = find(repository, "HEAD~7..HEAD")

    assert [(r.feature, r.subject, r.before.state, r.after.state, r.after.gets) for r in found.found] == [
        ("scaled_mm_sm90", "no Hopper", "built", "not built", ()),
        ("scaled_mm_sm120", "drop 12.0a", "built", "built", ("12.0a",)),
        ("NVFP4", "drop 12.0a", "not built", "built", ("12.0a",)),
    ]
    assert {r.files for r in found.found} == {("CMakeLists.txt",)}
    assert found.found[2].supported_after == ("7.0", "7.2", "7.5", "8.0", "8.6", "8.7", "8.9", "9.0", "12.0")
    assert (found.commits, found.same) == (7, ())
    assert found.looked < 8


def test_only_the_features_that_are_asked_for_are_looked_at(repository: Path) -> None:
    found = find(repository, "HEAD~7..HEAD~2", "nvfp4")

    assert [r.feature for r in found.found] == ["NVFP4"]
    assert found.same == ()


def test_the_work_tree_is_neither_read_nor_changed(repository: Path) -> None:
    """What is not committed does not count, and stays."""
    script = repository / "CMakeLists.txt"
    script.write_text("message(FATAL_ERROR broken)\n", encoding="utf-8")

    assert find(repository, "HEAD~7..HEAD", "nvfp4").found[0].subject == "drop 12.0a"
    assert script.read_text(encoding="utf-8") == "message(FATAL_ERROR broken)\n"


def test_a_commit_whose_scripts_cannot_be_run_is_a_result_of_its_own(repository: Path) -> None:
    """A tree that is refused is not a tree without the feature."""
    commit(repository, "reach out", "find_package(Torch REQUIRED)", "_include(x)")

    found = find(repository, "HEAD~1..HEAD", "nvfp4").found[0]

    assert (found.subject, found.after.state) == ("reach out", "no plan")
    assert "_include" in found.after.why


def test_a_build_in_setup_py_is_compared_by_extension(tmp_path: Path) -> None:
    folder = tmp_path / "tree"
    folder.mkdir()
    (folder / "CMakeLists.txt").write_text("# not the build\n")
    subprocess.run(["git", "init", "--quiet", "."], cwd=folder, env=ENVIRONMENT, check=True)
    for architecture in ("90", "120"):
        (folder / "setup.py").write_text(
            "from setuptools import setup\nfrom torch.utils.cpp_extension import CUDAExtension\n"
            f"flags = ['-gencode', 'arch=compute_{architecture},code=sm_{architecture}']\n"
            "setup(ext_modules=[CUDAExtension('x', ['a.cu'], extra_compile_args={'nvcc': flags})])\n"
        )
        commit(folder, architecture)

    found = find(folder, "HEAD~1..HEAD").found

    assert [(r.feature, r.subject, r.before.gets, r.after.gets) for r in found] == [("x", "120", ("9.0",), ("12.0",))]


@pytest.mark.parametrize(
    ("text", "features", "static", "error"),
    [
        ("HEAD~7..HEAD", (), True, "which --static forbids"),
        ("HEAD", (), False, "write two commits with two dots"),
        ("HEAD..HEAD", (), False, "no commit of it changes a build script"),
        ("HEAD~99..HEAD", (), False, "has no commit 'HEAD~99'"),
        ("HEAD~7..HEAD", ("marlin",), False, "neither end of the range has a feature 'marlin'"),
    ],
    ids=["static", "one-commit", "empty", "unknown", "no-such-feature"],
)
def test_a_range_that_cannot_be_looked_at_says_why(
    text: str, features: tuple[str, ...], error: str, repository: Path, *, static: bool
) -> None:
    with pytest.raises(RequestError, match=error):
        find(repository, text, *features, static=static)
