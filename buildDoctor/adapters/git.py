"""The build scripts of a tree at other commits, read with the machine's git.

The repository may be anyone's. Only plumbing that reads objects is started: no hooks, no filters, no textconv, no
signature checks, no transport, and no configuration but the repository's own, in which every setting that could start
a program is overruled. The work tree and the index are not looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from msgspec import Struct, field

from buildDoctor.adapters.commands import Completed, Failed, find_program, run

_SECONDS = 20.0
_MOST_COMMITS = 2_000
_MOST_FILES = 5_000
_LARGEST_FILE = 4 * 1024 * 1024
_MOST_BYTES = 48 * 1024 * 1024
_REVISION = re.compile(r"[\w@][\w./@^~{}+-]{0,199}", re.ASCII)
_OBJECT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_ENTRY = re.compile(r"(?P<mode>\d{6}) blob (?P<id>[0-9a-f]+) +(?P<size>\S+)\t(?P<path>.+)", re.DOTALL)
_AUTHOR = re.compile(r"^author [^\n]*> (?P<seconds>\d{1,12}) [+-]\d{4}$", re.MULTILINE)
_SCRIPTS = ("CMakeLists.txt", "*.cmake", "*.cmake.in", "setup.py", "setup.cfg", "pyproject.toml")
_OVERRULED = {
    "core.fsmonitor": "false", "core.hooksPath": "/dev/null", "core.pager": "cat", "core.sshCommand": "false",
    "core.gitProxy": "", "core.alternateRefsCommand": "", "core.attributesFile": "/dev/null", "diff.external": "",
    "log.showSignature": "false", "gc.auto": "0", "maintenance.auto": "false", "protocol.allow": "never",
    "safe.directory": "*",
}  # fmt: skip
"""What a repository's own configuration could start programs with; `safe.directory` because it may be another user's."""
_ENVIRONMENT = {
    "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_ATTR_NOSYSTEM": "1", "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1", "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "GIT_ALLOW_PROTOCOL": "none",
    "HOME": "/nonexistent", "LC_ALL": "C",
}  # fmt: skip


class Commit(Struct, frozen=True, kw_only=True):
    """One commit."""

    id: str
    subject: str = ""
    """The first line of its message."""
    date: str = ""
    """The day on which it was written, as `2026-12-31`, in UTC."""


class History(Struct, frozen=True, kw_only=True):
    """The commits between two, each with other build scripts than the one before it."""

    commits: tuple[Commit, ...]
    """The first one of the range, then those after it that change a build script, oldest first; without messages."""
    prefix: str
    """The folder of the tree in the repository; empty, or with `/` at its end."""
    left_out: int = 0
    """How many commits were beyond the bound; the newest are read."""


class Git(Struct):
    """The git of the machine, asked about one tree."""

    tree: Path
    program: str = field(default_factory=lambda: find_program("git") or "")
    _blobs: dict[str, bytes] = field(default_factory=dict)
    """Files by object: most of them are the same in the next commit."""

    def history(self, first: str, last: str) -> History | Failed:
        """The commits of a range, along the first parents of its end.

        Args:
            first: the commit before the range, as git names commits.
            last: the newest one.
        """
        ends = [self._commit(name) for name in (first, last)]
        for end in ends:
            if isinstance(end, Failed):
                return end
        old, new = (end for end in ends if isinstance(end, str))
        prefix = self._ask("rev-parse", "--show-prefix")
        if isinstance(prefix, Failed):
            return prefix
        if isinstance(self._ask("merge-base", "--is-ancestor", old, new), Failed):
            return Failed(reason=f"{first} is not before {last} in the history")
        folder = prefix.strip()
        paths = [f":(top,glob){folder}**/{name}" for name in _SCRIPTS]
        listed = self._ask("rev-list", "--first-parent", f"{old}..{new}", "--", *paths)
        if isinstance(listed, Failed):
            return listed
        found = [line for line in listed.split() if _OBJECT.fullmatch(line)]
        kept = found[:_MOST_COMMITS]
        commits = tuple(Commit(id=name) for name in (old, *reversed(kept)))
        return History(commits=commits, prefix=folder, left_out=len(found) - len(kept))

    def _commit(self, name: str) -> str | Failed:
        """The id of a commit."""
        if not _REVISION.fullmatch(name):
            return Failed(reason=f"{name!r} is no name of a commit")
        found = self._ask("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
        if isinstance(found, Failed) or not _OBJECT.fullmatch(found.strip()):
            not_there = Failed(reason=f"{self.tree} has no commit {name!r}")
            return self.refusal() or not_there
        return found.strip()

    def refusal(self) -> Failed | None:
        """Why nothing can be asked about the tree."""
        if not self.program:
            return Failed(reason="git was not found on this machine")
        if isinstance(self._ask("rev-parse", "--git-dir"), Failed):
            return Failed(reason=f"{self.tree} is in no git repository that can be read")
        return None

    def described(self, commit: Commit) -> Commit:
        """The commit with its message's first line and its day; as it is when it cannot be read."""
        text = self._ask("cat-file", "commit", commit.id)
        if isinstance(text, Failed):
            return commit
        head, _, message = text.partition("\n\n")
        author = _AUTHOR.search(head)
        day = datetime.fromtimestamp(int(author["seconds"]), UTC).date().isoformat() if author else ""
        return Commit(id=commit.id, subject=message.partition("\n")[0][:200], date=day)

    def changed_scripts(self, before: Commit, after: Commit, prefix: str) -> tuple[str, ...]:
        """The build scripts that differ between two commits, relative to the tree."""
        listed = self._ask("diff-tree", "-r", "-z", "--name-only", "--no-ext-diff", before.id, after.id)
        names = listed.split("\0") if isinstance(listed, str) else []
        return tuple(name.removeprefix(prefix) for name in names if name.startswith(prefix) and _is_script(name))

    def write_scripts(self, commit: Commit, prefix: str, folder: Path) -> Failed | None:
        """Put the build scripts of a commit into a folder, as they are stored.

        Args:
            commit: the commit.
            prefix: the folder of the tree in the repository.
            folder: an empty folder, which takes the place of the tree.
        """
        listed = self._ask("ls-tree", "-r", "-l", "-z", "--full-tree", commit.id)
        if isinstance(listed, Failed):
            return listed
        entries = list(_entries(listed, prefix))
        if any(size < 0 for _path, _id, size in entries):
            return Failed(reason=f"commit {commit.id[:12]} is not wholly in the repository")
        if len(entries) > _MOST_FILES or sum(size for _path, _id, size in entries) > _MOST_BYTES:
            return Failed(reason=f"commit {commit.id[:12]} holds more build scripts than any project has")
        wanted = dict.fromkeys(name for _path, name, _size in entries if name not in self._blobs)
        failed = self._fetch(tuple(wanted))
        for path, name, _size in entries if failed is None else ():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(self._blobs.get(name, b""))
        return failed

    def _fetch(self, names: Sequence[str]) -> Failed | None:
        """Read files by object. `cat-file` gives them as they are stored: no filter sees them."""
        if not names:
            return None
        given = "".join(f"{name}\n" for name in names)
        found = self._ask("cat-file", "--batch", given=given.encode(), encoding="latin-1")
        if isinstance(found, Failed):
            return found
        content, at = found.encode("latin-1"), 0
        for name in names:
            end = content.find(b"\n", at)
            said, _kind, size = (*content[at:end].split(b" "), b"", b"")[:3]
            if end < 0 or said.decode() != name or not size.isdigit():
                return Failed(reason=f"the object {name[:12]} is not in the repository")
            self._blobs[name] = content[end + 1 : end + 1 + int(size)]
            at = end + 2 + int(size)
        return None

    def _ask(self, *words: str, given: bytes = b"", encoding: str = "utf-8") -> str | Failed:
        """What git answers."""
        if not self.program:
            return Failed(reason="git was not found on this machine")
        settings = [part for name, value in _OVERRULED.items() for part in ("-c", f"{name}={value}")]
        ended = run(
            [self.program, "--no-pager", *settings, *words],
            folder=self.tree, seconds=_SECONDS, environment=_ENVIRONMENT, given=given,
            output_bytes=_MOST_BYTES + 1, encoding=encoding,
        )  # fmt: skip
        if isinstance(ended, Completed) and ended.code != 0:
            return Failed(reason=f"git {words[0]} says: {ended.errors.strip()[:200] or f'code {ended.code}'}")
        return ended if isinstance(ended, Failed) else ended.output


def _entries(listed: str, prefix: str) -> Iterator[tuple[str, str, int]]:
    """The path in the tree, the object and the size of each script; links and what is named to trick are left out.

    The size is negative where the object is not in the repository.
    """
    for line in listed.split("\0"):
        entry = _ENTRY.fullmatch(line)
        if entry is None or not entry["path"].startswith(prefix) or not entry["mode"].startswith("100"):
            continue
        path, size = entry["path"][len(prefix) :], int(entry["size"]) if entry["size"].isdigit() else -1
        odd = PurePosixPath(path).is_absolute() or {"..", ".", ".git", ""} & set(path.split("/")) or "\ufffd" in path
        if not odd and _is_script(path) and size <= _LARGEST_FILE:
            yield path, entry["id"], size


def _is_script(path: str) -> bool:
    return any(PurePosixPath(path).match(pattern) for pattern in _SCRIPTS)
