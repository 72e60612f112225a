"""What is inside a shared object, as tables."""

from __future__ import annotations

import re
from collections import Counter

from buildDoctor.core.architectures import Verdict, cubin_verdict, ptx_verdict
from buildDoctor.core.evidence import Binary, Unit
from buildDoctor.faces.cli.tables import table

_RANK = (Verdict.NATIVE, Verdict.FAMILY, Verdict.JIT, Verdict.NOT_PROMISED, Verdict.NONE)


def contents(binary: Binary, capabilities: tuple[str, ...], *, kernels: bool) -> str:
    """A shared object's images, what of it runs where, and its kernels when they are asked for."""
    images = binary.images or ()
    lines = [
        f"{binary.path}: {binary.size_bytes or 0:,} bytes, {len(images)} images in {len(binary.units or ())} units"
    ]
    if images:
        counts = Counter((i.kind or "", i.architecture or "", i.compressed or "") for i in images)
        sizes: Counter[tuple[str, str, str]] = Counter()
        for image in images:
            sizes[image.kind or "", image.architecture or "", image.compressed or ""] += image.size_bytes or 0
        rows = [(*key, str(counts[key]), f"{sizes[key]:,}") for key in sorted(counts, key=_image_key)]
        lines += ["", table(("kind", "architecture", "compressed", "images", "bytes"), rows).rstrip()]
    if capabilities:
        lines += ["", _verdicts(binary.units or (), capabilities).rstrip()]
    if kernels and binary.kernels:
        named = [(", ".join(k.cubins or ()) or "none", ", ".join(k.ptx or ()) or "none", k.name or "") for k in binary.kernels]
        lines += ["", table(("cubins", "ptx", "kernel"), named).rstrip()]
    return "\n".join(lines) + "\n"


def _image_key(key: tuple[str, str, str]) -> tuple[str, float, str, str]:
    kind, architecture, compressed = key
    number = re.match(r"\d+\.\d", architecture)
    return kind, float(number[0]) if number else 0.0, architecture, compressed


def _verdicts(units: tuple[Unit, ...], capabilities: tuple[str, ...]) -> str:
    """How many units with kernels run on each capability, and how."""
    rows = []
    for capability in capabilities:
        counts = Counter(_verdict(unit, capability) for unit in units if unit.kernel_count)
        rows.append((capability, *(str(counts[verdict]) for verdict in _RANK)))
    return table(("units with kernels, on", *(verdict.value for verdict in _RANK)), rows)


def _verdict(unit: Unit, capability: str) -> Verdict:
    """The best that a unit has for a capability."""
    found = [cubin_verdict(a, capability) for a in unit.cubins or ()]
    found += [ptx_verdict(a, capability) for a in unit.ptx or ()]
    return min(found, key=_RANK.index, default=Verdict.NONE)
