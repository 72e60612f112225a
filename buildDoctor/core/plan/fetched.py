"""What the build scripts fetch while they configure, by the versions that they name."""

from __future__ import annotations

import re
from collections.abc import Iterable

from buildDoctor.core.evidence import CutlassCopy
from buildDoctor.core.plan.records import TraceRecord

_CUTLASS = "cutlass"
_TAG = re.compile(r"v?(\d+(?:\.\d+){1,3})", re.ASCII)


def fetched_cutlass(records: Iterable[TraceRecord]) -> tuple[CutlassCopy, ...]:
    """The copies of CUTLASS that the scripts declare; one whose revision names no version has none.

    Args:
        records: the executed commands in their order.
    """
    found = []
    for record in records:
        named = record.command == "fetchcontent_declare" and record.arguments[:1]
        if named and record.arguments[0].lower() == _CUTLASS and "GIT_TAG" in record.arguments[:-1]:
            tag = _TAG.fullmatch(record.arguments[record.arguments.index("GIT_TAG") + 1])
            place = f"{record.file}:{record.line}"
            found.append(CutlassCopy(version=tag[1] if tag else None, place=place))
    return tuple(found)
