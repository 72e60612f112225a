"""Reads the files of a package in a thread, when one goes into it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from textual.message import Message
from textual.widget import Widget
from textual.worker import Worker, get_current_worker

from buildDoctor.core.errors import RequestError
from buildDoctor.core.evidence import Binary, Package
from buildDoctor.faces.tui.heap import keep_for_good
from buildDoctor.faces.tui.kernel_listing import ListingFailed, Reading
from buildDoctor.faces.tui.services import PackageFiles
from buildDoctor.faces.tui.tables.kernel_index import StoppedError


class FilesRead(Message):
    """The files of a package are known now."""

    def __init__(self, package: Package, binaries: tuple[Binary, ...]) -> None:
        super().__init__()
        self.package = package
        self.binaries = binaries


def start(widget: Widget, package: Package, packages: tuple[Package, ...], read: PackageFiles) -> Worker[None]:
    """Read a package's files; what is being listed already is stopped."""
    return widget.run_worker(
        partial(_read, widget, package, partial(read, package, packages)),
        thread=True,
        exclusive=True,
        group="kernels",
        exit_on_error=False,
        description="read the files of a package",
    )


def _read(
    widget: Widget, package: Package, read: Callable[[Callable[[str, int, int, int], None]], tuple[Binary, ...]]
) -> None:
    worker = get_current_worker()

    def tell(path: str, size_bytes: int, number: int, count: int) -> None:
        if worker.is_cancelled:
            raise StoppedError
        widget.post_message(Reading(path, size_bytes, number, count))

    try:
        binaries = read(tell)
        keep_for_good()
        if not worker.is_cancelled:
            widget.post_message(FilesRead(package, binaries))
    except StoppedError:
        pass
    except RequestError as error:
        widget.post_message(ListingFailed(str(error)))
    except Exception as error:  # noqa: BLE001 - a thread's exception reaches nobody; the screen shows it
        widget.post_message(ListingFailed(f"{type(error).__name__}: {error}"))
