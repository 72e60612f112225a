"""What changed between two builds, as the JSON report of version 1 promises it. Kept apart from the core."""

from __future__ import annotations

import msgspec

from buildDoctor.faces.reports.json_v1_plan_changes import PlanChanges


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A part of the changes; every field is always there."""


class ImageChange(Part, frozen=True, kw_only=True):
    """The images of one kind and architecture."""

    kind: str
    """`cubin`, `ptx`, …"""
    architecture: str
    """What they are made for; for PTX the virtual architecture."""
    change: str
    count_before: int
    """How many the first build has."""
    count_after: int
    """How many the second build has."""
    bytes_before: int
    """Their bytes in the first build."""
    bytes_after: int
    """Their bytes in the second build."""


class KernelChange(Part, frozen=True, kw_only=True):
    """A kernel that came, went, moved, or has other architectures."""

    name: str
    change: str
    before: tuple[str, ...]
    """The architectures of its images in the first build; PTX as `9.0+PTX`."""
    after: tuple[str, ...]
    """The same in the second build."""
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
    """What the first build has; empty for nothing."""
    after: str
    """What the second build has; empty for nothing."""


class FileChange(Part, frozen=True, kw_only=True):
    """One file in both builds."""

    path_before: str
    path_after: str
    change: str
    is_loss: bool
    """Whether the file is gone, or a kernel of it is gone or serves a GPU less well."""
    bytes_before: int
    """Its size in the first build."""
    bytes_after: int
    """Its size in the second build."""
    kernels_compared: str
    images: tuple[ImageChange, ...]
    """Changed images, by kind and architecture."""
    kernels: tuple[KernelChange, ...]
    """Changed kernels, by name."""
    host: tuple[HostChange, ...]
    """Changes of the host side."""


class Changes(Part, frozen=True, kw_only=True, omit_defaults=True):
    """What changed between two builds, or between two plans of one tree."""

    before: str
    """The first build, as the user wrote it."""
    after: str
    """The second build, as the user wrote it."""
    losses: int
    """In how many files something is lost; of plans how many features and sources lose something."""
    files: tuple[FileChange, ...]
    """Every file of both builds, in the order of their paths."""
    plan: PlanChanges | None = None
    """What differs between two plans; only from `build-doctor plan --what-if`, which compares no files."""
