"""What changed between two builds: files, images, kernels, host symbols and sizes; and what of it is a loss."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from buildDoctor.core.comparing.changes import (
    CHANGED,
    GAINED,
    LOST,
    RENAMED,
    SAME,
    Differences,
    FileChange,
    ImageChange,
)
from buildDoctor.core.comparing.file_pairs import Pair, pairs
from buildDoctor.core.comparing.host_changes import host_changes
from buildDoctor.core.comparing.kernel_changes import kernel_changes, numeric
from buildDoctor.core.evidence import Binary


def differences(names: tuple[str, str], before: Mapping[str, Binary], after: Mapping[str, Binary]) -> Differences:
    """What changed between two builds.

    Args:
        names: what they are called.
        before: the files of the first, by their paths within it.
        after: those of the second.
    """
    places: dict[str, str] = {}
    for path, binary in after.items():
        for kernel in binary.kernels or ():
            places.setdefault(kernel.name or "", path)
    files = tuple(file_change(pair, places) for pair in pairs(before, after))
    return Differences(before=names[0], after=names[1], files=files)


def file_change(pair: Pair, places: Mapping[str, str]) -> FileChange:
    """What changed in one file.

    Args:
        pair: the file before and after.
        places: for each kernel of the second build a file that holds it.
    """
    before, after = pair.before or Binary(), pair.after or Binary()
    both = pair.before is not None and pair.after is not None
    images = tuple(_image_changes(before, after))
    compared, kernels = kernel_changes(before, after, places) if both else ("none", ())
    host = tuple(host_changes(before, after)) if both else ()
    return FileChange(
        path_before=pair.path_before,
        path_after=pair.path_after,
        change=_change_of(pair, differs=bool(images or kernels or host) or before.size_bytes != after.size_bytes),
        bytes_before=before.size_bytes or 0,
        bytes_after=after.size_bytes or 0,
        kernels_compared=compared,
        images=images,
        kernels=kernels,
        host=host,
    )


def _change_of(pair: Pair, *, differs: bool) -> str:
    if pair.before is None or pair.after is None:
        return GAINED if pair.before is None else LOST
    if pair.path_before != pair.path_after:
        return RENAMED
    return CHANGED if differs else SAME


def _image_changes(before: Binary, after: Binary) -> Iterable[ImageChange]:
    """The kinds and architectures whose number or size of images differs."""
    one, other = _images(before), _images(after)
    for key in sorted(one.keys() | other.keys(), key=lambda key: (key[0], numeric(key[1]))):
        was, now = one.get(key, (0, 0)), other.get(key, (0, 0))
        if was != now:
            yield ImageChange(
                kind=key[0],
                architecture=key[1],
                change=GAINED if not was[0] else LOST if not now[0] else CHANGED,
                count_before=was[0],
                count_after=now[0],
                bytes_before=was[1],
                bytes_after=now[1],
            )


def _images(binary: Binary) -> dict[tuple[str, str], tuple[int, int]]:
    """Number and bytes of the images, by kind and architecture."""
    found: dict[tuple[str, str], tuple[int, int]] = defaultdict(lambda: (0, 0))
    for image in binary.images or ():
        key = image.kind or "", image.architecture or ""
        count, size = found[key]
        found[key] = count + 1, size + (image.size_bytes or 0)
    return found
