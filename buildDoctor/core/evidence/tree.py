"""The whole tree, where its values come from, and what is missing."""

from __future__ import annotations

from msgspec import Struct

from buildDoctor.core.evidence.binary import Binary
from buildDoctor.core.evidence.host import Loader
from buildDoctor.core.evidence.live import Live
from buildDoctor.core.evidence.log import Log
from buildDoctor.core.evidence.machine import (
    Driver,
    Environment,
    Gpu,
    HostCompiler,
    Machine,
    Python,
    System,
    Toolkit,
)
from buildDoctor.core.evidence.model import Model
from buildDoctor.core.evidence.packages import Cache, Package, Torch, Triton, Wheel
from buildDoctor.core.evidence.plan import Plan


class Origin(Struct, frozen=True, kw_only=True):
    """Where a value of the evidence comes from."""

    path: str
    """The path of the value, such as `plan.supported` or `binaries[0].images`."""
    source: str
    """File and line, ELF section and offset, command, or the user's option."""


class NotSeen(Struct, frozen=True, kw_only=True):
    """What could not be examined, and why."""

    path: str
    """The path of the value that is missing, such as `plan` or `binaries[0].kernels`."""
    reason: str
    """One sentence: what is wrong and what to do about it."""


class Evidence(Struct, frozen=True, kw_only=True):
    """All that was seen, and what was not and why."""

    capabilities: tuple[str, ...] | None = None
    """The compute capabilities to diagnose for."""
    gpus: tuple[Gpu, ...] | None = None
    """The GPUs of the machine."""
    driver: Driver | None = None
    """The driver of the machine."""
    machine: Machine | None = None
    """What kind of machine it is."""
    toolkits: tuple[Toolkit, ...] | None = None
    """The CUDA toolkits of the machine."""
    host_compiler: HostCompiler | None = None
    """The C++ compiler that nvcc calls when a build is started here."""
    torch: Torch | None = None
    """The torch of the examined environment."""
    triton: Triton | None = None
    """The triton of the examined environment."""
    packages: tuple[Package, ...] | None = None
    """The packages of the examined environment, with the headers of their device code."""
    caches: tuple[Cache, ...] | None = None
    """What was compiled on this machine when it was first needed."""
    python: Python | None = None
    """The Python of the examined environment."""
    live: Live | None = None
    """What a process of that Python says of itself; asked with --ask-python alone."""
    system: System | None = None
    """What its libraries offer; looked at when an environment is examined, not a file alone."""
    loader: Loader | None = None
    """How files are loaded there; looked at when an environment is examined."""
    environment: Environment | None = None
    """The variables that decide builds."""
    plan: Plan | None = None
    """What the build scripts decide."""
    binaries: tuple[Binary, ...] | None = None
    """The shared objects."""
    wheels: tuple[Wheel, ...] | None = None
    """The wheels among the targets, and what they promise."""
    log: Log | None = None
    """The log that was given."""
    model: Model | None = None
    """The model that is to be run."""
    origins: tuple[Origin, ...] = ()
    """Where values come from, by path."""
    not_seen: tuple[NotSeen, ...] = ()
    """What could not be examined."""


ONLY_WHEN_ASKED = ("live", "wheels", "log", "model")
"""Parts that are there only when the user gives or asks for them: their absence needs no reason, that of others does."""
