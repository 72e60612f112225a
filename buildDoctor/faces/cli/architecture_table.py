"""Images by kind and architecture."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from buildDoctor.core.comparing.kernel_changes import numeric
from buildDoctor.core.evidence import Image
from buildDoctor.faces.cli.tables import table

Key = tuple[str, str, str]


def architecture_table(images: Iterable[Image], architecture: str | None) -> str:
    """How many images there are of each kind, architecture and compression, in how many units, and their bytes.

    Args:
        images: all images of a file.
        architecture: only those for this one; `9.0+PTX` for PTX.
    """
    groups: dict[Key, list[Image]] = defaultdict(list)
    for image in images:
        if architecture in (None, name_of(image)):
            groups[image.kind or "", image.architecture or "", image.compressed or ""].append(image)
    rows = [_row(key, groups[key]) for key in sorted(groups, key=lambda key: (key[0], numeric(key[1]), key[2]))]
    if not rows:
        return f"nothing is made for {architecture}"
    heads = ("kind", "architecture", "compressed", "images", "units", "bytes", "unpacked", "PTX")
    return table(heads, rows, right=(3, 4, 5, 6))


def name_of(image: Image) -> str:
    """The architecture of an image, as the option `--arch` writes it."""
    return f"{image.architecture}+PTX" if image.kind == "ptx" else image.architecture or ""


def _row(key: Key, images: list[Image]) -> tuple[str, ...]:
    units = len({image.unit for image in images})
    packed, unpacked = (
        sum(image.size_bytes or 0 for image in images),
        sum(image.unpacked_bytes or 0 for image in images),
    )
    versions = sorted({image.ptx_version for image in images if image.ptx_version})
    return (*key, f"{len(images)}", f"{units}", f"{packed:,}", f"{unpacked:,}", ", ".join(versions))
