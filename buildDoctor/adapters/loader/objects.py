"""What the loader reads of a shared object, from the segments that it reads it from.

System V ABI, chapter 5 (program header, dynamic section); Linux Standard Base, "Symbol Versioning"; the GNU hash table
as `elf/dl-lookup.c` of glibc walks it. Section headers are not needed: the loader does not read them either.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from struct import Struct, error
from typing import Self

import msgspec

LONGEST_NAME = 4096
MOST_SEGMENTS = 256
MOST_ENTRIES = 4096
"""Entries of the dynamic section and records of the version tables after so many are not read."""
MOST_SYMBOLS = 200_000
PT_LOAD, PT_DYNAMIC, PT_INTERP = 1, 2, 3
DT_NEEDED, DT_STRTAB, DT_SYMTAB, DT_STRSZ, DT_SONAME, DT_RPATH, DT_RUNPATH = 1, 5, 6, 10, 14, 15, 29
DT_GNU_HASH, DT_FLAGS_1 = 0x6FFFFEF5, 0x6FFFFFFB
DT_VERDEF, DT_VERNEED = 0x6FFFFFFC, 0x6FFFFFFE
NO_DEFAULT_LIBRARIES = 0x800
"""DF_1_NODEFLIB: the cache and the default folders are not searched for what this file needs."""
WEAK_VERSION = 2
"""VER_FLG_WEAK: a version that may be missing."""
_HEADER = Struct("<16sHHIQQQIHHHHHH")
_SEGMENT = Struct("<IIQQQQQQ")
_ENTRY = Struct("<qQ")
_NEED = Struct("<HHIII")
_NEED_ENTRY = Struct("<IHHII")
_DEFINITION = Struct("<HHHHIII")
_SYMBOL = Struct("<IBBHQQ")
_HASH = Struct("<IIII")
_WORD = Struct("<I")


class NeededVersions(msgspec.Struct, frozen=True):
    """The versions that a file needs of one library."""

    library: str
    names: tuple[str, ...]


class Needs(msgspec.Struct, frozen=True):
    """What a shared object asks of the loader, and what it offers."""

    machine: int
    """e_machine: 62 is x86-64, 183 AArch64."""
    needed: tuple[str, ...]
    soname: str
    rpath: str | None
    """Absent also where there is a RUNPATH, because the loader then passes over it."""
    runpath: str | None
    interpreter: str
    """The loader that a program asks the kernel for; empty for a library."""
    default_libraries: bool
    versions: tuple[NeededVersions, ...]
    offers: frozenset[str]
    """The versions of its own symbols."""


class Other(msgspec.Struct, frozen=True):
    """A file that the loader passes over without a word: one for another kind of processor."""

    machine: int


def read_needs(path: str) -> Needs | Other | str:
    """What a file asks for; for one that is no shared object of this kind, why not.

    Args:
        path: A path of this machine.
    """
    reader = _Reader.opened(path)
    if isinstance(reader, str):
        return reader
    with reader:
        return reader.needs()


def jit_link_symbols(path: str) -> tuple[frozenset[str], frozenset[str]]:
    """The symbols of nvJitLink that a file expects from elsewhere, and those that it offers; empty when it cannot be read.

    Their names carry the CUDA version, as in `__nvJitLinkComplete_12_4`, where the library's own name does not.
    """
    reader = _Reader.opened(path)
    if isinstance(reader, str):
        return frozenset(), frozenset()
    with reader:
        return reader.symbols("__nvJitLink")


class _Reader:
    """An open file; each read is bounded, and one beyond the end gives less."""

    def __init__(self, handle: int, size: int) -> None:
        self._handle = handle
        self._size = size
        self._loads: list[tuple[int, int, int]] = []
        self._tags: dict[int, int] = {}
        self._needed_at: list[int] = []
        self._strings = 0

    @classmethod
    def opened(cls, path: str) -> Self | str:
        try:
            # A pipe or a device under this name would block, or do something.
            handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        except (OSError, ValueError) as problem:
            return f"it cannot be read: {getattr(problem, 'strerror', problem)}"
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            os.close(handle)
            return "it is no file"
        return cls(handle, status.st_size)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._handle)

    def needs(self) -> Needs | Other | str:
        raw = self._bytes(0, _HEADER.size)
        if raw[:4] != b"\x7fELF":
            return "it is no ELF file"
        if len(raw) < _HEADER.size:
            return "its ELF header is cut off"
        if raw[4:6] != b"\x02\x01":
            return Other(int.from_bytes(raw[18:20], "little" if raw[5] == 1 else "big"))
        machine = int.from_bytes(raw[18:20], "little")
        interpreter = self._segments(raw)
        if not self._tags:
            return "it has no dynamic section"
        self._strings = self._offset(self._tags.get(DT_STRTAB, 0))
        runpath = self._named(DT_RUNPATH)
        return Needs(
            machine=machine,
            needed=tuple(dict.fromkeys(name for at in self._needed_at if (name := self._name(at)))),
            soname=self._named(DT_SONAME) or "",
            rpath=self._named(DT_RPATH) if runpath is None else None,
            runpath=runpath,
            interpreter=interpreter,
            default_libraries=not self._tags.get(DT_FLAGS_1, 0) & NO_DEFAULT_LIBRARIES,
            versions=tuple(self._needed_versions()),
            offers=frozenset(self._offered_versions()),
        )

    def symbols(self, prefix: str) -> tuple[frozenset[str], frozenset[str]]:
        if not isinstance(self.needs(), Needs):
            return frozenset(), frozenset()
        first, count = self._symbol_counts()
        start = self._offset(self._tags.get(DT_SYMTAB, 0))
        expected: set[str] = set()
        offered: set[str] = set()
        table = self._bytes(start, min(count, MOST_SYMBOLS) * _SYMBOL.size) if start else b""
        for index, (name_at, _info, _other, place, _value, _bytes) in enumerate(
            _SYMBOL.iter_unpack(table[: len(table) // _SYMBOL.size * _SYMBOL.size])
        ):
            # Undefined symbols stand before the first one that the hash table knows.
            if name_at and (place == 0 or index >= first) and (name := self._name(name_at)).startswith(prefix):
                (offered if place else expected).add(name)
        return frozenset(expected), frozenset(offered)

    def _symbol_counts(self) -> tuple[int, int]:
        """The number of the first symbol in the GNU hash table, and how many symbols there are."""
        at = self._offset(self._tags.get(DT_GNU_HASH, 0))
        head = self._unpack(_HASH, at) if at else None
        if head is None:
            return 0, 0
        buckets, first, bloom, _shift = head
        raw = self._bytes(at + _HASH.size + bloom * 8, min(buckets, MOST_SYMBOLS) * 4)
        last = max((word for (word,) in _WORD.iter_unpack(raw[: len(raw) // 4 * 4])), default=0)
        if last < first or last > MOST_SYMBOLS:
            return first, min(first, MOST_SYMBOLS)
        chain = at + _HASH.size + bloom * 8 + buckets * 4
        while last < MOST_SYMBOLS:
            word = self._unpack(_WORD, chain + (last - first) * 4)
            last += 1
            if word is None or word[0] & 1:
                break
        return first, last

    def _segments(self, header: bytes) -> str:
        """Note where what is loaded stands in the file; answers which loader is asked for."""
        fields = _HEADER.unpack(header)
        start, size, count = fields[5], fields[9], min(fields[10], MOST_SEGMENTS)
        interpreter = ""
        dynamic: tuple[int, int] | None = None
        for number in range(count if size >= _SEGMENT.size else 0):
            segment = self._unpack(_SEGMENT, start + number * size)
            if segment is None:
                break
            kind, _flags, offset, address, _physical, in_file, _in_memory, _align = segment
            if kind == PT_LOAD:
                self._loads.append((address, in_file, offset))
            elif kind == PT_INTERP:
                interpreter = self._text(offset)
            elif kind == PT_DYNAMIC:
                dynamic = offset, in_file
        if dynamic is not None:
            self._entries(*dynamic)
        return interpreter

    def _entries(self, offset: int, size: int) -> None:
        raw = self._bytes(offset, min(size, MOST_ENTRIES * _ENTRY.size))
        for tag, value in _ENTRY.iter_unpack(raw[: len(raw) // _ENTRY.size * _ENTRY.size]):
            if tag == 0:
                self._tags.setdefault(0, 0)
                return
            if tag == DT_NEEDED:
                self._needed_at.append(value)
            self._tags[tag] = value

    def _needed_versions(self) -> Iterator[NeededVersions]:
        left = MOST_ENTRIES
        for at, (_version, count, file, first, _next) in self._chain(DT_VERNEED, _NEED, 4):
            names: list[str] = []
            position = at + first
            for _ in range(min(count, left)):
                entry = self._unpack(_NEED_ENTRY, position)
                if entry is None:
                    break
                left -= 1
                if not entry[1] & WEAK_VERSION:
                    names.append(self._name(entry[3]))
                position += entry[4]
                if not entry[4]:
                    break
            yield NeededVersions(self._name(file), tuple(names))

    def _offered_versions(self) -> Iterator[str]:
        for at, (_version, _flags, _index, _count, _hash, first, _next) in self._chain(DT_VERDEF, _DEFINITION, 6):
            if name := self._unpack(_WORD, at + first):
                yield self._name(name[0])

    def _chain(self, tag: int, layout: Struct, link: int) -> Iterator[tuple[int, tuple[int, ...]]]:
        """The records of a table whose field `link` says how far the next one is; it only goes forward."""
        at = self._offset(self._tags.get(tag, 0))
        for _ in range(MOST_ENTRIES if at else 0):
            fields = self._unpack(layout, at)
            if fields is None:
                return
            yield at, fields
            if not fields[link]:
                return
            at += fields[link]

    def _offset(self, address: int) -> int:
        """Where in the file an address is loaded from; 0 for an address that is not."""
        for start, size, offset in self._loads:
            if start <= address < start + size:
                return address - start + offset
        return 0

    def _named(self, tag: int) -> str | None:
        return self._name(self._tags[tag]) if tag in self._tags else None

    def _name(self, at: int) -> str:
        return self._text(self._strings + at) if self._strings and at < self._tags.get(DT_STRSZ, 0) else ""

    def _text(self, offset: int) -> str:
        return self._bytes(offset, LONGEST_NAME).split(b"\0", 1)[0].decode("utf-8", "replace")

    def _unpack(self, layout: Struct, offset: int) -> tuple[int, ...] | None:
        try:
            return layout.unpack(self._bytes(offset, layout.size))
        except error:
            return None

    def _bytes(self, offset: int, size: int) -> bytes:
        if not 0 <= offset < self._size:
            return b""
        try:
            return os.pread(self._handle, min(size, self._size - offset), offset)
        except OSError:
            return b""
