"""Images and units of the evidence, from the headers of fatbins alone."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from buildDoctor.adapters.elf import fatbin_layout as layout
from buildDoctor.adapters.elf.fatbin import Container, Entry
from buildDoctor.core.evidence import Image, Unit

if TYPE_CHECKING:
    from collections.abc import Iterable


def image_of(entry: Entry, unit: int) -> Image:
    """The evidence of one image, from its headers alone.

    Args:
        entry: The image.
        unit: The number of its container in the file.
    """
    header = entry.header
    is_ptx = header.kind == layout.KIND_PTX
    return Image(
        kind=layout.KINDS.get(header.kind, f"kind {header.kind}"),
        architecture=layout.dotted_architecture(header.architecture, header.flags),
        unit=unit,
        compressed=layout.compression(header.flags),
        offset=entry.offset,
        size_bytes=header.payload_bytes,
        unpacked_bytes=header.unpacked_bytes or header.payload_bytes,
        ptx_version=f"{header.version_major}.{header.version_minor}" if is_ptx else None,
    )


def unit_of(container: Container, index: int, kernel_count: int | None = None, *, section: str = "") -> Unit:
    """The evidence of one translation unit: which architectures it has cubins and PTX for."""
    return Unit(
        index=index,
        cubins=architectures(container.entries, layout.KIND_CUBIN),
        ptx=architectures(container.entries, layout.KIND_PTX),
        kernel_count=kernel_count,
        section=section,
    )


def architectures(entries: Iterable[Entry], kind: int) -> tuple[str, ...]:
    """The architectures of the images of one kind that a driver can use, ascending, each once."""
    return _ascending(
        frozenset(
            (one.header.architecture, one.header.flags)
            for one in entries
            if one.header.kind == kind and not _is_unusable(one.header)
        )
    )


def _is_unusable(header: layout.EntryHeader) -> bool:
    """Whether an image is PTX that no driver unpacks. By experiment, on a real GPU: docs/fatbin-format.md."""
    return header.kind == layout.KIND_PTX and layout.compression(header.flags) == layout.COMPRESSIONS[layout.FLAG_ZLIB]


@lru_cache(maxsize=4096)
def _ascending(headers: frozenset[tuple[int, int]]) -> tuple[str, ...]:
    """The architectures of some headers, given by number and flags. Most kernels of a file have the same ones."""
    pairs = {(number, layout.dotted_architecture(number, flags)) for number, flags in headers}
    return tuple(name for _number, name in sorted(pairs, key=_by_number) if name is not None)


def _by_number(pair: tuple[int, str | None]) -> tuple[int, str]:
    """Orders architectures by number, then by suffix."""
    return pair[0], pair[1] or ""
