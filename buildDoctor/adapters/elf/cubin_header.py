"""What a cubin says about itself: its architecture, who made it, and how large it is.

NVIDIA's parts of the ELF header by experiment: docs/fatbin-format.md, "Cubins". Needed where no fatbin header says it:
for cubins that stand alone or among a program's data.
"""

from __future__ import annotations

from struct import Struct
from typing import TYPE_CHECKING

import msgspec

from buildDoctor.adapters.elf.cubin import ELF_HEADER, SECTION, CubinSection, read_sections, section_bytes
from buildDoctor.adapters.elf.cubin_records import ACCELERATOR_TARGET, read_records

if TYPE_CHECKING:
    from collections.abc import Sequence

OSABI_OLD = 51
"""Up to CUDA 12.9, with ABI version 7: the architecture stands in bits 0 to 7 of e_flags."""
OSABI_NEW = 65
"""From 12.8 for 10.0 and above, from 13.0 for all, with ABI version 8: it stands in bits 8 to 23."""
OLD_SPECIFIC = 0x800
NEW_SPECIFIC = 0x8
"""Written by 12.8 and 12.9 alone; later toolkits put it into `.nv.compat`."""
OLDEST_SPECIFIC = 90
"""Below it the bit has been seen in cubins that are not architecture-specific."""
SHT_NOTE = 7
SHT_NV_COMPAT = 0x70000086
TOOL_NOTE = 2000
"""The type of the note `.note.nv.tkinfo`."""
NOTE = Struct("<III")
LONGEST_NOTE = 4096
PROGRAM_HEADER_BYTES = 56


class CubinHeader(msgspec.Struct, frozen=True):
    """The parts of a cubin's ELF header that are NVIDIA's."""

    architecture: int
    """Ten times the compute capability."""
    suffix: str
    """`a`, `f` or nothing. The `f` is only in the note that holds ptxas's arguments."""
    toolkit: str | None
    """The CUDA version of the tool that made it; none when only the notes of its kernels say it."""


def cubin_header(image: memoryview) -> CubinHeader | str:
    """What a cubin says about itself, or why it is none."""
    if len(image) < ELF_HEADER.size:
        return "the cubin is cut off in its header"
    _magic, _class, _order, _v, osabi, _abi, _type, machine, version, _entry, _ph, _sh, flags, *_ = (
        ELF_HEADER.unpack_from(image)
    )
    if machine != 190 or osabi not in {OSABI_OLD, OSABI_NEW}:
        return f"it is an ELF file for machine {machine}, not a cubin"
    sections = read_sections(image)
    arguments = tool_arguments(image, sections) if not isinstance(sections, str) else ""
    if osabi == OSABI_OLD:
        number, specific = flags & 0xFF, bool(flags & OLD_SPECIFIC)
    else:
        number, specific = flags >> 8 & 0xFFFF, bool(flags & NEW_SPECIFIC)
        specific = specific or (not isinstance(sections, str) and _is_accelerated(image, sections))
    suffix = "a" if specific and number >= OLDEST_SPECIFIC else "f" if f"-arch sm_{number}f " in f"{arguments} " else ""
    return CubinHeader(number, suffix, toolkit_version(version) if osabi == OSABI_OLD else None)


def toolkit_version(code: int) -> str | None:
    """The CUDA version that a byte such as 0x7e stands for: its digits are those of 12.6 times ten."""
    return f"{code // 10}.{code % 10}" if 80 <= code < 1000 else None


def cubin_bytes(header: Sequence[int]) -> int:
    """Where the last table of a cubin ends, in bytes from its start: section and program headers come last.

    Args:
        header: The fields of the ELF header.
    """
    program, section = header[10], header[11]
    program_count, section_count = header[15], header[17]
    ends = (program + program_count * PROGRAM_HEADER_BYTES, section + section_count * SECTION.size)
    return max(ends)


def _is_accelerated(image: memoryview, sections: list[tuple[int, ...]]) -> bool:
    """Whether `.nv.compat` says that the cubin is for exactly one chip."""
    table = next((CubinSection._make(fields) for fields in sections if fields[1] == SHT_NV_COMPAT), None)
    records = section_bytes(image, table) if table else None
    return records is not None and any(
        record.attribute == ACCELERATOR_TARGET and record.number == 1 for record in read_records(records)
    )


def tool_arguments(image: memoryview, sections: list[tuple[int, ...]]) -> str:
    """The arguments of the tool that made a cubin, such as `-arch sm_100f`; empty when it has no note of them.

    System V ABI, "Note Section"; the description by experiment: a version, five offsets of strings, the strings.
    """
    for fields in sections:
        if fields[1] != SHT_NOTE:
            continue
        note = section_bytes(image, CubinSection._make(fields))
        if note is None or len(note) < NOTE.size:
            continue
        name_bytes, description_bytes, kind = NOTE.unpack_from(note)
        start = NOTE.size + -(-name_bytes // 4) * 4
        if kind == TOOL_NOTE and start + 24 <= len(note):
            description = bytes(note[start : start + min(description_bytes, LONGEST_NOTE)])
            offset = 24 + int.from_bytes(description[20:24], "little")
            return description[offset:].split(b"\0", 1)[0].decode("utf-8", "replace")
    return ""
