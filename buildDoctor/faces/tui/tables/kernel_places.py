"""What is said about a place and its rows."""

from __future__ import annotations

from buildDoctor.core.device.architectures import Verdict
from buildDoctor.core.device.serving import BEST_FIRST
from buildDoctor.core.evidence import Binary
from buildDoctor.faces import wording
from buildDoctor.faces.tui.tables.groups import Group, Level, Place, file_names
from buildDoctor.faces.tui.tables.kernel_rows import GroupRows, KernelRows
from buildDoctor.faces.tui.tables.package_rows import PackageRows
from buildDoctor.faces.wording.plain import counted

Rows = GroupRows | KernelRows | PackageRows
"""What the kernels screen lists."""


def place_words(place: Place, binaries: tuple[Binary, ...]) -> str:
    """Where one is: `vllm > _C.abi3.so > unit 12`."""
    parts = [place.package or ""]
    if place.file is not None:
        parts.append(file_names(binaries, place.package)[place.file])
    if place.unit is not None:
        parts.append(f"unit {place.unit}")
    return wording.visible(" > ".join(filter(None, parts))) or "All shared objects"


def looking_words(package: str) -> tuple[str, str]:
    """That the files of a package are looked for, and how to stop it."""
    return f"Looking for the files of {wording.visible(package)}", "Press esc to stop."


def lost_on(rows: Rows, capability: str) -> int:
    """How many rows have kernels that do not run on a GPU; of packages, how many have no code for it."""
    if not capability:
        return 0
    if isinstance(rows, PackageRows):
        return sum(map(rows.is_lost, range(len(rows))))
    if isinstance(rows, GroupRows):
        return sum(bool(group.tally(capability)[Verdict.NONE]) for group in rows.groups)
    lost = tuple(verdict is Verdict.NONE for verdict in rows.verdicts[0])
    return sum(map(lost.__getitem__, map(rows.index.signature_of.__getitem__, rows.order))) if any(lost) else 0


def count_words(rows: GroupRows | KernelRows, lost: int, level: Level, capability: str) -> str:
    """How many rows there are, and how many of them do not run on a GPU."""
    tail = f"; {lost:,} with kernels that do not run on {capability}" if lost else f"; everything runs on {capability}"
    return f"{len(rows):,} {level.value}{'s' if len(rows) != 1 else ''}{tail if capability and len(rows) else ''}"


def package_count_words(rows: PackageRows, lost: int, capability: str) -> str:
    """How many packages have device code, and how many of them none for a GPU."""
    tail = (
        f"{lost:,} of them {'have' if lost > 1 else 'has'} none for {capability}"
        if lost
        else f"all have some for {capability}"
    )
    return f"{counted(len(rows), 'package')} with device code; {tail}" if capability and len(rows) else "no package"


def row_of(rows: Rows, place: Place | None) -> int:
    """The row that leads to a place; the first when there is none."""
    if place is None or isinstance(rows, KernelRows):
        return 0
    if isinstance(rows, PackageRows):
        return next((at for at, row in enumerate(rows.rows) if row.package.name == place.package), 0)
    return next((at for at, group in enumerate(rows.groups) if group.place.holds(place)), 0)


def badness(capability: str, group: Group) -> tuple[int, ...]:
    """What sorts groups, those that serve a GPU worst first."""
    tally = group.tally(capability)
    return tuple(-tally[verdict] for verdict in reversed(BEST_FIRST))


def next_lost(rows: Rows, row: int, step: int) -> int | None:
    """The next row that does not run on the first GPU, around at the end."""
    if isinstance(rows, KernelRows):
        return rows.next_lost(row, step)
    if not rows.capabilities:
        return None
    count = len(rows)
    numbers = ((row + step * distance) % count for distance in range(1, count + 1))
    if isinstance(rows, PackageRows):
        return next(filter(rows.is_lost, numbers), None)
    first = rows.capabilities[0]
    return next((number for number in numbers if rows.groups[number].tally(first)[Verdict.NONE]), None)
