"""Finds the commit where a feature's result changed: plans of a few commits of a git tree, halving the range."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import replace

from buildDoctor.adapters.commands import Failed
from buildDoctor.adapters.git import Git, History
from buildDoctor.core.comparing.bisecting import changes
from buildDoctor.core.comparing.revised import Result, Revision, Revisions, results
from buildDoctor.core.errors import RequestError
from buildDoctor.core.evidence import Plan
from buildDoctor.examine.options import Options, Progress
from buildDoctor.examine.plan_asking import ask_plan

_MOST_PLANS = 200


class _Plans(Struct):
    """The plans of a range, each made once."""

    git: Git
    history: History
    options: Options
    progress: Progress
    made: dict[int, tuple[Plan | None, str]] = field(default_factory=dict)

    def plan(self, number: int) -> tuple[Plan | None, str]:
        """The plan at a commit, or why there is none."""
        if number not in self.made:
            if len(self.made) >= _MOST_PLANS:
                raise RequestError(
                    f"--rev: the results change so often that {_MOST_PLANS} plans do not tell; name a shorter range"
                )
            self.progress(f"commit {number + 1} of {len(self.history.commits)}")
            self.made[number] = self._look(number)
        return self.made[number]

    def result(self, number: int, feature: str) -> Result:
        """What the plan at a commit does with a feature."""
        plan, why = self.plan(number)
        if plan is None:
            return Result(state="no plan", why=why)
        return results(plan).get(feature, Result(state="not there"))

    def _look(self, number: int) -> tuple[Plan | None, str]:
        with tempfile.TemporaryDirectory(prefix="build-doctor-") as name:
            folder = Path(name).resolve() / "tree"
            folder.mkdir()
            failed = self.git.write_scripts(self.history.commits[number], self.history.prefix, folder)
            if failed is not None:
                raise RequestError(f"--rev: {failed.reason}")
            try:
                return ask_plan(replace(self.options, source=str(folder), isolated=True)).plan, ""
            except RequestError as error:
                return None, str(error).replace(f"{folder}", "the tree")


def find_revisions(options: Options, text: str, features: tuple[str, ...], progress: Progress) -> Revisions:
    """The commits of a range where results changed.

    Args:
        options: the tree, and what its plans are asked with.
        text: the range, as `A..B`.
        features: the names, or parts of names, of features to look at; all without any.
        progress: told each commit that is looked at.

    Raises:
        RequestError: git cannot be asked, the range is none, or no feature has such a name.
    """
    first, dots, last = text.partition("..")
    if options.static:
        raise RequestError("--rev asks the machine's git, which --static forbids")
    if not dots or not first or last.startswith("."):
        raise RequestError(f"--rev {text}: write two commits with two dots between them, such as v0.10.2..v0.11.0")
    git = Git(Path(options.source or ".").resolve())
    refused = git.refusal()
    history = refused or git.history(first, last or "HEAD")
    if isinstance(history, Failed):
        raise RequestError(f"--rev {text}: {history.reason}")
    if len(history.commits) == 1:
        raise RequestError(f"--rev {text}: no commit of it changes a build script of {options.source}")
    plans = _Plans(git, history, replace(options, static=True), progress)
    names = _names(plans, features)
    found = tuple(revision for name in names for revision in _changes(plans, name))
    changed = {revision.feature for revision in found}
    return Revisions(
        range=text,
        commits=len(history.commits) - 1,
        looked=len(plans.made),
        found=found,
        same=tuple(name for name in names if name not in changed),
    )


def _names(plans: _Plans, wanted: tuple[str, ...]) -> tuple[str, ...]:
    """The features of both ends, those that are asked for."""
    ends = [plans.plan(0), plans.plan(len(plans.history.commits) - 1)]
    known = tuple(dict.fromkeys(name for plan, _why in ends for name in results(plan)))
    if not known:
        raise RequestError(f"--rev: there is a plan at neither end: {ends[1][1]}")
    missing = [one for one in wanted if not any(one.lower() in name.lower() for name in known)]
    if missing:
        raise RequestError(
            f"--features: neither end of the range has a feature {missing[0]!r}; it has {', '.join(known)}"
        )
    return tuple(name for name in known if not wanted or any(one.lower() in name.lower() for one in wanted))


def _changes(plans: _Plans, feature: str) -> Iterator[Revision]:
    commits = plans.history.commits
    for number in changes(len(commits), lambda at: plans.result(at, feature)):
        commit = plans.git.described(commits[number])
        supported = [_supported(plans.plan(at)[0]) for at in (number - 1, number)]
        yield Revision(
            feature=feature,
            commit=commit.id,
            date=commit.date,
            subject=commit.subject,
            files=plans.git.changed_scripts(commits[number - 1], commit, plans.history.prefix),
            before=plans.result(number - 1, feature),
            after=plans.result(number, feature),
            supported_before=supported[0] if supported[0] != supported[1] else None,
            supported_after=supported[1] if supported[0] != supported[1] else None,
        )


def _supported(plan: Plan | None) -> tuple[str, ...] | None:
    return plan.supported.architectures if plan and plan.supported else None
