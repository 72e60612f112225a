"""The whole tree, where its values come from, and what is missing."""

from __future__ import annotations

from dataclasses import dataclass

from buildDoctor.core.evidence.binary import Binary
from buildDoctor.core.evidence.machine import Driver, Environment, Gpu, Python, System, Toolkit
from buildDoctor.core.evidence.packages import Torch, Wheel
from buildDoctor.core.evidence.plan import Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a value of the evidence comes from."""

    path: str
    """The path of the value, such as `plan.supported` or `binaries[0].images`."""
    source: str
    """File and line, ELF section and offset, command, or the user's option."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotSeen:
    """What could not be examined, and why."""

    path: str
    """The path of the value that is missing, such as `plan` or `binaries[0].kernels`."""
    reason: str
    """One sentence: what is wrong and what to do about it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """All that was seen, and what was not and why."""

    capabilities: tuple[str, ...] | None = None
    """The compute capabilities to diagnose for."""
    gpus: tuple[Gpu, ...] | None = None
    """The GPUs of the machine."""
    driver: Driver | None = None
    """The driver of the machine."""
    toolkits: tuple[Toolkit, ...] | None = None
    """The CUDA toolkits of the machine."""
    torch: Torch | None = None
    """The torch of the examined environment."""
    python: Python | None = None
    """The Python of the examined environment."""
    system: System | None = None
    """What its libraries offer; looked at when an environment is examined, not a file alone."""
    environment: Environment | None = None
    """The variables that decide builds."""
    plan: Plan | None = None
    """What the build scripts decide."""
    binaries: tuple[Binary, ...] | None = None
    """The shared objects."""
    wheels: tuple[Wheel, ...] | None = None
    """The wheels among the targets, and what they promise."""
    origins: tuple[Origin, ...] = ()
    """Where values come from, by path."""
    not_seen: tuple[NotSeen, ...] = ()
    """What could not be examined."""
