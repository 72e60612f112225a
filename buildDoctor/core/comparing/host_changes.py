"""What of the host side came, went or changed."""

from __future__ import annotations

from collections.abc import Iterable

from buildDoctor.core.comparing.changes import CHANGED, GAINED, LOST, HostChange
from buildDoctor.core.evidence import Binary, EntryPoint


def host_changes(before: Binary, after: Binary) -> Iterable[HostChange]:
    """What of the host side came, went or changed; nothing where one side was not seen."""
    if before.host is None or after.host is None:
        return
    one, other = before.host, after.host
    yield from _sets("symbol", one.symbols, other.symbols)
    yield from _sets("needs", one.needed, other.needed)
    yield from _sets("search_folders", one.search_folders, other.search_folders)
    yield from _entry_points(one.entry_points, other.entry_points)
    for part in ("glibc", "glibcxx", "cxxabi", "cxx11_abi", "python_tag", "machine"):
        was, now = getattr(one, part), getattr(other, part)
        if None not in (was, now) and was != now:
            yield HostChange(part=part, name="", change=CHANGED, before=was, after=now)


def _sets(part: str, before: tuple[str, ...] | None, after: tuple[str, ...] | None) -> Iterable[HostChange]:
    """What of a list came and went."""
    if before is None or after is None:
        return
    for name in sorted(set(before) ^ set(after)):
        yield HostChange(part=part, name=name, change=LOST if name in before else GAINED)


def _entry_points(before: tuple[EntryPoint, ...] | None, after: tuple[EntryPoint, ...] | None) -> Iterable[HostChange]:
    """The entry points whose state changed."""
    was = {one.name: one.state or "" for one in before or ()}
    for one in after or ():
        state = was.get(one.name)
        if state is not None and one.state is not None and state != one.state:
            yield HostChange(part="entry point", name=one.name or "", change=CHANGED, before=state, after=one.state)
