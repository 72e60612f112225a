"""What is left of a kernel at each layer between the GPU and the launch, and the first layer where nothing is left."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from buildDoctor.core.device.architectures import (
    ArchitectureError,
    Verdict,
    cubin_verdict,
    oldest_toolkit,
    parse,
    ptx_verdict,
)
from buildDoctor.core.evidence import Binary, EntryPoint, Evidence, Feature, Plan

_RUNS = frozenset({Verdict.NATIVE, Verdict.FAMILY})


class Layer(StrEnum):
    """The places that an architecture passes through, in their order."""

    GPU = "GPU"
    TOOLKIT = "toolkit"
    TORCH = "torch"
    REQUEST = "request"
    SUPPORTED = "supported"
    FEATURE = "feature list"
    COMPILE = "compile command"
    IMAGE = "image"
    ENTRY = "entry point"


class State(StrEnum):
    """What a layer does to a kernel."""

    KEPT = "kept"
    """Something that serves the GPU is left."""
    LOST = "lost"
    """Nothing that serves the GPU is left."""
    NOT_SEEN = "not seen"
    """It could not be examined."""
    BY_DESIGN = "not meant"
    """The kernel is not written for this GPU."""


class Cell(Struct, frozen=True, kw_only=True):
    """One layer of one row."""

    layer: Layer
    state: State
    value: str
    """What is left, such as `12.0a`; or why nothing can be said."""
    path: str = ""
    """The evidence that it is read from."""


class Row(Struct, frozen=True, kw_only=True):
    """One kernel family on one GPU."""

    capability: str
    feature: str
    """The name of the feature block; empty for the plain sources."""
    cells: tuple[Cell, ...]
    title: str = ""
    """What it is called where that is not the feature: a source, or a kernel."""

    @property
    def first_loss(self) -> Cell | None:
        """The first layer where nothing is left; `None` when it arrives, or is not meant to."""
        if any(cell.state is State.BY_DESIGN for cell in self.cells):
            return None
        return next((cell for cell in self.cells if cell.state is State.LOST), None)


def flow(evidence: Evidence) -> tuple[Row, ...]:
    """A row for the plain sources and for each feature on each capability to diagnose for."""
    features: list[tuple[int, Feature] | None] = [None]
    if evidence.plan is not None:
        features += list(enumerate(evidence.plan.features or ()))
    return tuple(
        row_of_feature(evidence, capability, item) for capability in evidence.capabilities or () for item in features
    )


def row_of_feature(evidence: Evidence, capability: str, item: tuple[int, Feature] | None) -> Row:
    """The row of a feature, given with its number in the plan, or of the plain sources."""
    feature = item[1] if item else None
    cells = (
        *_before_the_scripts(evidence, capability),
        *(_of_feature(evidence.plan, capability, *item) if item else (_plain_sources(evidence.plan, capability),)),
        _image(evidence, capability, feature),
        *([_entry(evidence, capability)] if feature is not None and "fp4" in (feature.name or "").lower() else []),
    )
    return Row(capability=capability, feature=(feature.name or "") if feature else "", cells=cells)


def row_of_sources(
    evidence: Evidence, capability: str, paths: Iterable[str], item: tuple[int, Feature] | None, title: str
) -> Row:
    """The row of some sources.

    Args:
        evidence: all that was seen.
        capability: the GPU.
        paths: the sources.
        item: the feature that they belong to, with its number in the plan; `None` for plain sources.
        title: what the row is called.
    """
    plan = evidence.plan
    own = _of_feature(plan, capability, *item)[:1] if item else ()
    if plan is None or plan.sources is None:
        compiled = Cell(layer=Layer.COMPILE, state=State.NOT_SEEN, value="not seen", path="plan.sources")
    elif own and own[0].state is State.BY_DESIGN:
        compiled = replace(own[0], layer=Layer.COMPILE)
    else:
        compiled = _compiled(plan, paths, capability)
    cells = (*_before_the_scripts(evidence, capability), *own, compiled)
    return Row(capability=capability, feature=(item[1].name or "") if item else "", cells=cells, title=title)


def _before_the_scripts(evidence: Evidence, capability: str) -> tuple[Cell, ...]:
    """The layers that all kernels share."""
    return (
        Cell(layer=Layer.GPU, state=State.KEPT, value=capability, path="capabilities"),
        _toolkit(evidence.plan, capability),
        _torch(evidence, capability),
        *_lists(evidence.plan, capability),
    )


def serving(architectures: Iterable[str], capability: str) -> tuple[str, ...]:
    """The architectures of a list that a GPU can run, as machine code or through PTX."""
    return tuple(architecture for architecture in architectures if _serves(architecture, capability))


def _serves(architecture: str, capability: str) -> bool:
    try:
        target = parse(architecture)
        if not architecture.startswith("compute_") and cubin_verdict(architecture, capability) in _RUNS:
            return True
        return target.ptx and ptx_verdict(architecture, capability) is Verdict.JIT
    except ArchitectureError:
        return False


def _cell(layer: Layer, architectures: tuple[str, ...] | None, capability: str, path: str) -> Cell:
    """A layer that is a list of architectures."""
    if architectures is None:
        return Cell(layer=layer, state=State.NOT_SEEN, value="not seen", path=path)
    left = serving(architectures, capability)
    state = State.KEPT if left else State.LOST
    return Cell(layer=layer, state=state, value=", ".join(left) or "nothing", path=path)


def _toolkit(plan: Plan | None, capability: str) -> Cell:
    version = plan.cuda_version if plan else None
    if version is None:
        return Cell(layer=Layer.TOOLKIT, state=State.NOT_SEEN, value="not seen", path="plan.cuda_version")
    fits = _numbers(version) >= _numbers(oldest_toolkit(capability))
    return Cell(
        layer=Layer.TOOLKIT, state=State.KEPT if fits else State.LOST, value=f"CUDA {version}", path="plan.cuda_version"
    )


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())


def _torch(evidence: Evidence, capability: str) -> Cell:
    listed = evidence.torch.architectures if evidence.torch else None
    return _cell(Layer.TORCH, listed or None, capability, "torch.architectures")


def _lists(plan: Plan | None, capability: str) -> tuple[Cell, Cell]:
    """What is asked for, and what the project's supported list leaves of it."""
    return (
        _cell(Layer.REQUEST, plan.request if plan else None, capability, "plan.request"),
        _cell(Layer.SUPPORTED, plan.architectures if plan else None, capability, "plan.architectures"),
    )


