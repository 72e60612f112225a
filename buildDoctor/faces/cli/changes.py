"""What changed between two builds, as text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from buildDoctor.core.comparing.changes import Differences, FileChange, HostChange, ImageChange
from buildDoctor.faces.cli.changed_kernels import kernel_lines
from buildDoctor.faces.cli.tables import cut, table
from buildDoctor.faces.reports.wrapping import wrapped
from buildDoctor.faces.wording import counted, visible
from buildDoctor.faces.wording.kernel_names import readable

_ORDER = ("lost", "changed", "renamed", "gained", "same")
FEW = 10
"""How many kernels and symbols of a kind are shown unless all are asked for."""


def rendered(found: Differences, width: int, *, every: bool) -> str:
    """The changes, files with a loss first.

    Args:
        found: what changed.
        width: the columns of the terminal.
        every: whether to show every kernel and symbol.
    """
    differing = sorted((file for file in found.files if file.change != "same"), key=lambda file: not file.is_loss)
    blocks = [_head(found, width)]
    blocks += ["\n".join(_file(file, width, every=every)) for file in differing]
    return "\n\n".join(blocks) + "\n"


def _head(found: Differences, width: int) -> str:
    counts = Counter(file.change for file in found.files)
    words = ", ".join(f"{counts[change]} {change}" for change in _ORDER if counts[change])
    lost = f"Something is lost in {counted(found.losses, 'file')}." if found.losses else "Nothing is lost."
    names = f"{visible(found.before)}\n  -> {visible(found.after)}"
    return "\n".join([names, *wrapped(f"{counted(len(found.files), 'file')}: {words}. {lost}", width, "", "  ")])


def _file(file: FileChange, width: int, *, every: bool) -> Iterator[str]:
    """A file with all that changed in it."""
    sign = "-" if file.is_loss else "+" if file.change == "gained" else "~"
    yield f"{sign} {_name(file)}"
    if file.change in {"gained", "lost"}:
        yield f"    {file.bytes_before or file.bytes_after:,} bytes; {_architectures(file.images)}"
        return
    yield f"    {_bytes(file.bytes_before, file.bytes_after)}"
    yield from _images(file.images)
    yield from kernel_lines(file, width, few=None if every else FEW)
    yield from _host(file.host, width, few=None if every else FEW)


def _name(file: FileChange) -> str:
    if file.change in {"gained", "lost"}:
        return f"{visible(file.path_before or file.path_after)} is {'new' if file.change == 'gained' else 'gone'}"
    if file.path_before != file.path_after:
        return f"{visible(file.path_before)}\n    is now {visible(file.path_after)}"
    return visible(file.path_before)


def _architectures(images: Iterable[ImageChange]) -> str:
    """The architectures of a file that is in one build only."""
    names = [f"{image.kind} {image.architecture}" for image in images]
    return ", ".join(names) or "no device code"


def _bytes(before: int, after: int) -> str:
    if not before or before == after:
        return f"{after:,} bytes"
    return f"{before:,} -> {after:,} bytes ({(after - before) / before:+.0%})"


def _images(images: Iterable[ImageChange]) -> Iterator[str]:
    """The images by kind and architecture: their number and size, before and after."""
    rows = [
        (
            f"    {image.kind}",
            image.architecture,
            _pair(image.count_before, image.count_after),
            _pair(image.bytes_before, image.bytes_after),
            "" if image.change == "changed" else image.change,
        )
        for image in images
    ]
    if rows:
        yield ""
        yield table(("    images of", "architecture", "number", "bytes", ""), rows, right=(2, 3)).rstrip()


def _pair(before: int, after: int) -> str:
    return f"{before:,}" if before == after else f"{before:,} -> {after:,}"


def _host(changes: tuple[HostChange, ...], width: int, *, few: int | None) -> Iterator[str]:
    """What changed on the host side: values first, then what came and went, of which there may be much."""
    if not changes:
        return
    yield ""
    yield "    host side"
    for change in (one for one in changes if one.change == "changed"):
        subject = f"{change.part} {readable(change.name)}" if change.name else change.part.replace("_", " ")
        yield cut(f"      {subject}: {change.before or 'none'} -> {change.after or 'none'}", width)
    others = [one for one in changes if one.change != "changed"]
    for change in others[:few]:
        yield cut(f"      {change.change:<8}{change.part} {readable(change.name)}", width)
    if few is not None and len(others) > few:
        yield f"      and {len(others) - few:,} more, shown with --verbose"
