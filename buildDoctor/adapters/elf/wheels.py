"""The shared objects of a wheel, read from the zip without unpacking it to disk."""

from __future__ import annotations

import mmap
import re
import zipfile
from pathlib import Path
from struct import Struct
from typing import TYPE_CHECKING

from buildDoctor.adapters.elf.binary import map_file, read_binary
from buildDoctor.adapters.elf.reading import BinaryReading, refused
from buildDoctor.adapters.elf.window import Window, printable

if TYPE_CHECKING:
    from collections.abc import Iterator

SHARED_OBJECT = re.compile(r"\.(so(\.\d+)*|pyd|dll|cubin|fatbin|ptx)$")
"""The members that are read, by their names."""
MOST_BYTES = 1 << 32
"""Members that state more unpacked bytes than this are not read."""
MOST_BYTES_TOGETHER = 1 << 34
"""Members after this many unpacked bytes of one wheel are not read."""
OVER_BUDGET = f"is not read: the wheel states more than {MOST_BYTES_TOGETHER} unpacked bytes"
HIGHEST_RATIO = 200
"""Members that state to unpack to more than so many times their size are not read; shared objects reach about 10."""
RATIO_MATTERS = 1 << 26
"""Below this size in bytes no ratio does harm."""
LARGEST_WHOLE = 256 << 20
"""Larger members, in bytes, are unpacked piece by piece as they are read, which takes up to three times as long."""
PIECE = 1 << 20
LOCAL_HEADER = Struct("<4s22xHH")
"""PKWARE APPNOTE 4.3.7: the lengths of the name and of the extra field, after which the data starts."""


def read_wheel(
    path: Path, *, kernels: bool | re.Pattern[str], resources: bool = False, only: str = ""
) -> Iterator[BinaryReading]:
    """A reading of each shared object, named `wheel.whl!member.so`, in the order of their names.

    A wheel that cannot be read gives one reading that says why; so does a member. The memory of a member is free
    again before the next one is read, if the caller keeps none of it.

    Args:
        path: The wheel.
        kernels: As for `read_binary`.
        resources: As for `read_binary`.
        only: The one member to read; all without it.
    """
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        yield refused(
            str(path), f"{path} is not a wheel that can be opened: {error}; check the path or download it again"
        )
        return
    budget = MOST_BYTES_TOGETHER
    with archive:
        if only and only not in archive.namelist():
            import shlex  # noqa: PLC0415  only a name that is told is quoted

            yield refused(
                f"{path}!{only}",
                f"{path} holds no {only}; build-doctor inspect {shlex.quote(str(path))} lists what it holds",
            )
        for member in sorted(archive.infolist(), key=lambda info: info.filename):
            if SHARED_OBJECT.search(member.filename) and only in {"", member.filename}:
                budget -= member.file_size
                name = f"{path}!{printable(member.filename)}"
                # No name of this function holds the member, so that its memory is free before the next one is read.
                yield _read_member(
                    member_window(archive, member) if budget >= 0 else OVER_BUDGET,
                    name,
                    kernels=kernels,
                    resources=resources,
                )


def _read_member(
    contents: Window | str, name: str, *, kernels: bool | re.Pattern[str], resources: bool
) -> BinaryReading:
    """The reading of one member, whose bytes may not be had."""
    if isinstance(contents, str):
        return refused(name, f"{name} {contents}")
    return read_binary(contents, name, kernels=kernels, resources=resources)


def member_window(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Window | str:
    """The bytes of a member, or why they cannot be had, as one clause without its name.

    A member that is stored as it is stays where it is; another is unpacked into memory that belongs to no file, or
    piece by piece when it is large.

    Args:
        archive: A wheel opened by its path.
        member: The member's directory entry.
    """
    refusal = _refuse(member)
    if refusal:
        return refusal
    try:
        if member.compress_type == zipfile.ZIP_STORED:
            return _stored(archive, member, member.file_size)
        if member.compress_type == zipfile.ZIP_DEFLATED and member.file_size > LARGEST_WHOLE:
            from buildDoctor.adapters.elf.packed import PackedWindow  # noqa: PLC0415  few files are so large

            stored = _stored(archive, member, member.compress_size)
            return stored if isinstance(stored, str) else PackedWindow(stored, member.file_size, member.CRC)
        return _unpacked(archive, member)
    except Exception as error:  # noqa: BLE001  zipfile and the decompressors raise unrelated types on damaged input
        return f"cannot be unpacked ({error or type(error).__name__}); download the wheel again"


def _refuse(member: zipfile.ZipInfo) -> str | None:
    """Why a member is not unpacked, judged by what the directory states."""
    if member.flag_bits & 1:
        return "is encrypted; give the unencrypted wheel"
    if member.file_size > MOST_BYTES:
        return f"states {member.file_size} unpacked bytes; up to {MOST_BYTES} are read"
    if member.file_size > RATIO_MATTERS and member.file_size > HIGHEST_RATIO * member.compress_size:
        return f"states that {member.compress_size} bytes unpack to {member.file_size}, as only zip bombs do"
    return None


def _stored(archive: zipfile.ZipFile, member: zipfile.ZipInfo, size: int) -> Window | str:
    """The part of the wheel where a member of a size in bytes lies as it is stored."""
    window = map_file(Path(archive.filename or ""), "the wheel")
    if isinstance(window, str):
        return f"cannot be read: {window}"
    header = window.unpack(LOCAL_HEADER, member.header_offset)
    if header is None or header[0] != b"PK\x03\x04":
        return "has no header in the wheel; download the wheel again"
    start = member.header_offset + LOCAL_HEADER.size + header[1] + header[2]
    if start + size > window.size:
        return "is truncated; download the wheel again"
    return Window(window.storage, start, start + size, on_disk=True)


def _unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Window | str:
    """A compressed member in anonymous memory."""
    if member.file_size == 0:
        return Window(b"")
    # Pages are taken only as they are written, so a member that states too much costs nothing.
    memory = mmap.mmap(-1, member.file_size)
    with archive.open(member) as source:
        while piece := source.read(PIECE):
            memory.write(piece)
    if memory.tell() != member.file_size:
        return f"unpacks to {memory.tell()} bytes where {member.file_size} are stated; download the wheel again"
    return Window(memory)
