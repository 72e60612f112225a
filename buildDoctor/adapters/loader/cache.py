"""The loader's cache, /etc/ld.so.cache.

The format is that of glibc's `sysdeps/generic/dl-cache.h`: a header of 48 bytes that starts with
`glibc-ld.so.cache1.1`, entries of 24 bytes (flags, name, path, unused, hardware), and a table of texts. The offsets of
texts count from the header. An older part (`ld.so-1.7.0`, entries of 12 bytes) may stand before it. Bit 62 of the
hardware field says that its low 32 bits are the number of a subfolder of glibc-hwcaps (`x86-64-v3`), named in an
extension that starts with 0xEAA42174.
"""

from __future__ import annotations

from collections.abc import Iterator
from struct import Struct, error

import msgspec
from msgspec import field

OLD = b"ld.so-1.7.0\0"
NEW = b"glibc-ld.so.cache1.1"
MOST_BYTES = 64 << 20
MOST_ENTRIES = 500_000
LONGEST_NAME = 4096
LIBRARY_FLAGS = {62: 0x0303, 183: 0x0A03}
"""The flags of an entry for a 64-bit library of each machine: its kind of ELF file, and that it is for libc.so.6."""
HIGH_BYTE_FIRST = 3
"""The value of the header's byte about the order of bytes; 2 is the other order, 0 an older glibc."""
_OLD_COUNT = Struct("<12xI")
_OLD_ENTRY_BYTES = 12
_HEADER = Struct("<IIB3xI12x")
_ENTRY = Struct("<IIIIQ")
_HWCAPS_BIT = 1 << 62
_EXTENSION_MAGIC = 0xEAA42174
_EXTENSION = Struct("<II")
_SECTION = Struct("<IIII")
_HWCAPS_TAG = 1
_MOST_SECTIONS = 64


class Cache(msgspec.Struct, frozen=True):
    """Where libraries are, by name."""

    paths: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """The files of a name, the preferred one first."""

    def named(self, name: str) -> tuple[str, ...]:
        """The files that the cache has for a name."""
        return self.paths.get(name, ())


def read_cache(content: bytes, machine: int, levels: tuple[str, ...] = ()) -> Cache | str:
    """The libraries of one machine in a cache; for a file that is none, why not.

    Args:
        content: The file.
        machine: The e_machine of the libraries that are wanted.
        levels: The subfolders of glibc-hwcaps that this processor can use, the best first.
    """
    start = _start(content)
    first = start + len(NEW) + _HEADER.size
    header = _unpack(_HEADER, content, start + len(NEW))
    if header is None or content[start : start + len(NEW)] != NEW:
        return "it does not start as a cache of glibc 2.2 or newer does"
    stated, _size, order, extension = header
    if order == HIGH_BYTE_FIRST:
        return "it is made for processors that put the high byte first"
    count = min(stated, MOST_ENTRIES, max(0, len(content) - first) // _ENTRY.size)
    if count < stated:
        return f"it says that it has {stated:,} entries, which is more than fit into it"
    subfolders = _subfolders(content, start, extension)
    best: dict[str, list[tuple[int, str]]] = {}
    for number in range(count):
        flags, name_at, path_at, _unused, hardware = _ENTRY.unpack_from(content, first + number * _ENTRY.size)
        rank = _rank(hardware, subfolders, levels)
        if flags == LIBRARY_FLAGS.get(machine) and rank is not None:
            name, path = _text(content, start + name_at), _text(content, start + path_at)
            if name and path.startswith("/"):
                best.setdefault(name, []).append((rank, path))
    ordered = {name: sorted(found, key=lambda pair: pair[0]) for name, found in best.items()}
    return Cache({name: tuple(path for _rank, path in found) for name, found in ordered.items()})


def _start(content: bytes) -> int:
    """Where the part begins that offsets count from: behind an older part, at a multiple of 8."""
    if not content.startswith(OLD):
        return 0
    old = _unpack(_OLD_COUNT, content, 0)
    entries = old[0] if old else 0
    return (_OLD_COUNT.size + entries * _OLD_ENTRY_BYTES + 7) // 8 * 8


def _rank(hardware: int, subfolders: tuple[str, ...], levels: tuple[str, ...]) -> int | None:
    """How early the loader takes an entry; none for one that this processor, or a loader of today, passes over."""
    if hardware == 0:
        return len(levels)
    number = hardware & 0xFFFFFFFF
    if hardware & _HWCAPS_BIT and number < len(subfolders) and subfolders[number] in levels:
        return levels.index(subfolders[number])
    return None


def _subfolders(content: bytes, start: int, extension: int) -> tuple[str, ...]:
    """The names of the hardware subfolders, by number."""
    head = _unpack(_EXTENSION, content, start + extension) if extension else None
    if head is None or head[0] != _EXTENSION_MAGIC:
        return ()
    for number in range(min(head[1], _MOST_SECTIONS)):
        section = _unpack(_SECTION, content, start + extension + _EXTENSION.size + number * _SECTION.size)
        if section is not None and section[0] == _HWCAPS_TAG:
            return tuple(_names(content, start, section[2], section[3]))
    return ()


def _names(content: bytes, start: int, offset: int, size: int) -> Iterator[str]:
    word = Struct("<I")
    for number in range(min(size // word.size, 1000)):
        if (at := _unpack(word, content, start + offset + number * word.size)) is None:
            return
        yield _text(content, start + at[0])


def _text(content: bytes, at: int) -> str:
    if at >= len(content):
        return ""
    return content[at : at + LONGEST_NAME].split(b"\0", 1)[0].decode("utf-8", "replace")


def _unpack(layout: Struct, content: bytes, at: int) -> tuple[int, ...] | None:
    try:
        return layout.unpack_from(content, at)
    except error:
        return None
