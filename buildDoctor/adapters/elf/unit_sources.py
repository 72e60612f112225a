"""Which source file each fatbin is compiled from, where the symbol table was kept.

nvcc hands the host compiler a file that it names after the source, such as `tmpxft_00000b70_00000000-6_cache.compute_120.cudafe1.cpp`
(the part with `compute_` only when it compiles for several architectures). Its name is the STT_FILE symbol before the
local symbols of the object, and one of these, `fatbinData`, is the fatbin. By experiment with nvcc 12.8 to 13.0.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec.structs import replace

from buildDoctor.adapters.elf.objects import raw_symbols, string_table, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from buildDoctor.adapters.elf.fatbin import Container
    from buildDoctor.adapters.elf.objects import ElfObject
    from buildDoctor.core.evidence import Binary

_TABLE = ".symtab"
_FATBIN, _MARK = "fatbinData", b".cudafe1."
_HOST_SIDE = re.compile(
    r"(?:tmpxft_[0-9a-f]{8}_[0-9a-f]{8}-\d{1,4}_)?(?P<stem>.{1,255}?)(?:\.compute_\d{2,3}[af]?)?\.cudafe1\.(?:cpp|stub\.c|c|gpu)"
)
_FILE_TYPE, _TYPE_BITS = 4, 15
_MOST_FILES = 20_000


def with_sources(binary: Binary, elf: ElfObject, containers: Sequence[Container]) -> Binary:
    """The binary with the sources that its symbol table names, and each of its units with its own.

    Args:
        binary: the file, whose units are those of the containers.
        elf: its section table.
        containers: the fatbins that the driver is given.
    """
    starts = tuple(container.offset for container in containers)
    of_units, files = unit_sources(elf, starts)
    units = zip(binary.units or (), of_units, strict=True)
    return replace(binary, units=tuple(replace(unit, source=source) for unit, source in units), sources=files)


def unit_sources(elf: ElfObject, starts: Sequence[int]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The source of each fatbin, and all sources whose host side is in the file, by name without extension.

    Args:
        elf: the file.
        starts: where its fatbins start in the file, in bytes.
    """
    files: list[str] = []
    fatbins: list[tuple[int, str]] = []
    for stem, address in _files_and_fatbins(elf):
        if address is not None:
            fatbins.append((address, stem))
        elif stem:
            files.append(stem)
        if len(files) > _MOST_FILES or len(fatbins) > _MOST_FILES:
            break
    found = _by_start(fatbins, starts)
    return tuple(found.get(start, "") for start in starts), tuple(files)


def _files_and_fatbins(elf: ElfObject) -> Iterator[tuple[str, int | None]]:
    """The files in their order, and behind each the address of its fatbin."""
    names, current = string_table(elf, _TABLE), ""
    # Most tables of a million symbols name no such file, and one search says so.
    if _MARK not in names:
        return
    fatbin = names.find(b"\0" + _FATBIN.encode() + b"\0") + 1
    for start, info, _index, value, _size in raw_symbols(elf, _TABLE):
        if info & _TYPE_BITS == _FILE_TYPE:
            found = _HOST_SIDE.fullmatch(text_of(names, start))
            current = found["stem"] if found else ""
            yield current, None
        elif fatbin and start == fatbin:
            yield current, value


def _by_start(fatbins: list[tuple[int, str]], starts: Sequence[int]) -> dict[int, str]:
    """The sources by where their fatbins start in the file; nothing when the addresses do not fit the fatbins.

    The section is mapped as a whole, so addresses and places in the file differ by one number for all.
    """
    if not fatbins or not starts:
        return {}
    known = set(starts)
    first = min(address for address, _stem in fatbins)
    for start in sorted(known)[: len(starts) - len(fatbins) + 1]:
        moved = {address - first + start: stem for address, stem in fatbins}
        if moved.keys() <= known:
            return moved
    return {}
