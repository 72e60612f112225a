"""Evidence while it is being gathered."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field
from msgspec.structs import replace

from buildDoctor.core.evidence import Binary, Evidence, NotSeen, Origin

if TYPE_CHECKING:
    # A look inside one file gathers evidence too, and asks no build scripts.
    from buildDoctor.adapters.cmake.question import Question
    from buildDoctor.adapters.setup_script.question import SetupQuestion


def _silent(_step: str) -> None:
    """Nobody is told."""


class Gathered(Struct):
    """The evidence so far, and what a trial needs to look again."""

    evidence: Evidence = field(default_factory=Evidence)
    tree: Path | None = None
    """The source tree that the plan was made from."""
    question: Question | None = None
    """What the plan was asked with."""
    complaints: tuple[str, ...] = ()
    """Errors that the build scripts give for that question, with file and line."""
    setup: SetupQuestion | None = None
    """What a setup.py was asked with, where the plan comes from one."""
    runs_setup: bool = False
    """Whether the user asked to run it."""
    progress: Callable[[str], None] = _silent
    """Told each file that is read."""
    failures: list[str] = field(default_factory=list)
    """Why targets that the user named could not be examined."""
    examined: int = 0
    """How many targets could be."""

    def add(self, origins: Iterable[Origin] = (), not_seen: Iterable[NotSeen] = (), **values: Any) -> None:  # noqa: ANN401  the fields of Evidence, each of its own type
        """Put values into the evidence, with where they come from and what is missing."""
        self.evidence = replace(
            self.evidence,
            origins=(*self.evidence.origins, *origins),
            not_seen=(*self.evidence.not_seen, *not_seen),
            **values,
        )

    def miss(self, path: str, reason: str) -> None:
        """Note what could not be seen."""
        self.add(not_seen=[NotSeen(path=path, reason=reason)])

    def fail(self, path: str, reason: str) -> None:
        """Note that a target which the user named could not be examined."""
        self.failures.append(reason)
        self.miss(path, reason)

    def add_binary(self, binary: Binary, origins: Iterable[Origin], not_seen: Iterable[NotSeen]) -> None:
        """Put a shared object behind those that are there, its paths counted from its place."""
        binaries = self.evidence.binaries or ()
        place = f"binaries[{len(binaries)}]"
        self.examined += 1
        listed = [] if binaries else [Origin(path="binaries", source="the shared objects of the targets")]
        self.add(
            origins=[
                *listed,
                Origin(path=f"{place}.package", source=f"the path of {binary.path}"),
                *(replace(o, path=_below(place, o.path)) for o in origins),
            ],
            not_seen=[replace(n, path=_below(place, n.path)) for n in not_seen],
            binaries=(*binaries, binary),
        )


def _below(place: str, path: str) -> str:
    return f"{place}.{path}" if path else place
