"""What changed between two builds, as the JSON report of version 1 promises it. Kept apart from the core."""

from __future__ import annotations

import msgspec


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A part of the changes; every field is always there."""


class ImageChange(Part, frozen=True, kw_only=True):
    """The images of one kind and architecture."""

    kind: str
    architecture: str
    change: str
    count_before: int
    count_after: int
    bytes_before: int
    bytes_after: int


class KernelChange(Part, frozen=True, kw_only=True):
    """A kernel that came, went, moved, or has other architectures."""

    name: str
    change: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    worse: tuple[str, ...]
    better: tuple[str, ...]
    moved_to: str
    replaced_by: str


class HostChange(Part, frozen=True, kw_only=True):
    """Something of the host side that came, went or changed."""

    part: str
    name: str
    change: str
    before: str
    after: str


class FileChange(Part, frozen=True, kw_only=True):
    """One file in both builds."""

    path_before: str
    path_after: str
    change: str
    is_loss: bool
    bytes_before: int
    bytes_after: int
    kernels_compared: str
    images: tuple[ImageChange, ...]
    kernels: tuple[KernelChange, ...]
    host: tuple[HostChange, ...]


class Changes(Part, frozen=True, kw_only=True):
    """What changed between two builds."""

    before: str
    after: str
    losses: int
    files: tuple[FileChange, ...]
