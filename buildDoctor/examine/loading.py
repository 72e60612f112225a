"""Works out what the loader would do with the shared objects of an environment."""

from __future__ import annotations

import os
from pathlib import Path

from msgspec.structs import replace

from buildDoctor.adapters.loader.resolve import Environment, Loading, Resolution
from buildDoctor.core.evidence import Binary, NotSeen, Origin
from buildDoctor.examine.gathered import Gathered
from buildDoctor.examine.surroundings import folder_of

RESOLVED, MIXED = "binaries[].host.resolved", "binaries[].host.mixed"
"""The paths of the values in every shared object."""
_PACKAGE_FOLDERS = ("site-packages", "dist-packages")
_IN_A_WHEEL = (
    "a file in a wheel is not yet where it will be loaded from; examine the environment that it is installed in"
)
_NO_ENVIRONMENT = (
    "no environment is examined, and this machine may be another than the one that loads it; name one with --python EXE"
)


def see_loading(gathered: Gathered, variable: str | None = None) -> None:
    """Put into the evidence which files the loader would take for what each shared object needs.

    Args:
        gathered: the evidence so far, with the shared objects and torch.
        variable: LD_LIBRARY_PATH; without it that of this process.
    """
    binaries = gathered.evidence.binaries or ()
    stated = os.environ.get("LD_LIBRARY_PATH", "") if variable is None else variable
    environments = _Environments(gathered, stated)
    answers = [(binary, environments.resolve(binary)) for binary in binaries]
    first = environments.first
    if first is None or first.loader is None:
        reason = first.problem if first else "no shared object of an environment was examined"
        gathered.miss("loader", reason)
    gathered.add(
        loader=first.loader if first else None,
        binaries=tuple(_with(binary, answer) for binary, answer in answers) or gathered.evidence.binaries,
        origins=_origins(first, resolved=any(answer.resolved is not None for _binary, answer in answers)),
        not_seen=[
            NotSeen(path=path, reason=reason)
            for reason in dict.fromkeys(answer.reason for _binary, answer in answers if answer.reason)
            for path in _paths_of(reason, answers)
        ],
    )


def _origins(loading: Loading | None, *, resolved: bool) -> tuple[Origin, ...]:
    """Where the values come from; a process is known also where no file could be followed, as with a torch that fails."""
    if loading is None or not resolved:
        return loading.origins() if loading is not None else ()
    source = "the folders that the loader searches, in their order; nothing was loaded"
    return (*loading.origins(), *(Origin(path=path, source=source) for path in (RESOLVED, MIXED)))


def _with(binary: Binary, answer: Resolution) -> Binary:
    if binary.host is None:
        return binary
    return replace(binary, host=replace(binary.host, resolved=answer.resolved, mixed=answer.mixed))


def _paths_of(reason: str, answers: list[tuple[Binary, Resolution]]) -> list[str]:
    """Where a reason stands: once for all files when it is that of every one, else at each."""
    at = [number for number, (_binary, answer) in enumerate(answers) if answer.reason == reason]
    # Most reasons are about the environment; one line for each of its files would bury the report.
    return ["binaries[].host.resolved"] if len(at) == len(answers) else [f"binaries[{one}].host.resolved" for one in at]


class _Environments:
    """The environments that the examined files lie in, each looked at once."""

    def __init__(self, gathered: Gathered, variable: str) -> None:
        self._torch = folder_of(gathered.evidence.torch)
        self._environment_is_examined = gathered.evidence.system is not None
        self._variable = variable
        self._known: dict[Path | None, Loading] = {}
        self.first: Loading | None = None

    def resolve(self, binary: Binary) -> Resolution:
        if "!" in (binary.path or ""):
            return Resolution(reason=_IN_A_WHEEL)
        if binary.host is None or binary.path is None:
            return Resolution()
        # The folder counts as it is written: an environment of links is loaded through them.
        path = Path(os.path.abspath(binary.path))  # noqa: PTH100  Path.resolve follows links
        packages = next((above for above in path.parents if above.name in _PACKAGE_FOLDERS), None)
        if packages is None and self._torch is not None:
            packages = self._torch.parent
        if packages is None and not self._environment_is_examined:
            return Resolution(reason=_NO_ENVIRONMENT)
        if packages not in self._known:
            self._known[packages] = self._loading(packages, path)
        loading = self._known[packages]
        self.first = self.first or loading
        return loading.resolve(path)

    def _loading(self, packages: Path | None, example: Path) -> Loading:
        own = packages / "torch" if packages is not None else None
        torch = own if own is not None and own.is_dir() else self._torch
        return Loading(Environment(packages=packages, torch=torch, variable=self._variable), example)
