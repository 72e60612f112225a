"""What a process of the examined Python says of itself, where the user asked for it."""

from __future__ import annotations

from msgspec import Struct


class LiveDevice(Struct, frozen=True, kw_only=True):
    """A GPU as torch sees it."""

    name: str | None = None
    """What CUDA calls it."""
    capability: str | None = None
    """Such as `12.0`."""
    uuid: str | None = None
    """The driver's identifier."""


class LiveLibrary(Struct, frozen=True, kw_only=True):
    """A shared object that was loaded."""

    path: str | None = None
    """The file."""
    module: str | None = None
    """The name by which Python imports it."""
    found: str | None = None
    """The file that an import of that name would load; empty when there is none."""
    operators: tuple[str, ...] | None = None
    """The operators that it registers with torch."""
    error: str | None = None
    """Why it did not load; empty when it did."""


class Live(Struct, frozen=True, kw_only=True):
    """What a process of the examined Python answered."""

    ended: str | None = None
    """`answered`, `no answer`, `timed out`, `did not start`, `exit code 1`, or a signal such as `signal SIGSEGV`."""
    doing: str | None = None
    """What it did when it ended; empty when it answered everything."""
    torch: str | None = None
    """The version of the torch that it imports; empty when there is none."""
    torch_path: str | None = None
    """Where that torch lies."""
    architectures: tuple[str, ...] | None = None
    """What `torch.cuda.get_arch_list()` gives."""
    devices: tuple[LiveDevice, ...] | None = None
    """The GPUs that torch sees, in its order."""
    libraries: tuple[LiveLibrary, ...] | None = None
    """The shared objects of packages that were loaded, one after the other."""
    error: str | None = None
    """What torch says when it does not work; empty when it does."""
