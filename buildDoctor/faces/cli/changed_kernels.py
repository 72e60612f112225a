"""The kernels that changed between two builds, as text: those of one function together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from buildDoctor.core.comparing.changes import FileChange, KernelChange
from buildDoctor.faces.cli.tables import cut
from buildDoctor.faces.reports.wrapping import wrapped
from buildDoctor.faces.wording import counted, visible
from buildDoctor.faces.wording.kernel_names import readable

_ORDER = ("lost", "changed", "moved", "replaced", "gained")

Group = tuple[str, str, str, bool]
"""How it changed, the function, its architectures in words, and whether a GPU is served less well."""


def kernel_lines(file: FileChange, width: int, *, few: int | None) -> Iterator[str]:
    """How many kernels changed and in which way, and which ones.

    Args:
        file: the file.
        width: the columns of the terminal.
        few: how many functions of each way are shown; all without it.
    """
    if file.kernels_compared != "all" and not file.kernels:
        yield f"    kernels compared: {file.kernels_compared}"
    if not file.kernels:
        return
    counts = Counter(one.change for one in file.kernels)
    words = ", ".join(f"{counts[change]:,} {change}" for change in _ORDER if counts[change])
    compared = "" if file.kernels_compared == "all" else f" of {file.kernels_compared}"
    yield ""
    yield f"    kernels{compared}: {words}"
    yield from _served(file.kernels, width)
    for change in _ORDER:
        yield from _groups([one for one in file.kernels if one.change == change], width, few=few)


def _served(kernels: Iterable[KernelChange], width: int) -> Iterator[str]:
    """The GPUs that are served otherwise, with the number of kernels."""
    for words, field in (("less well", "worse"), ("better", "better")):
        counts = Counter(capability for one in kernels for capability in getattr(one, field))
        if counts:
            ordered = sorted(counts, key=lambda text: tuple(map(int, text.split("."))))
            listed = ", ".join(f"{capability}\u00a0({counts[capability]:,})" for capability in ordered)
            lines = wrapped(f"served {words}: {listed}", width, "    ", "      ")
            yield from (line.replace("\u00a0", " ") for line in lines)


def _groups(kernels: list[KernelChange], width: int, *, few: int | None) -> Iterator[str]:
    """The functions of some kernels that changed in one way, those with a loss first."""
    counts = Counter(_group(one) for one in kernels)
    ordered = sorted(counts, key=lambda group: not group[3])
    for change, name, architectures, _worse in ordered[:few]:
        number = counts[change, name, architectures, _worse]
        variants = f" ({counted(number, 'variant')})" if number > 1 else ""
        yield f"      {change:<9}{cut(name, width - 15 - len(variants))}{variants}"
        yield cut(f"               {architectures}", width)
    if few is not None and len(ordered) > few:
        yield f"      and {counted(len(ordered) - few, 'more function')} {kernels[0].change}, shown with --verbose"


def _group(one: KernelChange) -> Group:
    words = {
        "lost": f"was for {'; '.join(one.before) or 'nothing'}",
        "gained": f"is for {'; '.join(one.after) or 'nothing'}",
        "moved": f"to {visible(one.moved_to)}",
    }
    return (
        one.change,
        readable(one.name),
        words.get(one.change, _otherwise(one)),
        bool(one.worse) or one.change == "lost",
    )


def _otherwise(one: KernelChange) -> str:
    """The architectures that a kernel lost and gained, else those that it has."""
    lost = "; ".join(architecture for architecture in one.before if architecture not in one.after)
    gained = "; ".join(architecture for architecture in one.after if architecture not in one.before)
    words = [f"lost {lost}" if lost else "", f"gained {gained}" if gained else ""]
    return ", ".join(filter(None, words)) or f"for {'; '.join(one.after)}, with other parameters"
