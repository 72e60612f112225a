"""The shared objects of a conda package, read as a stream: nothing is unpacked to disk.

conda, "Package specification": `.conda` is a zip with a tar of zstd that holds the files, `.tar.bz2` a tar of bzip2.
"""

from __future__ import annotations

import bz2
import mmap
import os
import tarfile
import threading
import zipfile
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO

from buildDoctor.adapters.elf import wheels
from buildDoctor.adapters.elf.binary import read_binary
from buildDoctor.adapters.elf.reading import BinaryReading, refused
from buildDoctor.adapters.elf.window import Window, printable

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator
    from pathlib import Path

LARGEST_HEADER = 1 << 20
"""What stands before the contents of a member may take so many bytes: long names take some kilobytes."""
SMALLEST_BUDGET = 1 << 28
"""A package may unpack to so many bytes whatever its size."""
PIECE = 1 << 16


class Metered:
    """A stream that gives no more bytes than are allowed, so that a package cannot unpack to any size."""

    def __init__(self, source: BinaryIO, budget: int) -> None:
        self._source = source
        self._budget = budget
        self._allowed = 0

    def allow(self, size: int) -> None:
        """What may be read from now on, in bytes."""
        self._allowed = size

    def read(self, size: int) -> bytes:
        """The next bytes.

        Raises:
            ValueError: more is read than was allowed.
        """
        data = self._source.read(min(size, PIECE))
        self._allowed -= len(data)
        self._budget -= len(data)
        if self._allowed < 0:
            raise ValueError("a header in it is larger than any real one")
        if self._budget < 0:
            raise ValueError("it unpacks to more than packages do")
        return data


def read_conda(path: Path, *, kernels: bool | re.Pattern[str], resources: bool = False) -> Iterator[BinaryReading]:
    """A reading of each shared object, named `package.conda!member.so`, in the order of the package.

    A package that cannot be read to its end gives a last reading that says why.

    Args:
        path: The package.
        kernels: As for `read_binary`.
        resources: As for `read_binary`.
    """
    try:
        with _opened(path) as source:
            stream = Metered(source, max(SMALLEST_BUDGET, wheels.HIGHEST_RATIO * path.stat().st_size))
            for name, window in _members(stream):
                yield read_binary(window, f"{path}!{printable(name)}", kernels=kernels, resources=resources)
    except Exception as error:  # noqa: BLE001  tarfile, zipfile and the decompressors raise unrelated types on damaged input
        reason = f"{path} cannot be read to its end ({error or type(error).__name__}); download it again"
        yield refused(str(path), reason)


def _members(stream: Metered) -> Iterator[tuple[str, Window]]:
    """The shared objects of a tar, each in memory that belongs to no file."""
    stream.allow(LARGEST_HEADER)
    # Mode `r|` reads forwards alone; it asks for `read` and nothing else.
    with tarfile.open(fileobj=stream, mode="r|", bufsize=PIECE) as archive:  # type: ignore[call-overload]  # as above
        while (member := archive.next()) is not None:
            # The contents are read here, or passed over on the way to the next header.
            stream.allow(member.size + LARGEST_HEADER + PIECE)
            # The list of members would grow with the package.
            archive.members.clear()
            if member.isreg() and 0 < member.size <= wheels.MOST_BYTES and wheels.SHARED_OBJECT.search(member.name):
                yield member.name, _contents(archive, member)


def _contents(archive: tarfile.TarFile, member: tarfile.TarInfo) -> Window:
    """A member in anonymous memory, whose pages are taken only as they are written.

    Raises:
        ValueError: the member is cut off.
    """
    memory = mmap.mmap(-1, member.size)
    source = archive.extractfile(member)
    while source is not None and (piece := source.read(PIECE)):
        memory.write(piece)
    if memory.tell() != member.size:
        raise ValueError(f"{member.name} is cut off")
    return Window(memory)


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    """The tar of a package, unpacked as it is read."""
    if path.name.endswith(".tar.bz2"):
        with bz2.open(path) as source:
            yield source  # type: ignore[misc]  # it is read from only
        return
    with zipfile.ZipFile(path) as archive:
        inner = next((each for each in archive.infolist() if each.filename.startswith("pkg-")), None)
        if inner is None:
            raise ValueError("it has no member pkg-….tar.zst")
        frame = wheels.member_window(archive, inner)
        if isinstance(frame, str):
            raise ValueError(f"{inner.filename} {frame}")  # noqa: TRY004  the file is wrong, not the type
        with _unpacked(frame) as source:
            yield source


@contextmanager
def _unpacked(frame: Window) -> Iterator[BinaryIO]:
    """What a zstd frame unpacks to, as a stream.

    cramjam unpacks in one call, but into a file, and a pipe is one: it waits there until the bytes are read.
    """
    import cramjam  # noqa: PLC0415  only for this kind of package

    reading, writing = os.pipe()
    problems: list[Exception] = []
    ended = threading.Event()

    def unpack() -> None:
        try:
            cramjam.zstd.decompress_into(frame.view(0, frame.size), cramjam.File(f"/dev/fd/{writing}", write=True))
        except (cramjam.DecompressionError, OSError) as error:
            # A reader that has seen enough closes the pipe, which is no damage.
            if not ended.is_set():
                problems.append(error)
        os.close(writing)

    worker = threading.Thread(target=unpack, daemon=True)
    with os.fdopen(reading, "rb") as source:
        worker.start()
        yield source
        ended.set()
    worker.join()
    if problems:
        raise problems[0]
