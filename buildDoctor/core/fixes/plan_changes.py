"""What may be changed in the inputs of a build plan, and what came of it."""

from __future__ import annotations

from msgspec import Struct

from buildDoctor.core.evidence import Plan
from buildDoctor.core.fixes.trials import Compared


class PlacedList(Struct, frozen=True):
    """A list of architectures that a command of the scripts spells out."""

    name: str
    """The list, or the feature whose own list it is."""
    file: str
    """The script, relative to the source tree."""
    line: int
    """The line of the command that holds the list, from 1."""
    elements: tuple[str, ...]


class ListChange(Struct, frozen=True, kw_only=True):
    """Other elements for a list that stands in a build script."""

    file: str
    """The script, relative to the source tree."""
    line: int
    """The line of the command that holds the list, from 1."""
    before: tuple[str, ...]
    """Its elements now."""
    after: tuple[str, ...]
    """The elements that are wanted."""


class Changes(Struct, frozen=True, kw_only=True):
    """What is to be another; what is empty stays."""

    cuda: str = ""
    """The toolkit's version, such as `12.9`."""
    request: str = ""
    """The architectures to ask for, as TORCH_CUDA_ARCH_LIST takes them."""
    lists: tuple[ListChange, ...] = ()


class WhatIf(Struct, frozen=True, kw_only=True):
    """The plan after the changes, and how it differs; or why there is none."""

    plan: Plan | None = None
    compared: Compared | None = None
    gained: tuple[str, ...] = ()
    """What runs on a capability and did not before."""
    patch: str = ""
    """The changes of scripts, as a unified diff."""
    why: str = ""
    """Why there is no plan, in one sentence; empty when there is one."""
