"""A build for HIP: which list of the scripts has taken an architecture out of what was asked for."""

from __future__ import annotations

import re
from collections.abc import Iterable

from buildDoctor.core.evidence import SupportedList
from buildDoctor.core.plan.records import TraceRecord, flat

_CHIP = re.compile(r"gfx[0-9a-f]{1,5}(-\d)?(-generic)?(:(sramecc|xnack)[+-])*", re.ASCII)
"""A processor of AMD, or several of a kind, with features (LLVM, "User Guide for AMDGPU Backend", Target ID)."""


def hip_supported(
    records: Iterable[TraceRecord], request: tuple[str, ...], built: tuple[str, ...]
) -> SupportedList | None:
    """The list that leaves of a request what is built; nothing when none does, or nothing is lost.

    Args:
        records: the executed commands in their order.
        request: the architectures that the build is asked for.
        built: those that it compiles for.
    """
    if not set(request) - set(built):
        return None
    for record in records:
        if record.command != "set" or len(record.arguments) < 2 or record.arguments[0].startswith("ENV{"):
            continue
        listed = flat(record.arguments[1:])
        left = tuple(one for one in request if one in listed)
        if all(map(_CHIP.fullmatch, listed)) and set(left) == set(built) and set(listed) - set(request):
            return SupportedList(variable=record.arguments[0], architectures=listed, file=record.file, line=record.line)
    return None
