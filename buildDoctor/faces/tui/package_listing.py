"""Reads the files of a package in a thread, when one goes into it."""

from __future__ import annotations

from textual.message import Message
from textual.widget import Widget
from textual.worker import Worker

from buildDoctor.core.evidence import Binary, Package
from buildDoctor.faces.tui.heap import keep_for_good
from buildDoctor.faces.tui.kernel_listing import Reading, in_thread
from buildDoctor.faces.tui.services import PackageFiles
from buildDoctor.faces.tui.tables.kernel_index import IsOver, StoppedError


class FilesRead(Message):
    """The files of a package are known now."""

    def __init__(self, package: Package, binaries: tuple[Binary, ...]) -> None:
        super().__init__()
        self.package = package
        self.binaries = binaries


def start(widget: Widget, package: Package, packages: tuple[Package, ...], read: PackageFiles) -> Worker[None]:
    """Read a package's files; what is being listed already is stopped."""

    def work(is_over: IsOver) -> None:
        def tell(path: str, size_bytes: int, number: int, count: int) -> None:
            if is_over():
                raise StoppedError
            widget.post_message(Reading(path, size_bytes, number, count))

        binaries = read(package, packages, tell)
        keep_for_good()
        if not is_over():
            widget.post_message(FilesRead(package, binaries))

    return in_thread(widget, work, "read the files of a package")
