"""Build scripts at other commits, from repositories that may be anyone's."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from buildDoctor.adapters.commands import Failed
from buildDoctor.adapters.git import Commit, Git, History

ENVIRONMENT = {
    "PATH": os.environ["PATH"], "HOME": "/nonexistent", "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.org", "GIT_AUTHOR_DATE": "2026-03-01T12:00:00+0000",
    "GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a@example.org", "GIT_COMMITTER_DATE": "2026-03-01T12:00:00+0000",
}  # fmt: skip


def git(folder: Path, *words: str) -> str:
    """The real git, as its author uses it."""
    ended = subprocess.run(["git", *words], cwd=folder, env=ENVIRONMENT, capture_output=True, check=True)
    return ended.stdout.decode().strip()


def commit(folder: Path, message: str, **files: str | bytes) -> str:
    """A commit that sets files; `__` in a name is a slash, `_dot_` a dot."""
    for name, content in files.items():
        path = folder / name.replace("__", "/").replace("_dot_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", message)
    return git(folder, "rev-parse", "HEAD")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "repository"
    folder.mkdir()
    git(folder, "init", "--quiet", ".")
    return folder


def history(folder: Path, first: str, last: str = "HEAD") -> History:
    found = Git(folder).history(first, last)
    assert isinstance(found, History)
    return found


def test_only_commits_that_change_a_build_script_count(repository: Path) -> None:
    first = commit(repository, "one", CMakeLists_dot_txt="1")
    commit(repository, "a source", csrc__a_dot_cu="2")
    third = commit(repository, "a module", cmake__utils_dot_cmake="3")
    fourth = commit(repository, "a setup script", setup_dot_py="4")

    assert [one.id for one in history(repository, first).commits] == [first, third, fourth]


def test_a_tree_below_the_root_has_its_own_scripts(repository: Path) -> None:
    first = commit(repository, "one", CMakeLists_dot_txt="1", inner__CMakeLists_dot_txt="1")
    commit(repository, "outside", CMakeLists_dot_txt="2")
    third = commit(repository, "inside", inner__CMakeLists_dot_txt="2")
    found = history(repository / "inner", first)

    assert ([one.id for one in found.commits], found.prefix) == ([first, third], "inner/")
    assert Git(repository / "inner").changed_scripts(*found.commits, "inner/") == ("CMakeLists.txt",)


def test_scripts_come_out_as_they_are_stored(repository: Path, tmp_path: Path) -> None:
    """Bytes of any encoding, no line ends changed; sources and links stay out."""
    content = b"set(X \xff\x01\n)\n"
    commit(repository, "one", CMakeLists_dot_txt=content, cmake__deep__x_dot_cmake="y", csrc__a_dot_cu="z")
    (repository / "link.cmake").symlink_to("/etc/passwd")
    last = commit(repository, "two", _dot_gitattributes="* text eol=crlf\n")
    folder = tmp_path / "out"
    folder.mkdir()

    assert Git(repository).write_scripts(Commit(id=last), "", folder) is None

    written = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert written == {"CMakeLists.txt": content, "cmake/deep/x.cmake": b"y"}


def test_a_commit_is_described_by_its_first_line_and_day(repository: Path) -> None:
    found = commit(repository, "the first line\n\nthe second", CMakeLists_dot_txt="1")

    assert Git(repository).described(Commit(id=found)) == Commit(id=found, subject="the first line", date="2026-03-01")


@pytest.mark.parametrize(
    ("first", "last", "reason"),
    [
        ("nothing", "HEAD", "has no commit 'nothing'"),
        ("HEAD", "HEAD~1", "HEAD is not before HEAD~1"),
        ("--exec=x", "HEAD", "is no name of a commit"),
        ("HEAD:CMakeLists.txt", "HEAD", "is no name of a commit"),
    ],
    ids=["unknown", "backwards", "an-option", "a-file"],
)
def test_a_range_that_is_none_is_said_to_be_none(first: str, last: str, reason: str, repository: Path) -> None:
    for number in range(2):
        commit(repository, "x", CMakeLists_dot_txt=str(number))

    found = Git(repository).history(first, last)

    assert isinstance(found, Failed)
    assert reason in found.reason


def test_a_folder_outside_of_any_repository_is_refused(tmp_path: Path) -> None:
    refused = Git(tmp_path).refusal()

    assert refused is not None
    assert "is in no git repository" in refused.reason


def test_a_machine_without_git_is_told_so(tmp_path: Path) -> None:
    assert Git(tmp_path, program="").refusal() == Failed(reason="git was not found on this machine")


def test_a_repository_starts_no_program(repository: Path, tmp_path: Path) -> None:
    """Hooks, filters, textconv, monitors, helpers and the transport of a missing object: each would leave a mark."""
    mark, trap = tmp_path / "mark", tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\necho $0 $@ >> {mark}\ncat\n")
    trap.chmod(0o755)
    first = commit(repository, "one", CMakeLists_dot_txt="1")
    attributes = "* filter=trap diff=trap export-subst merge=trap\n"
    last = commit(repository, "two", CMakeLists_dot_txt="2", _dot_gitattributes=attributes)
    for name in (
        "core.fsmonitor", "core.pager", "core.editor", "core.sshCommand", "core.gitProxy", "core.alternateRefsCommand",
        "diff.external", "diff.trap.textconv", "diff.trap.command", "filter.trap.smudge", "filter.trap.clean",
        "filter.trap.process", "gpg.program", "credential.helper", "uploadpack.packObjectsHook", "tar.tar.command",
    ):  # fmt: skip
        git(repository, "config", name, str(trap))
    for name, value in {
        "log.showSignature": "true", "remote.origin.url": f"ext::{trap}", "remote.origin.promisor": "true",
        "extensions.partialClone": "origin", "protocol.ext.allow": "always", "protocol.allow": "always",
        "core.repositoryFormatVersion": "1", "core.hooksPath": str(tmp_path),
    }.items():  # fmt: skip
        git(repository, "config", name, value)
    for hook in ("post-checkout", "reference-transaction", "post-index-change", "fsmonitor-watchman"):
        (tmp_path / hook).symlink_to(trap)
    folder = tmp_path / "out"
    folder.mkdir()
    asked = Git(repository)

    found = history(repository, first)
    assert asked.write_scripts(Commit(id=last), "", folder) is None
    asked.described(found.commits[-1])
    assert asked.changed_scripts(*found.commits, "") == ("CMakeLists.txt",)
    assert (folder / "CMakeLists.txt").read_text() == "2"

    # An object that only the promised remote has: it is missing, and nobody is asked for it.
    missing = git(repository, "rev-parse", f"{first}:CMakeLists.txt")
    (repository / ".git" / "objects" / missing[:2] / missing[2:]).unlink()
    assert isinstance(Git(repository).write_scripts(Commit(id=first), "", folder), Failed)
    assert not mark.exists()


@pytest.mark.parametrize("entry", ["", "."], ids=["an empty entry", "the current folder"])
def test_a_program_of_the_tree_is_never_taken_for_git(
    entry: str, repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such an entry of PATH is the current folder, which may be the tree."""
    commit(repository, "first", CMakeLists_dot_txt="project(a)")
    own = repository / "git"
    own.write_text(f"#!/bin/sh\ntouch {tmp_path}/started\n", encoding="utf-8")
    own.chmod(0o755)
    monkeypatch.chdir(repository)
    monkeypatch.setenv("PATH", f"{entry}{os.pathsep}{os.environ['PATH']}")

    Git(Path()).history("HEAD~1", "HEAD")

    assert not (tmp_path / "started").exists()
