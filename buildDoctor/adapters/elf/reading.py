"""What is said of one file: the evidence, and what could not be seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from buildDoctor.adapters.elf.window import printable
from buildDoctor.core.evidence import Binary, NotSeen, Origin

if TYPE_CHECKING:
    from buildDoctor.adapters.elf.dynamic import DynamicSymbols


class BinaryReading(Struct, frozen=True):
    """What was seen of one shared object, and what was not. Paths are relative to the binary, such as `images`."""

    name: str
    """What the binary is called: its path, or `wheel.whl!member.so`."""
    binary: Binary | None
    """None when it could not be read at all; `not_seen` says why, with the empty path."""
    not_seen: tuple[NotSeen, ...] = ()
    origins: tuple[Origin, ...] = ()
    dynamic: DynamicSymbols | None = None
    """The symbols that the loader joins, for a look at all files together; no evidence by themselves."""


def refused(name: str, reason: str) -> BinaryReading:
    """A reading that saw nothing, for one reason."""
    # Errors of libraries repeat names from the file.
    return BinaryReading(name, None, (NotSeen(path="", reason=printable(reason)),))
