"""The commits where the result of a feature changed."""

from __future__ import annotations

from msgspec import Struct

from buildDoctor.core.evidence import Plan


class Result(Struct, frozen=True, kw_only=True):
    """What a plan does with one feature, or, where it has none, with one extension."""

    state: str
    """`built`, `not built`, `not known`, `not there`, or `no plan`."""
    wants: tuple[str, ...] = ()
    gets: tuple[str, ...] = ()
    why: str = ""
    """Why there is no plan; empty when there is one."""


class Revision(Struct, frozen=True, kw_only=True):
    """A commit after which a feature has another result."""

    feature: str
    commit: str
    """Its id."""
    date: str
    """The day on which it was written, as `2026-12-31`, in UTC."""
    subject: str
    """The first line of its message."""
    files: tuple[str, ...]
    """The build scripts that it changes."""
    before: Result
    after: Result
    supported_before: tuple[str, ...] | None = None
    """The list of supported architectures before the commit, when the commit changes it."""
    supported_after: tuple[str, ...] | None = None


class Revisions(Struct, frozen=True, kw_only=True):
    """Where the results of a range of commits changed."""

    range: str
    """As it was typed."""
    commits: int
    """How many commits of it change a build script."""
    looked: int
    """How many plans were made."""
    found: tuple[Revision, ...]
    """By feature, oldest first."""
    same: tuple[str, ...]
    """The features whose result is the same at both ends."""


def results(plan: Plan | None, why: str = "") -> dict[str, Result]:
    """What a plan does with each feature; with each extension where it has no features."""
    if plan is None:
        return {}
    states = {True: "built", False: "not built", None: "not known"}
    made = {
        feature.name or "": Result(
            state=states[feature.built], wants=feature.wants or (), gets=feature.gets or (), why=why
        )
        for feature in plan.features or ()
    }
    return made or {extension.name or "": _of_extension(plan, extension.name) for extension in plan.extensions or ()}


def _of_extension(plan: Plan, name: str | None) -> Result:
    own = [source.architectures for source in plan.sources or () if source.extension == name]
    state = "not known" if None in own else "built"
    return Result(state=state, gets=tuple(dict.fromkeys(a for architectures in own for a in architectures or ())))
