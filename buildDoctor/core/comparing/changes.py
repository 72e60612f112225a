"""What may change between two builds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    # Two builds have no plan.
    from buildDoctor.core.comparing.plan_difference import PlanDifference

GAINED, LOST, CHANGED, SAME, RENAMED = "gained", "lost", "changed", "same", "renamed"
MOVED, REPLACED = "moved", "replaced"


class ImageChange(Struct, frozen=True, kw_only=True):
    """The images of one kind and architecture."""

    kind: str
    architecture: str
    change: str
    """`gained`, `lost` or `changed`."""
    count_before: int
    count_after: int
    bytes_before: int
    bytes_after: int


class KernelChange(Struct, frozen=True, kw_only=True):
    """A kernel that came, went, or has other architectures."""

    name: str
    """As the symbol table has it (mangled)."""
    change: str
    """`gained`, `lost`, `changed`, `moved` to another file, or `replaced` by one of the same function."""
    before: tuple[str, ...] = ()
    """The architectures of its images; PTX as `9.0+PTX`."""
    after: tuple[str, ...] = ()
    worse: tuple[str, ...] = ()
    """The capabilities that it served and now serves less well or not at all."""
    better: tuple[str, ...] = ()
    """The capabilities that it now serves better."""
    moved_to: str = ""
    """The other file in which it is now."""
    replaced_by: str = ""
    """The kernel of the same function, with other parameters, that serves as many GPUs."""


class HostChange(Struct, frozen=True, kw_only=True):
    """Something of the host side that came, went or changed."""

    part: str
    """`symbol`, `needs`, `entry point`, `glibc`, `glibcxx`, `cxx11_abi`, `python_tag` or `search_folders`."""
    name: str
    """Which one; empty where there is only one."""
    change: str
    """`gained`, `lost` or `changed`."""
    before: str = ""
    after: str = ""


class FileChange(Struct, frozen=True, kw_only=True):
    """One file in both builds."""

    path_before: str
    """Its path within the first build; empty when it is new."""
    path_after: str
    """Its path within the second build; empty when it is gone."""
    change: str
    """`gained`, `lost`, `renamed`, `changed` or `same`."""
    bytes_before: int = 0
    bytes_after: int = 0
    kernels_compared: str = "none"
    """`all`, `known operations` when a side lists no others, or `none`."""
    images: tuple[ImageChange, ...] = ()
    kernels: tuple[KernelChange, ...] = ()
    host: tuple[HostChange, ...] = ()

    @property
    def is_loss(self) -> bool:
        """Whether something that was there is gone or serves a GPU less well."""
        return (
            self.change == LOST
            or any(kernel.change == LOST or kernel.worse for kernel in self.kernels)
            or any(_is_loss_of_host(change) for change in self.host)
        )


class Differences(Struct, frozen=True, kw_only=True):
    """What changed between two builds."""

    before: str
    after: str
    files: tuple[FileChange, ...]
    """Every file of both, in the order of their paths."""
    plan: PlanDifference | None = None
    """What differs between two plans, where plans are compared and no files."""

    @property
    def losses(self) -> int:
        """In how many files something is lost, or how many features and sources of a plan lose something."""
        return sum(file.is_loss for file in self.files) + (self.plan.losses if self.plan else 0)


def _is_loss_of_host(change: HostChange) -> bool:
    """Whether an operation lost its kernel. Symbols come and go with every refactoring."""
    return change.part == "entry point" and change.before == "kernel" and change.after != "kernel"
