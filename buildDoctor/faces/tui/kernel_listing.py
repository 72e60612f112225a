"""Lists kernels in a thread: reads them where they were not read yet, indexes them, filters and sorts them."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct
from textual.message import Message
from textual.widget import Widget
from textual.worker import Worker, get_current_worker

from buildDoctor.core.errors import RequestError
from buildDoctor.core.evidence import Binary
from buildDoctor.faces.tui.heap import keep_for_good
from buildDoctor.faces.tui.tables.groups import Place, judged
from buildDoctor.faces.tui.tables.kernel_index import IsOver, KernelIndex, StoppedError, kernel_index, listed

Read = Callable[[str, str | None], Binary]


class Listing(Struct, frozen=True):
    """What is to be listed."""

    place: Place
    binaries: tuple[Binary, ...]
    """The files of the place."""
    wanted: str
    """The words of the filter."""
    worst_on: str | None
    """The capability to sort by."""
    index: KernelIndex | None = None
    """The kernels of the place, when they were listed before."""


class Reading(Message):
    """A file is being read."""

    def __init__(self, path: str, size_bytes: int, number: int, count: int) -> None:
        super().__init__()
        self.path = path
        self.size_bytes = size_bytes
        self.number = number
        """Which of the files it is, from 1."""
        self.count = count


class WasRead(Message):
    """All kernels of a file are known now."""

    def __init__(self, binary: Binary) -> None:
        super().__init__()
        self.binary = binary


class Listed(Message):
    """The kernels are listed."""

    def __init__(self, listing: Listing, index: KernelIndex, order: list[int]) -> None:
        super().__init__()
        self.listing = listing
        self.index = index
        self.order = order
        """The kernels that are listed, by their numbers in the index."""


class ListingFailed(Message):
    """The kernels cannot be listed."""

    def __init__(self, reason: str) -> None:
        super().__init__()
        self.reason = reason


def is_complete(binary: Binary) -> bool:
    """Whether all kernels of a file are among its evidence."""
    counted: dict[int | None, int] = {}
    for kernel in binary.kernels or ():
        counted[kernel.unit] = counted.get(kernel.unit, 0) + 1
    return all(counted.get(unit.index, 0) >= (unit.kernel_count or 0) for unit in judged(binary))


def start(widget: Widget, listing: Listing, read: Read | None) -> Worker[None]:
    """List kernels; a listing that runs already is stopped."""
    return in_thread(widget, lambda is_over: _list(widget, listing, read, is_over), "list the kernels")


def in_thread(widget: Widget, work: Callable[[IsOver], None], description: str) -> Worker[None]:
    """Do what the list of kernels waits for; what is being done for it already is stopped, and what fails is told.

    Args:
        widget: where the messages go.
        work: what is done, told by what it can ask whether anyone still waits.
        description: what it is, for those who look at the workers.
    """
    return widget.run_worker(
        lambda: _guarded(widget, work),
        thread=True,
        exclusive=True,
        group="kernels",
        exit_on_error=False,
        description=description,
    )


def _guarded(widget: Widget, work: Callable[[IsOver], None]) -> None:
    worker = get_current_worker()
    try:
        work(lambda: worker.is_cancelled)
    except StoppedError:
        pass
    except RequestError as error:
        widget.post_message(ListingFailed(str(error)))
    except Exception as error:  # noqa: BLE001 - a thread's exception reaches nobody; the screen shows it
        widget.post_message(ListingFailed(f"{type(error).__name__}: {error}"))


def _list(widget: Widget, listing: Listing, read: Read | None, is_over: IsOver) -> None:
    index = listing.index
    if index is None:
        index = kernel_index(_complete(widget, listing, read, is_over), listing.place.unit, is_over)
        keep_for_good()
    order = listed(index, listing.wanted, listing.worst_on, is_over)
    if not is_over():
        widget.post_message(Listed(listing, index, order))


def _complete(widget: Widget, listing: Listing, read: Read | None, is_over: IsOver) -> list[Binary]:
    """The files with all their kernels, as far as they can be read.

    Raises:
        StoppedError: nobody waits any more.
        RequestError: a file is not there any more.
    """
    found = []
    for number, binary in enumerate(listing.binaries, 1):
        if read is None or not binary.path or is_complete(binary):
            found.append(binary)
            continue
        widget.post_message(Reading(binary.path, binary.size_bytes or 0, number, len(listing.binaries)))
        full = read(binary.path, binary.package)
        if is_over():
            raise StoppedError
        widget.post_message(WasRead(full))
        found.append(full)
    return found