def _plain_sources(plan: Plan | None, capability: str) -> Cell:
    """The sources that belong to no feature."""
    if plan is None or plan.sources is None:
        return Cell(layer=Layer.COMPILE, state=State.NOT_SEEN, value="not seen", path="plan.sources")
    special = {path for feature in plan.features or () for path in feature.sources or ()}
    return _compiled(plan, {s.path for s in plan.sources if s.path not in special}, capability)


def _compiled(plan: Plan, paths: Iterable[str | None], capability: str) -> Cell:
    """How many of some sources are compiled for something that serves the GPU."""
    wanted = set(paths)
    compiled = {s.path for s in plan.sources or () if serving(s.architectures or (), capability)}
    served = len(wanted & compiled)
    state = State.KEPT if served else State.LOST
    return Cell(layer=Layer.COMPILE, state=state, value=f"{served} of {len(wanted)} sources", path="plan.sources")


def _of_feature(plan: Plan | None, capability: str, index: int, feature: Feature) -> tuple[Cell, Cell]:
    """What the feature's own list leaves, and what its sources are compiled for."""
    path = f"plan.features[{index}]"
    meant = any(_same_major(wanted, capability) or _serves(wanted, capability) for wanted in feature.wants or ())
    if not meant:
        wanted = ", ".join(feature.wants or ())
        unmeant = [
            Cell(layer=layer, state=State.BY_DESIGN, value=f"written for {wanted}", path=f"{path}.wants")
            for layer in (Layer.FEATURE, Layer.COMPILE)
        ]
        return unmeant[0], unmeant[1]
    left = feature.gets if feature.built is not False else ()
    own = _cell(Layer.FEATURE, left, capability, f"{path}.gets")
    if plan is None or feature.sources is None:
        return own, Cell(layer=Layer.COMPILE, state=State.NOT_SEEN, value="not seen", path=f"{path}.sources")
    return own, _compiled(plan, [s for s in feature.sources if s.endswith(".cu")], capability)


def _same_major(architecture: str, capability: str) -> bool:
    try:
        return parse(architecture).major == int(capability.split(".", maxsplit=1)[0])
    except (ArchitectureError, ValueError):
        return False


def _image(evidence: Evidence, capability: str, feature: Feature | None) -> Cell:
    """What the shared objects hold: for a feature the architectures that it gets, for the plain sources anything."""
    if evidence.binaries is None:
        return Cell(layer=Layer.IMAGE, state=State.NOT_SEEN, value="not seen", path="binaries")
    if feature is not None and not any(_same_major(w, capability) for w in feature.wants or ()):
        return Cell(layer=Layer.IMAGE, state=State.BY_DESIGN, value="not meant", path="binaries")
    held = tuple(dict.fromkeys(a for b in evidence.binaries for a in _held(b)))
    if feature is None:
        return _cell(Layer.IMAGE, held, capability, "binaries")
    wanted = tuple(a for a in held if a in set(feature.wants or ()))
    return _cell(Layer.IMAGE, wanted, capability, "binaries")


def _held(binary: Binary) -> Iterable[str]:
    for unit in binary.units or ():
        if unit.kernel_count != 0:
            yield from unit.cubins or ()
            yield from (f"{a}+PTX" for a in unit.ptx or ())


def _entry(evidence: Evidence, capability: str) -> Cell:
    """Whether the entry points that launch something have a kernel for the GPU."""
    found = [
        (f"binaries[{at}].host.entry_points[{place}]", point)
        for at, binary in enumerate(evidence.binaries or ())
        for place, point in enumerate((binary.host.entry_points if binary.host else None) or ())
        if point.launches and point.state != "absent"
    ]
    if not found:
        return Cell(layer=Layer.ENTRY, state=State.NOT_SEEN, value="not seen", path="binaries")
    empty = [(path, point) for path, point in found if not _launches_on(point, capability)]
    path, point = (empty or found)[0]
    state = State.LOST if empty else State.KEPT
    value = f"{point.name}: {'no kernel' if empty else ', '.join(serving(point.architectures or (), capability))}"
    return Cell(layer=Layer.ENTRY, state=state, value=value, path=path)


def _launches_on(point: EntryPoint, capability: str) -> bool:
    return point.state == "kernel" and bool(serving(point.architectures or (), capability))
