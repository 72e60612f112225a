"""Device code without a fatbin around it: a cubin or PTX file, and cubins among a program's data.

Each becomes a container of one image whose header says what a fatbin would say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from buildDoctor.adapters.elf import fatbin_layout as layout
from buildDoctor.adapters.elf.cubin import ELF_HEADER
from buildDoctor.adapters.elf.cubin_header import cubin_bytes, cubin_header
from buildDoctor.adapters.elf.fatbin import Container, Entry
from buildDoctor.adapters.elf.ptx import LONGEST_HEAD, ptx_head

if TYPE_CHECKING:
    from buildDoctor.adapters.elf.window import Window

SUFFIX_FLAGS = {"": 0, "a": layout.FLAG_ARCHITECTURE_SPECIFIC, "f": layout.FLAG_FAMILY_SPECIFIC}


def cubin_container(window: Window, start: int, end: int) -> Container | str:
    """The cubin that starts at an offset, or why there is none.

    Args:
        window: The file.
        start: Where the cubin starts, in bytes.
        end: Where it must end at the latest.
    """
    fields = window.unpack(ELF_HEADER, start)
    if fields is None or start + ELF_HEADER.size > end:
        return "the cubin is cut off in its header"
    size = cubin_bytes(fields)
    if size > end - start:
        return f"the cubin states tables up to byte {size}, but {end - start} are left"
    header = cubin_header(window.view(start, size))
    if isinstance(header, str):
        return header
    return _container(start, layout.KIND_CUBIN, size, (header.architecture, header.suffix), (0, 0))


def ptx_container(window: Window) -> Container | None:
    """The PTX that a file is, or none when it is no PTX."""
    head = ptx_head(window.view(0, LONGEST_HEAD))
    if head is None:
        return None
    return _container(0, layout.KIND_PTX, window.size, (head.architecture, head.suffix), head.version)


def _container(start: int, kind: int, size: int, target: tuple[int, str], version: tuple[int, int]) -> Container:
    """A container of one image that stands in the file as it is."""
    header = layout.EntryHeader(
        kind=kind,
        marker=layout.ENTRY_MARKER,
        header_bytes=0,
        payload_bytes=size,
        compressed_bytes=0,
        options_offset=0,
        version_minor=version[1],
        version_major=version[0],
        architecture=target[0],
        name_offset=0,
        name_bytes=0,
        flags=SUFFIX_FLAGS[target[1]],
        key=0,
        unpacked_bytes=0,
    )
    return Container(start, (Entry(start, header, start),))
