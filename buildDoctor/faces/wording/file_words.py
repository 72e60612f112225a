"""What each examined file is to each GPU, and what a plan builds, in a few words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from buildDoctor.core.device.architectures import Verdict
from buildDoctor.core.device.serving import BEST_FIRST, best
from buildDoctor.core.evidence import Binary, Evidence, Feature, Unit
from buildDoctor.faces.wording.fact_words import Fact, binary_facts
from buildDoctor.faces.wording.package_words import NO_CODE
from buildDoctor.faces.wording.plain import counted, visible

_WORDS = {Verdict.NATIVE: "native", Verdict.FAMILY: "family", Verdict.JIT: "PTX", Verdict.NOT_PROMISED: "not promised", Verdict.NONE: "none"}  # fmt: skip
_HOLDER = re.compile(r"^.*?(?:\.whl!|/(?:site|dist)-packages/)(?=.)")
_MOST_NAMES = 12


def file_table(evidence: Evidence) -> tuple[tuple[str, ...], ...]:
    """The heads and a row for each file with device code: its name, its units, and how many of them serve each GPU how.

    Units in which a look has found no kernels do not count. Nothing when it is not known what to diagnose for.
    """
    capabilities = evidence.capabilities or ()
    files = [binary for binary in evidence.binaries or () if binary.units]
    if not capabilities or not files:
        return ()
    rows = [_row(binary, capabilities) for binary in files]
    return (("file", "units", *(f"GPU {capability}" for capability in capabilities)), *rows)


def _row(binary: Binary, capabilities: tuple[str, ...]) -> tuple[str, ...]:
    units = [unit for unit in binary.units or () if unit.kernel_count != 0]
    return (file_name(binary), f"{len(units):,}", *(_cell(units, capability) for capability in capabilities))


def _cell(units: list[Unit], capability: str) -> str:
    found = Counter(best(unit.cubins or (), unit.ptx or (), capability) for unit in units)
    if set(found) <= {Verdict.NONE}:
        return NO_CODE
    return ", ".join(f"{found[verdict]:,} {_WORDS[verdict]}" for verdict in BEST_FIRST if found[verdict])


def file_name(binary: Binary) -> str:
    """A file as it is called within its wheel or its environment."""
    return visible(_HOLDER.sub("", binary.path or ""))


def file_facts(evidence: Evidence) -> Iterator[Fact]:
    """What files hold where the table says nothing: all of them without a GPU, else those without device code."""
    binaries = evidence.binaries or ()
    table = bool(file_table(evidence))
    for binary in () if table else (one for one in binaries if one.images != ()):
        yield file_name(binary), binary_facts(binary)
    empty = [file_name(binary) for binary in binaries if binary.images == ()]
    if empty:
        yield "without device code", _names(empty)


def plan_lines(evidence: Evidence) -> Iterator[Fact]:
    """What a plan builds: asked with which toolkit for what, and which features get something of it."""
    plan = evidence.plan
    if plan is None:
        return
    said = next((origin.source for origin in evidence.origins if origin.path == "plan.request"), "")
    if plan.request is not None:
        asked = visible(" ".join(plan.request)) or "nothing"
        yield "asked for", f"{asked}{f' (from {visible(said)})' if said else ''}"
    if plan.cuda_version:
        yield "planned with CUDA", visible(plan.cuda_version)
    features = plan.features or ()
    if built := [_got(feature) for feature in features if feature.built]:
        yield "built", _names(built)
    if left := [visible(feature.name or "") for feature in features if feature.built is False]:
        yield "not built", _names(left)


def _got(feature: Feature) -> str:
    return visible(f"{feature.name} for {' '.join(feature.gets or ()) or 'nothing'}")


def _names(names: list[str]) -> str:
    more = len(names) - _MOST_NAMES
    return ", ".join(names[:_MOST_NAMES]) + (f", and {counted(more, 'other')}" if more > 0 else "")
