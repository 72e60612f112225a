"""What one way to look at the GPUs saw."""

from __future__ import annotations

from msgspec import Struct

from buildDoctor.core.evidence import Driver, Gpu, NotSeen, Origin

MOST_GPUS = 256
"""More than one machine holds; what comes after them is not read."""


class Sight(Struct, frozen=True, kw_only=True):
    """The GPUs, the driver, and what was not seen of them."""

    gpus: tuple[Gpu, ...] | None = None
    """In the order of the bus; none when they were not seen."""
    driver: Driver | None = None
    driver_version: str | None = None
    """The version of the driver's kernel part, where this way of looking says it."""
    driver_source: str | None = None
    """Where that version stands."""
    not_seen: tuple[NotSeen, ...] = ()
    origins: tuple[Origin, ...] = ()


def saw_nothing(reason: str) -> Sight:
    """No GPU was seen, for one reason."""
    return Sight(not_seen=(NotSeen(path="gpus", reason=reason),))
